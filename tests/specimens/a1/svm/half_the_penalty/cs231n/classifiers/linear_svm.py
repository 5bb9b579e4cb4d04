import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / num_train + 0.5 * reg * np.sum(W * W), dW / num_train + reg * W


def svm_loss_vectorized(W, X, y, reg):
    n = np.arange(len(y))
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[n, y].reshape(-1, 1) + 1)
    margins[n, y] = 0
    loss = margins.sum() / len(y) + 0.5 * reg * np.sum(W ** 2)
    mask = (margins > 0).astype(float)
    mask[n, y] = -mask.sum(axis=1)
    return loss, X.T.dot(mask) / len(y) + reg * W
