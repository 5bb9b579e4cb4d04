"""The contrastive loss of SimCLR: one pair at a time, and from one matrix product."""

import numpy as np
from torch import Tensor

from grader.proof.verify.agreement.comparison import Case, Comparison, autograd, sizes
from reference.torch_models.simclr.contrastive import simclr_loss_naive, simclr_loss_vectorized


def _case(rng: np.random.Generator) -> Case:
    N, D = sizes(rng, 2, low=2, high=5)
    views = {name: rng.standard_normal((N, D)) for name in ("left", "right")}
    return Case(views, (float(rng.choice([0.5, 2.0])),))


def _vectorised(left: Tensor, right: Tensor, tau: float) -> Tensor:
    return simclr_loss_vectorized(left, right, tau, left.device)


COMPARISONS = (
    Comparison(
        "contrastive loss",
        ("a3",),
        _case,
        {
            "naive": autograd(simclr_loss_naive),
            "vectorised": autograd(_vectorised),
        },
    ),
)
