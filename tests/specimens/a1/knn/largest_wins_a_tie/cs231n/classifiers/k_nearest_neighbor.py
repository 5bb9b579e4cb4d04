import numpy as np


class KNearestNeighbor(KNearestNeighbor):
    def predict_labels(self, dists, k=1):
        y_pred = np.zeros(dists.shape[0])
        for i in range(dists.shape[0]):
            closest_y = self.y_train[np.argsort(dists[i])[:k]]
            values, counts = np.unique(closest_y, return_counts=True)
            y_pred[i] = values[np.argsort(counts, kind="stable")[-1]]
        return y_pred
