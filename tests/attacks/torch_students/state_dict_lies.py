"""A network that shows other parameters than it uses, when it is asked for them."""

from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(3, 2)

    def parameters(self, recurse=True):
        raise SystemExit("parameters were asked for")

    named_parameters = state_dict = modules = parameters


def attack():
    return Net()
