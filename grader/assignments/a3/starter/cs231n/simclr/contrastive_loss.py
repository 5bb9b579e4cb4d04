"""The contrastive loss: two views of one image belong together, all others apart.

N is the number of images in a minibatch, D the size of a view's vector. Row k of out_left and row
k of out_right are the vectors of two views of one image: a positive pair.
"""

import numpy as np
import torch


def sim(z_i, z_j):
    """The dot product of two vectors over the product of their lengths.

    z_i, z_j: vectors of D entries. Returns a scalar.
    """
    norm_dot_product = None
    ##############################################################################
    # TODO: work it out. torch.linalg.norm gives the length of a vector.
    ##############################################################################

    ##############################################################################
    #                               END OF YOUR CODE                             #
    ##############################################################################

    return norm_dot_product


def simclr_loss_naive(out_left, out_right, tau):
    """The loss of a minibatch, one pair at a time.

    out_left, out_right: (N, D); tau: the temperature. Returns a scalar.
    """
    N = out_left.shape[0]

    # All 2N vectors, left ones first: k and k + N are a positive pair.
    out = torch.cat([out_left, out_right], dim=0)

    total_loss = 0
    for k in range(N):
        z_k, z_k_N = out[k], out[k + N]
        ##############################################################################
        # TODO: add l(k, k + N) and l(k + N, k) to total_loss.
        ##############################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    # A mean over all views.
    total_loss = total_loss / (2 * N)
    return total_loss


def sim_positive_pairs(out_left, out_right):
    """sim of every positive pair, without a loop.

    out_left, out_right: (N, D). Returns (N, 1).
    """
    pos_pairs = None
    ##############################################################################
    # TODO: work them out.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return pos_pairs


def compute_sim_matrix(out):
    """sim of all pairs of views, without a loop.

    out: (2N, D). Returns (2N, 2N).
    """
    sim_matrix = None
    ##############################################################################
    # TODO: work them out.
    ##############################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return sim_matrix


def simclr_loss_vectorized(out_left, out_right, tau, device="cuda"):
    """The same loss without a loop.

    out_left, out_right: (N, D); tau: the temperature; device: where new tensors are made. Returns a
    scalar.
    """
    N = out_left.shape[0]

    # All 2N vectors, left ones first.
    out = torch.cat([out_left, out_right], dim=0)

    sim_matrix = compute_sim_matrix(out)

    ##############################################################################
    # TODO: follow the steps.
    ##############################################################################

    # Step 1: e^(sim / tau) for all pairs (2N, 2N).
    exponential = None

    # No view is compared with itself.
    mask = (
        (torch.ones_like(exponential, device=device) - torch.eye(2 * N, device=device))
        .to(device)
        .bool()
    )
    exponential = exponential.masked_select(mask).view(2 * N, -1)

    # The denominators of all views (2N, 1).
    denom = None

    # Step 2: sim of the positive pairs, from sim_matrix or with sim_positive_pairs.
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    # Step 3: the numerators of all views (2N, 1).
    numerator = None
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    # Step 4: the loss.
    loss = None
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return loss


def rel_error(x, y):
    """The largest relative error of two arrays. Given."""
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))
