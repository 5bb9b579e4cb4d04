"""Assignment 3: captioning, generative adversarial networks, self-supervised learning, LSTMs."""

from pathlib import Path

from grader.assignments.a3 import (
    attention,
    captioning,
    captioning_training,
    captioning_transformer,
    gan_losses,
    gan_networks,
    lstm_captioning,
    lstm_sequence,
    lstm_step,
    positional_encoding,
    recurrent_sequence,
    recurrent_step,
    simclr_loss,
    simclr_outcome,
    simclr_training,
    simclr_views,
    transformer_training,
    word_embedding,
)
from grader.assignments.assignment import Assignment
from grader.assignments.starter import Starter
from grader.inline.question import read_questions

ASSIGNMENT = Assignment(
    name="a3",
    title="Image captioning, generative adversarial networks, self-supervised learning",
    edition="2024.1",
    suites=(
        recurrent_step.suite,
        recurrent_sequence.suite,
        word_embedding.suite,
        captioning.suite,
        captioning_training.suite,
        positional_encoding.suite,
        attention.suite,
        captioning_transformer.suite,
        transformer_training.suite,
        gan_networks.suite,
        gan_losses.suite,
        simclr_views.suite,
        simclr_loss.suite,
        simclr_training.suite,
        simclr_outcome.suite,
        lstm_step.suite,
        lstm_sequence.suite,
        lstm_captioning.suite,
    ),
    starter=Starter(
        Path(__file__).with_name("starter"),
        shared=(
            "collectSubmission.sh",
            "cs231n/__init__.py",
            "cs231n/data_utils.py",
            "cs231n/gradient_check.py",
            "cs231n/image_utils.py",
        ),
    ),
    notebooks=(
        "RNN_Captioning.ipynb",
        "Transformer_Captioning.ipynb",
        "Generative_Adversarial_Networks.ipynb",
        "Self_Supervised_Learning.ipynb",
        "LSTM_Captioning.ipynb",
    ),
    restored=(
        "cs231n/captioning_solver.py",
        "cs231n/captioning_solver_transformer.py",
        "cs231n/classifiers/__init__.py",
        "cs231n/coco_utils.py",
        "cs231n/data_utils.py",
        "cs231n/gradient_check.py",
        "cs231n/image_utils.py",
        "cs231n/optim.py",
        "cs231n/simclr/model.py",
    ),
    bodiless=("cs231n/simclr/data_utils.py",),
    given=("cs231n/gan_pytorch.py:bce_loss",),
    questions=read_questions("a3", Path(__file__).with_name("inline.toml")),
)
