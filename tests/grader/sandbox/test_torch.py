"""Torch in a guest. A fork of a torch that has run threads hangs: this must never come back."""

import psutil  # type: ignore[import-untyped]
import pytest

from grader.sandbox import Limits, Sandbox, errand

TRAINING = b"""
import sys
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

def train(threads):
    torch.set_num_threads(threads)
    model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Flatten(), nn.Linear(512, 5))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    x, y = torch.randn(32, 3, 8, 8), torch.randint(5, (32,))
    losses = []
    for _ in range(5):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses

def imported_by_a_step():
    before = len(sys.modules)
    train(1)
    return len(sys.modules) - before

def batches():
    return len(list(DataLoader(TensorDataset(torch.arange(10.0)), batch_size=3)))
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_a_guest_can_train(torch_sandbox: Sandbox, threads: int) -> None:
    for _ in range(2):
        with torch_sandbox.spawn(Limits()) as guest:
            errand.load(guest, TRAINING)
            losses = errand.run(guest, "train", threads, wall_seconds=30).value
            assert losses[-1] < losses[0]


def test_a_guest_can_load_batches(torch_sandbox: Sandbox) -> None:
    with torch_sandbox.spawn(Limits()) as guest:
        errand.load(guest, TRAINING)
        assert errand.run(guest, "batches", wall_seconds=30).value == 4


def test_an_optimizer_step_finds_its_modules_imported(torch_sandbox: Sandbox) -> None:
    with torch_sandbox.spawn(Limits()) as guest:
        errand.load(guest, TRAINING)
        assert errand.run(guest, "imported_by_a_step", wall_seconds=30).value < 20
        assert guest.log == b""


def test_the_parent_of_all_guests_has_one_thread(torch_sandbox: Sandbox) -> None:
    zygote = psutil.Process(torch_sandbox._control._process.pid)

    for process in (zygote, *zygote.children(recursive=True)):
        assert process.num_threads() == 1
