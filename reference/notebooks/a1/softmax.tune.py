results = {}  # (learning rate, regularization strength) -> (training, validation accuracy)
best_val = -1
best_softmax = None

for lr, reg in [(5e-7, 2e3), (5e-7, 1e4)]:
    softmax = Softmax()
    softmax.train(X_train, y_train, learning_rate=lr, reg=reg, num_iters=4000)
    train_accuracy = np.mean(softmax.predict(X_train) == y_train)
    val_accuracy = np.mean(softmax.predict(X_val) == y_val)
    results[lr, reg] = train_accuracy, val_accuracy
    if val_accuracy > best_val:
        best_val, best_softmax = val_accuracy, softmax

print(f"best validation accuracy achieved: {best_val:f}")
