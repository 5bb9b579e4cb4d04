import numpy as np


class KNearestNeighbor(KNearestNeighbor):
    def compute_distances_no_loops(self, X):
        diff = X[:, np.newaxis, :] - self.X_train[np.newaxis, :, :]
        return np.sqrt((diff ** 2).sum(axis=2))
