num_folds = 5
k_choices = [1, 3, 5, 8, 10, 12, 15, 20, 50, 100]

X_train_folds = np.array_split(X_train, num_folds)
y_train_folds = np.array_split(y_train, num_folds)

# Maps each k to the num_folds accuracies that it reached.
k_to_accuracies = {k: [] for k in k_choices}
for fold in range(num_folds):
    others = [n for n in range(num_folds) if n != fold]
    classifier.train(
        np.concatenate([X_train_folds[n] for n in others]),
        np.concatenate([y_train_folds[n] for n in others]),
    )
    dists = classifier.compute_distances_no_loops(X_train_folds[fold])
    for k in k_choices:
        predicted = classifier.predict_labels(dists, k)
        k_to_accuracies[k].append(float(np.mean(predicted == y_train_folds[fold])))

for k in sorted(k_to_accuracies):
    for accuracy in k_to_accuracies[k]:
        print(f"k = {k}, accuracy = {accuracy:f}")
