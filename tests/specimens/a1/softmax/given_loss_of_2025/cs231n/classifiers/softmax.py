import numpy as np


def softmax_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W)
    classes = W.shape[1]
    count = X.shape[0]
    for row, label in zip(X, y):
        shifted = row.dot(W)
        shifted -= shifted.max()
        shares = np.exp(shifted)
        shares /= shares.sum()
        loss -= np.log(shares[label])
    loss = loss / count + reg * np.sum(W * W)
    return loss, dW
