"""The classifiers and networks of the assignments, built from reference.layers."""

from reference.classifiers.captioning import CaptioningRNN
from reference.classifiers.convnet import ThreeLayerConvNet
from reference.classifiers.fully_connected import FullyConnectedNet
from reference.classifiers.linear import (
    LinearClassifier,
    LinearSVM,
    Softmax,
    softmax_loss_naive,
    softmax_loss_vectorized,
    svm_loss_naive,
    svm_loss_vectorized,
)
from reference.classifiers.nearest_neighbor import KNearestNeighbor
from reference.classifiers.two_layer import TwoLayerNet

__all__ = [
    "CaptioningRNN",
    "FullyConnectedNet",
    "KNearestNeighbor",
    "LinearClassifier",
    "LinearSVM",
    "Softmax",
    "ThreeLayerConvNet",
    "TwoLayerNet",
    "softmax_loss_naive",
    "softmax_loss_vectorized",
    "svm_loss_naive",
    "svm_loss_vectorized",
]
