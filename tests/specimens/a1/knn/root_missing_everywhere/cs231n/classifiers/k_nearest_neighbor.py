import numpy as np


class KNearestNeighbor(KNearestNeighbor):
    def compute_distances_two_loops(self, X):
        dists = np.zeros((X.shape[0], self.X_train.shape[0]))
        for i in range(X.shape[0]):
            for j in range(self.X_train.shape[0]):
                dists[i, j] = np.sum((X[i] - self.X_train[j]) ** 2)
        return dists

    def compute_distances_one_loop(self, X):
        dists = np.zeros((X.shape[0], self.X_train.shape[0]))
        for i in range(X.shape[0]):
            dists[i, :] = np.sum(np.square(self.X_train - X[i]), axis=1)
        return dists

    def compute_distances_no_loops(self, X):
        a = np.sum(X ** 2, axis=1).reshape(-1, 1)
        b = np.sum(self.X_train ** 2, axis=1)
        return a + b - 2 * X.dot(self.X_train.T)
