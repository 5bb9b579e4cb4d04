from collections import Counter


class KNearestNeighbor(KNearestNeighbor):
    def predict_labels(self, dists, k=1):
        return np.array([Counter(self.y_train[np.argsort(row)[:k]]).most_common(1)[0][0] for row in dists])
