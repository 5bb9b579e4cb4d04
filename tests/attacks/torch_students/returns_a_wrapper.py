"""A tensor without numbers of its own: each operator on it runs code of the student's."""

import torch


class Wrapper(torch.Tensor):
    @staticmethod
    def __new__(cls):
        return torch.Tensor._make_wrapper_subclass(cls, (3,))

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return torch.full((3,), 42.0)


def attack():
    return Wrapper()
