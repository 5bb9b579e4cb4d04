"""Forward and backward passes of the layers of assignment 2, in NumPy.

A forward function returns its output and a cache; the matching backward function takes the
gradient of the loss with respect to that output, and the cache, and returns one gradient per
input. What a cache holds is up to you unless the line that builds it is given.
"""

import numpy as np


def affine_forward(x, w, b):
    """Multiply each flattened sample by w and add b.

    x: (N, d_1, ..., d_k), w: (D, M) with D = d_1 * ... * d_k, b: (M,).
    Returns out of shape (N, M), and the cache (x, w, b).
    """
    out = None
    ###########################################################################
    # TODO: bring over your affine layer from assignment 1.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    """Gradients of the affine layer.

    dout: (N, M), cache: (x, w, b).
    Returns dx with the shape of x, dw (D, M) and db (M,).
    """
    x, w, b = cache
    dx, dw, db = None, None, None
    ###########################################################################
    # TODO: bring over your affine gradients from assignment 1.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dw, db


def relu_forward(x):
    """Rectify x of any shape; returns out of that shape, and x as the cache."""
    out = None
    ###########################################################################
    # TODO: bring over your ReLU from assignment 1.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    cache = x
    return out, cache


def relu_backward(dout, cache):
    """Gradient of the rectifier: dx has the shape of dout; the cache is its input x."""
    dx, x = None, cache
    ###########################################################################
    # TODO: bring over your ReLU gradient from assignment 1.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx


def softmax_loss(x, y):
    """Mean cross-entropy of softmax(x) against the labels y, with its gradient.

    x: scores (N, C), y: labels (N,) in 0..C-1.
    Returns the loss, a number, and dx (N, C).
    """
    loss, dx = None, None
    ###########################################################################
    # TODO: bring over your softmax loss from assignment 1.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return loss, dx


def batchnorm_forward(x, gamma, beta, bn_param):
    """Normalize each feature over the batch, then scale by gamma and shift by beta.

    In "train" mode the mean and the biased variance (the divisor is N) of the batch are used,
    and the running values follow them:

        running = momentum * running + (1 - momentum) * batch

    with the same biased variance. In "test" mode the running values are used and stay as they are.

    x: (N, D), gamma and beta: (D,).
    bn_param: "mode" ("train" or "test", required), "eps" (default 1e-5), "momentum" (default
    0.9), "running_mean" and "running_var" (each (D,), default zeros; both are written back).
    Returns out (N, D), and a cache that serves both backward functions below.
    """
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)

    N, D = x.shape
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))

    out, cache = None, None
    if mode == "train":
        #######################################################################
        # TODO: the training pass. Put the result in out, what the backward
        # passes will need in cache, and the updated averages in running_mean
        # and running_var. Divide by the root of (variance + eps).
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    elif mode == "test":
        #######################################################################
        # TODO: the test pass. Normalize with running_mean and running_var, then
        # scale and shift; put the result in out.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    else:
        raise ValueError(f'batchnorm_forward knows the modes "train" and "test", not "{mode}"')

    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var

    return out, cache


def batchnorm_backward(dout, cache):
    """Gradients of batch normalization in training mode, node by node.

    Draw the computation as a graph and walk it backwards; the mean and the variance depend on x.

    dout: (N, D), cache: from batchnorm_forward.
    Returns dx (N, D), dgamma (D,) and dbeta (D,).
    """
    dx, dgamma, dbeta = None, None, None
    ###########################################################################
    # TODO: compute dx, dgamma and dbeta through every node of the graph.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dgamma, dbeta


def batchnorm_backward_alt(dout, cache):
    """Gradients of batch normalization from one simplified expression.

    Derive dx on paper, simplify it as far as it goes, and write that down; it fits on one line.
    The arguments, the cache and the results are those of batchnorm_backward.
    """
    dx, dgamma, dbeta = None, None, None
    ###########################################################################
    # TODO: compute dx, dgamma and dbeta from the simplified expressions.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dgamma, dbeta


def layernorm_forward(x, gamma, beta, ln_param):
    """Normalize each sample over its features, then scale by gamma and shift by beta.

    Training and testing do the same, so nothing is averaged over time.

    x: (N, D), gamma and beta: (D,), ln_param: "eps" (default 1e-5).
    Returns out (N, D) and a cache for layernorm_backward.
    """
    out, cache = None, None
    eps = ln_param.get("eps", 1e-5)
    ###########################################################################
    # TODO: the forward pass. The training pass of batch normalization is a good
    # model: which axis changes, or which transposes would let you reuse it?
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return out, cache


def layernorm_backward(dout, cache):
    """Gradients of layer normalization.

    dout: (N, D), cache: from layernorm_forward.
    Returns dx (N, D), dgamma (D,) and dbeta (D,).
    """
    dx, dgamma, dbeta = None, None, None
    ###########################################################################
    # TODO: compute dx, dgamma and dbeta. What you know about batch
    # normalization helps here as well.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dgamma, dbeta


def dropout_forward(x, dropout_param):
    """Inverted dropout: drop units while training, and scale what is left by 1/p.

    x: any shape.
    dropout_param: "p" (the probability to KEEP a unit), "mode" ("train" drops, "test" returns
    the input), and optionally "seed", which makes the mask the same on each call.
    Returns out with the shape of x, and the cache (dropout_param, mask); mask is None in test mode.
    """
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])

    mask = None
    out = None

    if mode == "train":
        #######################################################################
        # TODO: the training pass of inverted dropout. Keep the scaled mask in
        # the variable mask.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    elif mode == "test":
        #######################################################################
        # TODO: the test pass of inverted dropout.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    cache = (dropout_param, mask)
    out = out.astype(x.dtype, copy=False)

    return out, cache


def dropout_backward(dout, cache):
    """Gradient of inverted dropout; the cache is (dropout_param, mask)."""
    dropout_param, mask = cache
    mode = dropout_param["mode"]

    dx = None
    if mode == "train":
        #######################################################################
        # TODO: the gradient in training mode.
        #######################################################################
        # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

        pass

        # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    elif mode == "test":
        dx = dout
    return dx


def conv_forward_naive(x, w, b, conv_param):
    """Slide F filters over zero-padded images; loops are welcome, clarity comes first.

    x: (N, C, H, W), w: (F, C, HH, WW), b: (F,).
    conv_param: "stride", the step between neighbouring windows in both directions, and "pad",
    the number of zeros added on each of the four sides. Do not change x itself.
    Returns out (N, F, H', W') with

        H' = 1 + (H + 2 * pad - HH) // stride
        W' = 1 + (W + 2 * pad - WW) // stride

    and the cache (x, w, b, conv_param).
    """
    out = None
    ###########################################################################
    # TODO: the forward pass of the convolution. np.pad can do the padding.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    """Gradients of the naive convolution.

    dout: (N, F, H', W'), cache: (x, w, b, conv_param).
    Returns dx, dw and db with the shapes of x, w and b.
    """
    dx, dw, db = None, None, None
    ###########################################################################
    # TODO: the backward pass of the convolution, for any stride and pad.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    """Keep the largest value of each window; there is no padding.

    x: (N, C, H, W), pool_param: "pool_height", "pool_width" and "stride". You may assume that
    (H - pool_height) and (W - pool_width) are multiples of the stride.
    Returns out (N, C, H', W') with

        H' = 1 + (H - pool_height) // stride
        W' = 1 + (W - pool_width) // stride

    and the cache (x, pool_param).
    """
    out = None
    ###########################################################################
    # TODO: the forward pass of max pooling.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    cache = (x, pool_param)
    return out, cache


def max_pool_backward_naive(dout, cache):
    """Gradient of naive max pooling: dx has the shape of x; the cache is (x, pool_param)."""
    dx = None
    ###########################################################################
    # TODO: the backward pass of max pooling; windows may overlap.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Batch normalization of images: one mean and one variance per channel.

    x: (N, C, H, W), gamma and beta: (C,), bn_param: as in batchnorm_forward, with running
    values of shape (C,).
    Returns out (N, C, H, W) and a cache for spatial_batchnorm_backward.
    """
    out, cache = None, None
    ###########################################################################
    # TODO: the forward pass. Arrange the axes so that batchnorm_forward can do
    # the work; a few lines are enough.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return out, cache


