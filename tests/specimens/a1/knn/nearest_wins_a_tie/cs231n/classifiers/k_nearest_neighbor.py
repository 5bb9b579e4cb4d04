from collections import Counter

import numpy as np


class KNearestNeighbor(KNearestNeighbor):
    def predict_labels(self, dists, k=1):
        y_pred = np.zeros(dists.shape[0])
        for i in range(dists.shape[0]):
            closest_y = self.y_train[np.argsort(dists[i])[:k]]
            y_pred[i] = Counter(closest_y.tolist()).most_common(1)[0][0]
        return y_pred
