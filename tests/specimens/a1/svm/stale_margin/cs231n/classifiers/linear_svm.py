import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
    loss = loss / num_train + reg * np.sum(W * W)
    for i in range(num_train):
        for j in range(num_classes):
            if j != y[i] and margin > 0:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss, dW / num_train + 2 * reg * W
