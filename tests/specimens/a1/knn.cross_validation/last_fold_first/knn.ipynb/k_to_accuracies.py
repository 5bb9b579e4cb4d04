num_folds = 5
k_choices = [1, 3, 5, 8, 10, 12, 15, 20, 50, 100]
X_train_folds = np.array_split(X_train, num_folds)
y_train_folds = np.array_split(y_train, num_folds)

k_to_accuracies = {}
for k in k_choices:
    k_to_accuracies[k] = []
    for i in range(num_folds):
        model = KNearestNeighbor()
        model.train(np.vstack(X_train_folds[:-1]), np.hstack(y_train_folds[:-1]))
        predicted = model.predict_labels(model.compute_distances_no_loops(X_train_folds[-1]), k)
        k_to_accuracies[k].append(np.sum(predicted == y_train_folds[-1]) / len(predicted))
        # The next one is last now.
        X_train_folds = X_train_folds[-1:] + X_train_folds[:-1]
        y_train_folds = y_train_folds[-1:] + y_train_folds[:-1]
