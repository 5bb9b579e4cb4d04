"""Classification by the nearest training images."""

import numpy as np


class KNearestNeighbor(object):
    """A classifier that remembers its training set and compares with it, by Euclidean distance."""

    def __init__(self):
        pass

    def train(self, X, y):
        """Remember the training set; there is nothing to compute.

        X: (num_train, D), one flattened image per row. y: (num_train,), labels.
        """
        self.X_train = X
        self.y_train = y

    def predict(self, X, k=1, num_loops=0):
        """The labels of the rows of X (num_test, D), by a vote of the k nearest training images.

        num_loops: which of the three distance functions to use: the one with 0, 1 or 2 loops.
        Returns an array of shape (num_test,).
        """
        if num_loops == 0:
            dists = self.compute_distances_no_loops(X)
        elif num_loops == 1:
            dists = self.compute_distances_one_loop(X)
        elif num_loops == 2:
            dists = self.compute_distances_two_loops(X)
        else:
            raise ValueError(f"num_loops is 0, 1 or 2, not {num_loops}")

        return self.predict_labels(dists, k=k)

    def compute_distances_two_loops(self, X):
        """The distance of every row of X to every training image, one pair at a time.

        X: (num_test, D). Returns dists (num_test, num_train): dists[i, j] is the Euclidean
        distance between X[i] and self.X_train[j].
        """
        num_test = X.shape[0]
        num_train = self.X_train.shape[0]
        dists = np.zeros((num_test, num_train))
        for i in range(num_test):
            for j in range(num_train):
                ###############################################################
                # TODO: put the distance between test image i and training
                # image j in dists[i, j]. No further loop over the pixels, and
                # no np.linalg.norm().
                ###############################################################
                # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

                pass

                # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
        return dists

    def compute_distances_one_loop(self, X):
        """The same distances, one test image against all training images at a time.

        Shapes as in compute_distances_two_loops.
        """
        num_test = X.shape[0]
        num_train = self.X_train.shape[0]
        dists = np.zeros((num_test, num_train))
        for i in range(num_test):
            ###################################################################
            # TODO: put the distances between test image i and all training
            # images in dists[i, :]. No np.linalg.norm().
            ###################################################################
            # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

            pass

            # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
        return dists

    def compute_distances_no_loops(self, X):
        """The same distances without any explicit loop.

        Shapes as in compute_distances_two_loops.
        """
        num_test = X.shape[0]
        num_train = self.X_train.shape[0]
        dists = np.zeros((num_test, num_train))
        #######################################################################
        # TODO: compute all distances at once and put them in dists. Use basic
        # array operations alone: nothing from SciPy, no np.linalg.norm().
        #
        # Hint: write the square of a difference out; what remains is a matrix
        # product and two sums that are broadcast.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
        return dists

    def predict_labels(self, dists, k=1):
        """The label of each test image, by a vote of its k nearest training images.

        dists: (num_test, num_train), distances. Returns y_pred (num_test,).
        """
        num_test = dists.shape[0]
        y_pred = np.zeros(num_test)
        for i in range(num_test):
            closest_y = []
            ###################################################################
            # TODO: put the labels of the k training images that are nearest to
            # test image i in closest_y. np.argsort is useful here.
            ###################################################################
            # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

            pass

            # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
            ###################################################################
            # TODO: put the label that is most frequent in closest_y in
            # y_pred[i]. Of labels that are equally frequent take the smallest.
            ###################################################################
            # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

            pass

            # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        return y_pred
