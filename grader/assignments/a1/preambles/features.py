import random
import time

import numpy as np
import matplotlib.pyplot as plt

from cs231n.data_utils import load_CIFAR10

y_train, y_val, y_test = train_labels, val_labels, test_labels
num_color_bins = 10
X_train_feats = train_features
X_val_feats = val_features
X_test_feats = test_features
classes = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
