"""As many threads as torch gives, for a product that takes all of them."""

import torch


def attack():
    torch.set_num_threads(32)
    x = torch.ones(500, 500)
    for _ in range(20):
        x = (x @ x).clamp(max=1)
    return float(x.mean())
