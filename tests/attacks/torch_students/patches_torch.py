"""Everything that turns a tensor into an array gives something else."""

import torch


class Nothing:
    dtype, shape = "O", ()


def attack():
    torch.Tensor.numpy = lambda self, *a, **k: Nothing()
    torch.Tensor.detach = lambda self: self
    torch.Tensor.cpu = lambda self: self
    return torch.arange(3.0)
