best_k = 10

classifier = KNearestNeighbor()
classifier.train(X_train, y_train)
y_test_pred = classifier.predict(X_test, k=best_k)

num_correct = np.sum(y_test_pred == y_test)
print(f"Got {num_correct} / {num_test} correct => accuracy: {num_correct / num_test}")
