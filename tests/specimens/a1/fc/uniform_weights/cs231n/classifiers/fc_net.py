import numpy as np


class TwoLayerNet(TwoLayerNet):
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        wide = weight_scale * np.sqrt(3)
        self.params = {
            "W1": np.random.uniform(-wide, wide, (input_dim, hidden_dim)),
            "b1": np.zeros(hidden_dim),
            "W2": np.random.uniform(-wide, wide, (hidden_dim, num_classes)),
            "b2": np.zeros(num_classes),
        }
