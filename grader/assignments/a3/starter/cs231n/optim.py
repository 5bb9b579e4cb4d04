"""Update rules: one step of gradient descent for one parameter. All given.

A rule is called as rule(w, dw, config) and returns (next_w, config). config is a dictionary that holds the
rule's settings and what it remembers from step to step; entries that are missing get the defaults named
below. A rule may write to w in place and return it.
"""

import numpy as np


def _with_defaults(config, **defaults):
    """The dictionary config, in which the entries that it lacks are set; None is an empty one."""
    config = {} if config is None else config
    for name, value in defaults.items():
        config.setdefault(name, value)
    return config


def sgd(w, dw, config=None):
    """Plain gradient descent, in place.

    config: "learning_rate" (default 1e-2).
    """
    config = _with_defaults(config, learning_rate=1e-2)
    w -= config["learning_rate"] * dw
    return w, config


def sgd_momentum(w, dw, config=None):
    """Gradient descent with momentum.

    config: "learning_rate" (default 1e-2), "momentum" (default 0.9) and "velocity" (default zeros).
    """
    config = _with_defaults(config, learning_rate=1e-2, momentum=0.9, velocity=np.zeros_like(w))
    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + config["velocity"], config


def rmsprop(w, dw, config=None):
    """RMSProp: each step is divided by the root of a moving average of squared gradients.

    config: "learning_rate" (default 1e-2), "decay_rate" of the average (default 0.99), "epsilon" against
    division by zero (default 1e-8) and "cache", the average (default zeros).
    """
    config = _with_defaults(
        config, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, cache=np.zeros_like(w)
    )
    share = config["decay_rate"]
    config["cache"] = share * config["cache"] + (1 - share) * dw**2
    step = config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"])
    return w - step, config


def adam(w, dw, config=None):
    """Adam: moving averages of the gradient and of its square, corrected for their start at zero.

    config: "learning_rate" (default 1e-3), "beta1" (default 0.9), "beta2" (default 0.999), "epsilon"
    (default 1e-8), the averages "m" and "v" (default zeros) and the number of steps done "t" (default 0).
    """
    config = _with_defaults(
        config,
        learning_rate=1e-3,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        m=np.zeros_like(w),
        v=np.zeros_like(w),
        t=0,
    )
    beta1, beta2 = config["beta1"], config["beta2"]
    config["t"] += 1
    config["m"] = beta1 * config["m"] + (1 - beta1) * dw
    config["v"] = beta2 * config["v"] + (1 - beta2) * dw**2
    m = config["m"] / (1 - beta1 ** config["t"])
    v = config["v"] / (1 - beta2 ** config["t"])
    return w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config
