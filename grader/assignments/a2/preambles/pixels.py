import random
import time

import numpy as np
import matplotlib.pyplot as plt

from cs231n.classifiers.fc_net import *
from cs231n.data_utils import get_CIFAR10_data
from cs231n.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array
from cs231n.layers import *
from cs231n.optim import adam, rmsprop, sgd, sgd_momentum
from cs231n.solver import Solver
from cs231n.classifiers.fc_net import FullyConnectedNet


def grader_channels(images):
    """(N, 3, 32, 32) without the mean image."""
    planes = np.ascontiguousarray(images.transpose(0, 3, 1, 2), dtype=np.float32)
    planes -= grader_mean
    return planes


def grader_scores(model, images):
    """Scores of a network, a few hundred images at a time."""
    X = grader_channels(images)
    return np.concatenate(
        [np.asarray(model.loss(X[at : at + 500])) for at in range(0, len(X), 500)]
    )


def rel_error(x, y):
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


grader_mean = train_images.mean(axis=0, dtype=np.float64).transpose(2, 0, 1).astype(np.float32)
data = {
    "X_train": grader_channels(train_images),
    "y_train": train_labels,
    "X_val": grader_channels(val_images),
    "y_val": val_labels,
    "X_test": grader_channels(test_images),
    "y_test": test_labels,
}
