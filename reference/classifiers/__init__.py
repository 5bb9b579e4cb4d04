"""The networks of assignment 2, built from reference.layers."""

from reference.classifiers.convnet import ThreeLayerConvNet
from reference.classifiers.fully_connected import FullyConnectedNet

__all__ = ["FullyConnectedNet", "ThreeLayerConvNet"]
