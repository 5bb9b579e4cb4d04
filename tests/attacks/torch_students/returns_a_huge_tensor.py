"""One number that says it is a million million."""

import torch


def attack():
    return torch.zeros(1).expand(10**6, 10**6)
