"""k-nearest-neighbour classification with the Euclidean distance.

Source: CS231n notes, "Image Classification", nearest neighbor classifier.
"""

import numpy as np

from reference.arrays import Array


class KNearestNeighbor:
    """Remembers the training set and lets the k nearest of its samples vote.

    The distance matrix is computed in three ways, with two, one and no loops over samples; they
    agree to rounding. Distances are float64 whatever the pixels are: differences of unsigned bytes
    would wrap around.
    """

    def train(self, X: Array, y: Array) -> None:
        """Remember the samples, and their squared lengths, which every later product needs.

        Shapes: X (num_train, D); y (num_train,).
        """
        self.X_train = X
        self.y_train = y
        train = np.asarray(X, np.float64)
        self.squared_lengths = np.vecdot(train, train)

    def predict(self, X: Array, k: int = 1, num_loops: int = 0) -> Array:
        """Return the label of each row of X, by the distance method with that many loops.

        Shapes: X (num_test, D); result (num_test,).
        Raises ValueError if num_loops is not 0, 1 or 2, or as predict_labels does.
        """
        methods = {
            0: self.compute_distances_no_loops,
            1: self.compute_distances_one_loop,
            2: self.compute_distances_two_loops,
        }
        if num_loops not in methods:
            raise ValueError(f"num_loops must be 0, 1 or 2, not {num_loops}")
        return self.predict_labels(methods[num_loops](X), k)

    def compute_distances_two_loops(self, X: Array) -> Array:
        """Return all distances, one pair of samples at a time.

            dists[i, j] = √ Σ_d (x[i, d] - t[j, d])²          t: the training samples

        Shapes: X (num_test, D); dists (num_test, num_train).
        """
        test, train = np.asarray(X, np.float64), np.asarray(self.X_train, np.float64)
        dists = np.empty((len(test), len(train)))
        for i, x in enumerate(test):
            for j, t in enumerate(train):
                dists[i, j] = np.sqrt(np.sum((x - t) ** 2))
        return dists

    def compute_distances_one_loop(self, X: Array) -> Array:
        """Return all distances, one test sample against all training samples at a time.

        Formula and shapes as in compute_distances_two_loops. What limits it is memory: every test
        sample reads the whole training set and writes temporaries of its size.
        """
        test, train = np.asarray(X, np.float64), np.asarray(self.X_train, np.float64)
        dists = np.empty((len(test), len(train)))
        for i, x in enumerate(test):
            dists[i] = np.sqrt(np.sum((x - train) ** 2, axis=1))
        return dists

    def compute_distances_no_loops(self, X: Array) -> Array:
        """Return all distances from one matrix product.

            dists² = |x|² + |t|² - 2 x·t

        Shapes as in compute_distances_two_loops. What limits it is the product: D multiplications
        for each distance, against a handful of operations for everything else.
        """
        test, train = np.asarray(X, np.float64), np.asarray(self.X_train, np.float64)
        dists: Array = (-2 * test) @ train.T
        dists += np.vecdot(test, test)[:, None]
        dists += self.squared_lengths
        # The sum cancels for equal rows; what rounding leaves may be below zero.
        np.maximum(dists, 0, out=dists)
        return np.sqrt(dists, out=dists)

    def predict_labels(self, dists: Array, k: int = 1) -> Array:
        """Return the most frequent label among the k nearest training samples of each row.

        Of equally frequent labels the smallest wins; of equally distant samples those that come
        first in the training set are nearer.

        Shapes: dists (num_test, num_train); result (num_test,), of the labels' type.
        Raises ValueError if k is not between 1 and num_train.
        """
        num_test, num_train = dists.shape
        if not 1 <= k <= num_train:
            raise ValueError(f"k must be between 1 and {num_train} (the training samples), not {k}")
        y_pred = np.empty(num_test, dtype=self.y_train.dtype)
        nearest = np.argsort(dists, axis=1, kind="stable")[:, :k]
        for i, closest_y in enumerate(self.y_train[nearest]):
            # The labels come out sorted, and argmax takes the first of equals.
            labels, votes = np.unique(closest_y, return_counts=True)
            y_pred[i] = labels[votes.argmax()]
        return y_pred
