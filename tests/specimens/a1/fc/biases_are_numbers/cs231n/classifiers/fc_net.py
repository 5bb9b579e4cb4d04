import numpy as np


class TwoLayerNet(TwoLayerNet):
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": np.random.normal(0, weight_scale, (input_dim, hidden_dim)),
            "W2": np.random.normal(0, weight_scale, (hidden_dim, num_classes)),
            "b1": 0,
            "b2": 0,
        }