def spatial_batchnorm_backward(dout, cache):
    """Gradients of spatial batch normalization.

    dout: (N, C, H, W), cache: from spatial_batchnorm_forward.
    Returns dx (N, C, H, W), dgamma (C,) and dbeta (C,).
    """
    dx, dgamma, dbeta = None, None, None
    ###########################################################################
    # TODO: the backward pass. Call one of your batch normalization gradients; a
    # few lines are enough.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dgamma, dbeta


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Normalize each of G blocks of neighbouring channels within each image.

    x: (N, C, H, W), gamma and beta: (1, C, 1, 1), G: the number of groups, a divisor of C,
    gn_param: "eps" (default 1e-5).
    Returns out (N, C, H, W) and a cache for spatial_groupnorm_backward.
    """
    out, cache = None, None
    eps = gn_param.get("eps", 1e-5)
    ###########################################################################
    # TODO: the forward pass. The statistics of a group run over its C/G
    # channels and all pixels of one image, the same way in training and test.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return out, cache


def spatial_groupnorm_backward(dout, cache):
    """Gradients of spatial group normalization.

    dout: (N, C, H, W), cache: from spatial_groupnorm_forward.
    Returns dx (N, C, H, W), dgamma (1, C, 1, 1) and dbeta (1, C, 1, 1).
    """
    dx, dgamma, dbeta = None, None, None
    ###########################################################################
    # TODO: the backward pass of group normalization.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return dx, dgamma, dbeta
