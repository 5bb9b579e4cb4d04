"""Assignment 2: fully connected nets, normalisation, dropout, convolution."""

from pathlib import Path

from grader.assignments.a2 import (
    batch_normalization,
    convolution,
    dropout,
    dropout_nets,
    fully_connected_nets,
    group_normalization,
    layer_normalization,
    normalised_nets,
    pooling,
    spatial_normalization,
    three_layer_net,
    trainings,
)
from grader.assignments.assignment import Assignment
from grader.assignments.starter import Starter
from grader.inline.question import read_questions

ASSIGNMENT = Assignment(
    name="a2",
    title="Fully connected nets, normalisation, dropout, convolution",
    edition="2024.1",
    suites=(
        fully_connected_nets.suite,
        batch_normalization.suite,
        layer_normalization.suite,
        normalised_nets.suite,
        dropout.suite,
        dropout_nets.suite,
        convolution.suite,
        pooling.suite,
        three_layer_net.suite,
        spatial_normalization.suite,
        group_normalization.suite,
        trainings.suite,
    ),
    starter=Starter(
        Path(__file__).with_name("starter"),
        shared=(
            "collectSubmission.sh",
            "cs231n/__init__.py",
            "cs231n/data_utils.py",
            "cs231n/datasets/README.md",
            "cs231n/gradient_check.py",
            "cs231n/image_utils.py",
            "cs231n/optim.py",
            "cs231n/solver.py",
            "cs231n/vis_utils.py",
        ),
    ),
    notebooks=(
        "FullyConnectedNets.ipynb",
        "BatchNormalization.ipynb",
        "Dropout.ipynb",
        "ConvolutionalNetworks.ipynb",
        "PyTorch.ipynb",
    ),
    restored=(
        "cs231n/data_utils.py",
        "cs231n/fast_layers.py",
        "cs231n/gradient_check.py",
        "cs231n/image_utils.py",
        "cs231n/solver.py",
        "cs231n/vis_utils.py",
    ),
    # Their ThreeLayerConvNet is not the one of cs231n/classifiers/cnn.py.
    apart=("PyTorch.ipynb", "TensorFlow.ipynb"),
    questions=read_questions("a2", Path(__file__).with_name("inline.toml")),
)
