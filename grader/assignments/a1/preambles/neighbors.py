import random
import time

import numpy as np
import matplotlib.pyplot as plt

from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor
from cs231n.data_utils import load_CIFAR10

num_training, num_test = len(X_train), len(X_test)
assert (len(y_train), len(y_test)) == (num_training, num_test)
classifier = KNearestNeighbor()
classifier.train(X_train, y_train)
