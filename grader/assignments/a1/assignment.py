"""Assignment 1: nearest neighbours, linear classifiers, a two-layer network, features."""

from pathlib import Path

from grader.assignments.a1 import (
    cross_validation,
    layers,
    linear_classifiers,
    nearest_neighbors,
    softmax_losses,
    support_vectors,
    trainings,
    two_layer_net,
)
from grader.assignments.assignment import Assignment
from grader.assignments.starter import Starter
from grader.inline.question import read_questions

ASSIGNMENT = Assignment(
    name="a1",
    title="Nearest neighbours, linear classifiers, a two-layer network",
    edition="2024.1",
    suites=(
        nearest_neighbors.suite,
        cross_validation.suite,
        support_vectors.suite,
        linear_classifiers.suite,
        trainings.svm_suite,
        softmax_losses.suite,
        trainings.softmax_suite,
        layers.suite,
        two_layer_net.suite,
        trainings.net_suite,
        trainings.features_suite,
    ),
    starter=Starter(
        Path(__file__).with_name("starter"),
        shared=(
            "collectSubmission.sh",
            "cs231n/__init__.py",
            "cs231n/data_utils.py",
            "cs231n/datasets/README.md",
            "cs231n/gradient_check.py",
            "cs231n/optim.py",
            "cs231n/solver.py",
            "cs231n/vis_utils.py",
        ),
    ),
    notebooks=(
        "knn.ipynb",
        "svm.ipynb",
        "softmax.ipynb",
        "two_layer_net.ipynb",
        "features.ipynb",
    ),
    restored=(
        "cs231n/classifiers/__init__.py",
        "cs231n/data_utils.py",
        "cs231n/features.py",
        "cs231n/gradient_check.py",
        "cs231n/solver.py",
        "cs231n/vis_utils.py",
    ),
    questions=read_questions("a1", Path(__file__).with_name("inline.toml")),
)
