import inspect
import random
import time

import numpy as np
import matplotlib.pyplot as plt

from cs231n.classifiers import fc_net as grader_nets
from cs231n.data_utils import get_CIFAR10_data
from cs231n.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array
from cs231n.layers import *
from cs231n.optim import adam, rmsprop, sgd, sgd_momentum
from cs231n.solver import Solver as grader_Solver

grader_mean = images.astype(np.float64).mean(axis=(0, 1))
grader_X = (images - grader_mean).transpose(0, 1, 4, 2, 3)
grader_mean = grader_mean.transpose(2, 0, 1)
data = {
    "X_train": grader_X[0],
    "y_train": labels[0],
    "X_val": grader_X[1],
    "y_val": labels[1],
    "X_test": grader_X[2],
    "y_test": labels[2],
}
grader_tried = []


def rel_error(x, y):
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


class FullyConnectedNet(grader_nets.FullyConnectedNet):
    """Remembers the scale of its weights."""

    def __init__(self, *args, **kwargs):
        bound = inspect.signature(grader_nets.FullyConnectedNet.__init__).bind(
            None, *args, **kwargs
        )
        self.grader_scale = bound.arguments.get("weight_scale", 1e-2)
        super().__init__(*args, **kwargs)


class Solver(grader_Solver):
    """Remembers what was tried, and how far it came."""

    def train(self):
        super().train()
        scale = getattr(self.model, "grader_scale", np.nan)
        rate = self.optim_config.get("learning_rate", np.nan)
        grader_tried.append((max(self.train_acc_history), float(scale), float(rate)))


def grader_best():
    """(weight scale, learning rate) of what came farthest; zeros where nothing was tried."""
    return np.array(max(grader_tried, default=(0.0, 0.0, 0.0))[1:])


def grader_overfit(hidden_dims):
    """Scores on all training images after the best epoch, (sets, N, C), until one set is known by heart."""
    scale, rate = grader_best()
    found = []
    for X, y in zip(grader_X, labels):
        net = grader_nets.FullyConnectedNet(list(hidden_dims), weight_scale=scale, dtype=np.float64)
        best, right = None, -1
        for step in range(41):
            if step % 2 == 0:
                scores = net.loss(X)
                now = np.sum(np.argmax(scores, axis=1) == y)
                best, right = (scores, now) if now > right else (best, right)
                if right == len(y) and np.isfinite(best).all():
                    break
            batch = np.random.choice(len(X), 25)
            loss, grads = net.loss(X[batch], y[batch])
            for name in net.params:
                net.params[name] = net.params[name] - rate * grads[name]
        found.append(best)
        if right == len(y):
            break
    return np.array(found)
