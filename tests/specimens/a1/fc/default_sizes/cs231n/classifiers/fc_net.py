import numpy as np


class TwoLayerNet(TwoLayerNet):
    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {
            "W1": weight_scale * np.random.randn(3072, 100),
            "b1": np.zeros(100),
            "W2": weight_scale * np.random.randn(100, num_classes),
            "b2": np.zeros(num_classes),
        }
