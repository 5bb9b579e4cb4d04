"""Less than the packing refuses and more than a reply may hold."""

import torch


def attack():
    return torch.zeros(6 << 20)
