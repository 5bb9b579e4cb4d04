"""The kit: what a script may call, and what it says of things that do not fit."""

import inspect
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from grader.sandbox.guest import kit, torch_kit


def test_every_name_of_the_kit_is_a_function() -> None:
    for name in kit.NAMES:
        assert inspect.isfunction(kit.find(name)), name


def test_a_tensor_shares_its_array_and_a_variable_does_not() -> None:
    x = np.zeros(3)
    shared = torch_kit.tensor(x)
    assert shared is not None
    shared.add_(1)
    y = np.zeros(3)
    with torch.no_grad():
        torch_kit.variable(y).add_(1)

    np.testing.assert_array_equal(x, np.ones(3))
    np.testing.assert_array_equal(y, np.zeros(3))


def test_filled_networks_are_alike_whatever_they_were() -> None:
    first, second = (nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5)) for _ in range(2))
    torch_kit.fill(first, 7)
    torch_kit.fill(second, 7)
    x = torch.randn(4, 3)

    assert torch.equal(first(x), second(x))
    assert not torch.equal(first(x), torch_kit.fill(second, 8)(x))
    assert torch_kit.shapes(first) == {"1": "5x3", "2": "5", "3": "5", "4": "5"}
    assert float(next(first.parameters()).detach().abs().max()) <= 2 / np.sqrt(3)


def test_what_has_grown_may_be_written_into() -> None:
    leaf, z = torch_kit.grown(np.ones(2))
    z.mul_(3)
    (slope,) = torch_kit.gradients(z.sum(), leaf)

    assert slope.tolist() == [3, 3]


def test_a_gradient_that_does_not_arrive_is_zero() -> None:
    x, y = torch_kit.variable(np.ones(2)), torch_kit.variable(np.ones(3))
    dx, dy = torch_kit.gradients((3 * x).sum(), x, y)

    assert dx.tolist() == [3, 3]
    assert dy.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: torch_kit.gradients(1.0), "the loss is float, no tensor"),
        (lambda: torch_kit.gradients(torch.ones(1)), "it has no gradient"),
        (lambda: torch_kit.gradients(None), "a loss was expected, not None"),
        (lambda: torch_kit.fill("net", 1), "a torch module was expected, not str"),  # type: ignore[type-var]
        (lambda: torch_kit.shapes(None), "a torch module was expected, not None"),
        (lambda: torch_kit.steps(len), "a composition of transforms was expected"),
        (
            lambda: torch_kit.descend(None, torch_kit.weights(np.ones(2)), np.ones((1, 2))),
            "an optimiser was expected, not None",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_words(call: Any, words: str) -> None:
    with pytest.raises(kit.Unfit, match=words):
        call()


def test_none_is_told_apart_from_what_does_not_fit() -> None:
    with pytest.raises(kit.Nothing):
        torch_kit.shapes(None)


def test_an_optimiser_descends_step_by_step() -> None:
    net = torch_kit.weights(np.ones(2))
    path = torch_kit.descend(torch_kit.rate(net, 0.5), net, np.ones((3, 2)))

    assert path.tolist() == [[0.5, 0.5], [0, 0], [-0.5, -0.5]]


def test_anywhere_cuda_is_the_processor() -> None:
    def on_a_gpu(x: Any) -> Any:
        device = torch.device("cuda:0")
        there = x.cuda().to("cuda").to(device).type(vars(torch.cuda)["FloatTensor"])
        return there + torch.ones(2, device="cuda") + torch.ones(2).to(device=device)

    assert torch_kit.anywhere(on_a_gpu, torch.zeros(2)).tolist() == [2, 2]
    with pytest.raises((RuntimeError, AssertionError)):
        on_a_gpu(torch.zeros(2))


def test_an_encoder_gives_lengths_of_one() -> None:
    feature, out = torch_kit.encoder(12, 5, 3)(torch.randn(2, 3, 2, 2))

    assert feature.shape == (2, 5)
    assert out.shape == (2, 3)
    torch.testing.assert_close(out.norm(dim=1), torch.ones(2))


def test_a_data_set_of_pairs_counts_its_views() -> None:
    class Pairs:
        def __init__(self, root: str, train: Any, transform: Any, download: Any) -> None:
            self.data: Any = None
            self.transform = transform

    images = np.arange(24, dtype=np.uint8).reshape(2, 2, 2, 3)
    changes = np.random.default_rng(0).normal(size=(3, 2, 2, 3))
    made = torch_kit.pairs(Pairs, images, np.array([4, 5]), changes)

    np.testing.assert_allclose(made.transform(images[1]), images[1] + changes[0])
    np.testing.assert_allclose(made.transform(images[1]), images[1] + changes[1])
    assert made.targets == [4, 5]
    with pytest.raises(TypeError, match="a view already"):
        made.transform(torch.zeros(3))
