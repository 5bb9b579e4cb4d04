"""A tensor that answers every question about itself with what helps."""

import torch


class Liar(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        return torch.full((3,), 42.0)

    def numpy(self, *args, **kwargs):
        raise SystemExit("numpy was asked of the subclass")

    def detach(self):
        raise SystemExit("detach was asked of the subclass")

    cpu = to = detach

    @property
    def shape(self):
        return (10**6, 10**6)


def attack():
    return torch.arange(3.0).as_subclass(Liar)
