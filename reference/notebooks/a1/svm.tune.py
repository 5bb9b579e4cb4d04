results = {}  # (learning rate, regularization strength) -> (training, validation accuracy)
best_val = -1  # the highest validation accuracy so far
best_svm = None  # the LinearSVM that reached it

for lr, reg in [(1e-7, 2e3), (1e-7, 2.5e4)]:
    svm = LinearSVM()
    svm.train(X_train, y_train, learning_rate=lr, reg=reg, num_iters=6000, batch_size=400)
    train_accuracy = np.mean(svm.predict(X_train) == y_train)
    val_accuracy = np.mean(svm.predict(X_val) == y_val)
    results[lr, reg] = train_accuracy, val_accuracy
    if val_accuracy > best_val:
        best_val, best_svm = val_accuracy, svm

print(f"best validation accuracy achieved: {best_val:f}")
