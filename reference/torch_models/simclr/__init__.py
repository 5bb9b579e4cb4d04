"""Self-supervised learning: views, pairs, the contrastive loss and the model, in course names."""

from reference.torch_models.simclr.augmentation import (
    compute_test_transform,
    compute_train_transform,
)
from reference.torch_models.simclr.contrastive import (
    compute_sim_matrix,
    sim,
    sim_positive_pairs,
    simclr_loss_naive,
    simclr_loss_vectorized,
)
from reference.torch_models.simclr.model import Model
from reference.torch_models.simclr.pairs import CIFAR10Pair, PairBatches
from reference.torch_models.simclr.training import train

__all__ = [
    "CIFAR10Pair",
    "Model",
    "PairBatches",
    "compute_sim_matrix",
    "compute_test_transform",
    "compute_train_transform",
    "sim",
    "sim_positive_pairs",
    "simclr_loss_naive",
    "simclr_loss_vectorized",
    "train",
]
