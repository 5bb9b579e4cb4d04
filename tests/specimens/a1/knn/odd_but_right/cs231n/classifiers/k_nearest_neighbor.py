from past.builtins import xrange
from scipy import stats

import numpy as np


class KNearestNeighbor(KNearestNeighbor):
    def compute_distances_two_loops(self, X):
        num_test, num_train = X.shape[0], self.X_train.shape[0]
        dists = np.zeros((num_test, num_train))
        for i in xrange(num_test):
            for j in xrange(num_train):
                difference = X[i, :] - self.X_train[j, :]
                dists[i, j] = np.sqrt(difference @ difference)
        print("done", dists.shape)
        return dists

    def compute_distances_one_loop(self, X):
        return np.array([np.sqrt(np.einsum("jd,jd->j", d, d)) for d in (x - self.X_train for x in X)])

    def compute_distances_no_loops(self, X):
        squares = np.add.outer((X * X).sum(1), (self.X_train * self.X_train).sum(1))
        return np.maximum(squares - 2 * np.matmul(X, self.X_train.T), 0) ** 0.5

    def predict_labels(self, dists, k=1):
        nearest = np.argpartition(dists, k - 1, axis=1)[:, :k]
        return [int(stats.mode(self.y_train[row])[0]) for row in nearest]
