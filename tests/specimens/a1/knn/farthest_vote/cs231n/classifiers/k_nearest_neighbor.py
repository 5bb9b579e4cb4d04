import numpy as np


class KNearestNeighbor(KNearestNeighbor):
    def predict_labels(self, dists, k=1):
        y_pred = np.zeros(dists.shape[0])
        for i in range(dists.shape[0]):
            closest_y = self.y_train[np.argsort(dists[i])[-k:]]
            y_pred[i] = np.bincount(closest_y).argmax()
        return y_pred
