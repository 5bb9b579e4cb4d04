results = {}
best_val = -1
best_svm = None

for lr, reg in [(1e-3, 1e-2), (1e-3, 1e-1)]:
    svm = LinearSVM()
    svm.train(X_train_feats, y_train, learning_rate=lr, reg=reg, num_iters=6000)
    train_accuracy = np.mean(svm.predict(X_train_feats) == y_train)
    val_accuracy = np.mean(svm.predict(X_val_feats) == y_val)
    results[lr, reg] = train_accuracy, val_accuracy
    if val_accuracy > best_val:
        best_val, best_svm = val_accuracy, svm

print(f"best validation accuracy achieved: {best_val:f}")
