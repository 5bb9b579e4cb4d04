num_folds = 5
k_choices = [1, 3, 5, 8, 10, 12, 15, 20, 50, 100]
X_train_folds = np.array_split(X_train, num_folds)
y_train_folds = np.array_split(y_train, num_folds)

k_to_accuracies = {k: [] for k in k_choices}
for i in range(num_folds):
    X_others = X_train_folds.copy()
    y_others = y_train_folds.copy()
    X_i, y_i = X_others.pop(i), y_others.pop(i)
    model = KNearestNeighbor()
    model.train(np.asarray(X_others).reshape(4000, 3072), np.asarray(y_others).reshape(4000))
    nearest = model.y_train[np.argsort(model.compute_distances_no_loops(X_i), axis=1)]
    for k in k_choices:
        votes = (nearest[:, :k, None] == np.arange(10)).sum(axis=1)
        k_to_accuracies[k].append(np.sum(votes.argmax(axis=1) == y_i) / 1000)
