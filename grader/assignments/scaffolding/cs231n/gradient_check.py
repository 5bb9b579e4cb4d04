"""Numeric gradients by centred differences, to compare your formulas with."""

import random

import numpy as np


def _entries(x):
    """The index of every entry of x, in C order."""
    return np.ndindex(*np.shape(x))


def eval_numerical_gradient(f, x, verbose=True, h=1e-5):
    """The gradient of a number f(x) with respect to the array x.

    x is changed in place while f is evaluated, and is as before at the end.
    """
    grad = np.zeros_like(x)
    for index in _entries(x):
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept

        grad[index] = (above - below) / (2 * h)
        if verbose:
            print(index, grad[index])
    return grad


def eval_numerical_gradient_array(f, x, df, h=1e-5):
    """The gradient of sum(f(x) * df) with respect to x: f returns an array, df is upstream."""
    grad = np.zeros_like(x)
    for index in _entries(x):
        kept = x[index]
        x[index] = kept + h
        above = np.copy(f(x))
        x[index] = kept - h
        below = np.copy(f(x))
        x[index] = kept

        grad[index] = np.sum((above - below) * df) / (2 * h)
    return grad


def eval_numerical_gradient_blobs(f, inputs, output, h=1e-5):
    """Gradients of a function that writes its result into a blob.

    A blob is an object with the arrays `vals` and `diffs`. f is called as f(*inputs, output) and
    writes to output.vals; output.diffs is the upstream gradient.
    Returns a list with one gradient per input blob.
    """
    grads = []
    for blob in inputs:
        grad = np.zeros_like(blob.diffs)
        for index in _entries(blob.vals):
            kept = blob.vals[index]
            blob.vals[index] = kept + h
            f(*inputs, output)
            above = np.copy(output.vals)
            blob.vals[index] = kept - h
            f(*inputs, output)
            below = np.copy(output.vals)
            blob.vals[index] = kept

            grad[index] = np.sum((above - below) * output.diffs) / (2 * h)
        grads.append(grad)
    return grads


def eval_numerical_gradient_net(net, inputs, output, h=1e-5):
    """Like eval_numerical_gradient_blobs, for a net whose forward() fills the output blob."""
    return eval_numerical_gradient_blobs(lambda *_: net.forward(), inputs, output, h=h)


def grad_check_sparse(f, x, analytic_grad, num_checks=10, h=1e-5):
    """Compare analytic_grad with the numeric gradient of f at random entries of x, and print."""
    for _ in range(num_checks):
        index = tuple(random.randrange(size) for size in x.shape)
        kept = x[index]
        x[index] = kept + h
        above = f(x)
        x[index] = kept - h
        below = f(x)
        x[index] = kept

        numeric = (above - below) / (2 * h)
        analytic = analytic_grad[index]
        error = abs(numeric - analytic) / (abs(numeric) + abs(analytic))
        print(f"numerical: {numeric:f} analytic: {analytic:f}, relative error: {error:e}")
