from cs231n.classifiers.linear_classifier import LinearSVM, Softmax


def grader_with_bias(features):
    return np.hstack([features, np.ones((len(features), 1), features.dtype)])


X_train_feats, X_val_feats, X_test_feats = map(
    grader_with_bias, (X_train_feats, X_val_feats, X_test_feats)
)


def grader_labels(model, features):
    return np.asarray(model.predict(grader_with_bias(features)))
