import os
import subprocess
from pdb import set_trace
import matplotlib.pyplot as plt
import torchvision.transforms as T
from torchvision.datasets import CIFAR10
from IPython.display import display
from PIL import Image
from sklearn.preprocessing import StandardScaler
from numpy.lib.function_base import average
import pyximport
import numpy as np

plt.rcParams["figure.figsize"] = (10.0, 8.0)
pyximport.install()


def relu_forward(x):
    return np.maximum(x, 0), x
