import numpy as np


class LinearClassifier(LinearClassifier):
    def predict(self, X):
        return np.argmax(X.dot(self.W), axis=0)


class Softmax(LinearClassifier):
    def loss(self, X_batch, y_batch, reg):
        return softmax_loss_vectorized(self.W, X_batch, y_batch, reg)
