num_folds = 5
k_choices = [1, 3, 5, 8, 10, 12, 15, 20, 50, 100]
X_train_folds = np.array_split(X_train, num_folds)
y_train_folds = np.array_split(y_train, num_folds)

k_to_accuracies = {k: [] for k in k_choices}
for k in k_choices:
    for i in range(num_folds):
        classifier.train(
            np.vstack(X_train_folds[:i] + X_train_folds[i + 1 :]),
            np.hstack(y_train_folds[:i] + y_train_folds[i + 1 :]),
        )
        dists = classifier.compute_distances_no_loops(X_train_folds[i])
        right = np.sum(classifier.predict_labels(dists, k) == y_train_folds[i])
        k_to_accuracies[k].append(float(right) / num_test)
