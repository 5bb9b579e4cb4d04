import random
import time

import numpy as np
import matplotlib.pyplot as plt

from cs231n.data_utils import load_CIFAR10
from cs231n.gradient_check import grad_check_sparse


def grader_rows(images):
    """Rows of pixels without the mean image, and a last column of ones; in place where it is large."""
    rows = np.ones((len(images), 3073), np.float32)
    rows[:, :-1] = images.reshape(len(images), -1)
    rows[:, :-1] -= grader_mean
    return rows


def grader_labels(model, images):
    """The labels that a linear classifier predicts."""
    return np.asarray(model.predict(grader_rows(images)))


grader_mean = train_images.reshape(len(train_images), -1).mean(axis=0, dtype=np.float64)
grader_mean = grader_mean.astype(np.float32)
X_train, X_val, X_test = map(grader_rows, (train_images, val_images, test_images))
y_train, y_val, y_test = train_labels, val_labels, test_labels
X_dev, y_dev = X_train[dev_rows], y_train[dev_rows]
num_training, num_validation, num_test, num_dev = map(len, (y_train, y_val, y_test, y_dev))
classes = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
