"""The contrastive loss: two views of one image belong together, all others apart.

Source: "A Simple Framework for Contrastive Learning of Visual Representations",
arXiv:2002.05709, equation 1 and algorithm 1.
"""

import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor


def sim(z_i: Tensor, z_j: Tensor) -> Tensor:
    """Return the cosine of the angle between two vectors: z_i · z_j / (|z_i| |z_j|).

    Shapes: (D,) or (1, D) each; the result is a scalar.
    """
    a, b = z_i.reshape(-1), z_j.reshape(-1)
    cosine: Tensor = a @ b / (a.norm() * b.norm())
    return cosine


def simclr_loss_naive(out_left: Tensor, out_right: Tensor, tau: float) -> Tensor:
    """Return the loss of N pairs, one pair of vectors at a time.

        l(i, j) = -log( exp(sim(i, j) / tau) / Σ_{m ≠ i} exp(sim(i, m) / tau) )
        loss    = 1/(2N) Σ_k l(k, k + N) + l(k + N, k)

    i and j count through the left vectors, then the right ones. l is the cross-entropy of picking
    out i's partner among all others; tau says how sharply.

    Shapes: out_left, out_right (N, D), row k of both from the same image; the result is a scalar.
    """
    out = torch.cat((out_left, out_right))
    N = len(out_left)

    def pair_loss(i: int, j: int) -> Tensor:
        others = torch.stack([sim(out[i], out[m]) for m in range(2 * N) if m != i])
        # -log(exp(a) / Σ exp(b)) = log Σ exp(b) - a, and no exp overflows for a small tau.
        return torch.logsumexp(others / tau, dim=0) - sim(out[i], out[j]) / tau

    losses = [pair_loss(k, k + N) + pair_loss(k + N, k) for k in range(N)]
    return torch.stack(losses).sum() / (2 * N)


def sim_positive_pairs(out_left: Tensor, out_right: Tensor) -> Tensor:
    """Return the cosine of each pair of rows. Shapes: (N, D) each; the result (N, 1)."""
    return F.cosine_similarity(out_left, out_right, dim=1)[:, None]


def compute_sim_matrix(out: Tensor) -> Tensor:
    """Return the cosines between all rows. Shapes: out (2N, D); the result (2N, 2N)."""
    unit = out / out.norm(dim=1, keepdim=True)
    cosines: Tensor = unit @ unit.T
    return cosines


def simclr_loss_vectorized(
    out_left: Tensor, out_right: Tensor, tau: float, device: torch.device | str = "cuda"
) -> Tensor:
    """Return the same loss from one matrix product.

        S = cosines / tau, its diagonal -∞
        loss = mean_i( log Σ_m exp(S_im) - S_i,partner(i) )

    Shapes: out_left, out_right (N, D), row k of both from the same image; the result is a scalar
    on the device named.
    """
    left, right = out_left.to(device), out_right.to(device)
    scores = compute_sim_matrix(torch.cat((left, right))) / tau
    scores = scores.masked_fill(torch.eye(len(scores), dtype=torch.bool, device=device), -torch.inf)
    positives = sim_positive_pairs(left, right) / tau
    partners = torch.cat((positives, positives))[:, 0]
    return (torch.logsumexp(scores, dim=1) - partners).mean()
