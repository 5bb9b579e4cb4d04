"""First-order update rules.

A rule takes the weights w, their gradient dw (same shape) and a dictionary config with the
hyperparameters and whatever the rule remembers between steps. It returns the next weights and
the config for the next step; missing entries of config get the defaults named below. A rule may
write to w in place and return it.
"""

import numpy as np


def sgd(w, dw, config=None):
    """Plain gradient descent, in place.

    config: "learning_rate" (default 1e-2).
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)

    w -= config["learning_rate"] * dw
    return w, config


def sgd_momentum(w, dw, config=None):
    """Gradient descent with momentum.

    config: "learning_rate" (default 1e-2), "momentum" between 0 and 1 (default 0.9; 0 is plain
    gradient descent) and "velocity", an array like w (default zeros).
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config.get("velocity", np.zeros_like(w))

    next_w = None
    ###########################################################################
    # TODO: put the updated weights in next_w and the updated velocity in v.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    config["velocity"] = v

    return next_w, config


def rmsprop(w, dw, config=None):
    """RMSProp: each step is divided by the root of a moving average of squared gradients.

    config: "learning_rate" (default 1e-2), "decay_rate" of the average (default 0.99),
    "epsilon" against division by zero (default 1e-8) and "cache", the average (default zeros).
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("cache", np.zeros_like(w))

    next_w = None
    ###########################################################################
    # TODO: put the updated weights in next_w, and store the updated average in
    # config["cache"].
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return next_w, config


def adam(w, dw, config=None):
    """Adam: moving averages of the gradient and of its square, corrected for their start at zero.

    config: "learning_rate" (default 1e-3), "beta1" (default 0.9) and "beta2" (default 0.999),
    "epsilon" (default 1e-8), the averages "m" and "v" (default zeros) and the number of steps
    done "t" (default 0).
    """
    if config is None:
        config = {}
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    config.setdefault("m", np.zeros_like(w))
    config.setdefault("v", np.zeros_like(w))
    config.setdefault("t", 0)

    next_w = None
    ###########################################################################
    # TODO: put the updated weights in next_w, and store the new m, v and t in
    # config. Count the step first (t = 1 at the first call), and store m and v
    # as they are before the correction.
    ###########################################################################
    # *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

    pass

    # *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
    return next_w, config
