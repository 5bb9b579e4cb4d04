"""The trainings of assignment 3 that measure distances: between images, between features."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from grader.datasets import digits, synthetic
from grader.proof.verify import adversaries, contrastive_learning
from grader.proof.verify.adversaries import CONVOLUTIONAL, LEAST_SQUARES, VANILLA, Game
from grader.proof.verify.cifar import Sizes


def test_digits_are_even_repeatable_and_alike_within_a_class() -> None:
    drawn, again, other = (digits.drawn(seed, 100) for seed in (1, 1, 2))
    np.testing.assert_array_equal(drawn.pixels, again.pixels)
    assert (drawn.pixels != other.pixels).any()
    assert np.bincount(drawn.labels).tolist() == [10] * 10
    assert drawn.pixels.shape == (100, digits.SIDE, digits.SIDE)
    means = np.stack([drawn.pixels[drawn.labels == digit].mean(axis=0) for digit in range(10)])
    asked = digits.drawn(3, 200)
    distances = np.linalg.norm(asked.pixels[:, None].astype(float) - means, axis=(2, 3))
    assert (distances.argmin(axis=1) == asked.labels).mean() > 0.5


def test_ink_stays_on_the_paper() -> None:
    pixels = digits.drawn(4, 500).pixels
    assert pixels.max() == 255
    assert not pixels[:, [0, -1]].any()
    assert not pixels[:, :, [0, -1]].any()


def test_the_distance_is_zero_within_a_distribution_and_grows_with_what_differs() -> None:
    generator = torch.Generator().manual_seed(1)
    a, b = torch.randn((2, 400, 8), generator=generator)
    same, moved, collapsed = (
        adversaries.distance(a, each) for each in (b, b + 1, b[:1].repeat(400, 1))
    )
    assert abs(same) < 0.05
    assert moved > 10 * abs(same)
    assert collapsed > 10 * abs(same)


@pytest.mark.parametrize(
    ("game", "epochs"), [(VANILLA, 30), (LEAST_SQUARES, 30), (CONVOLUTIONAL, 5)]
)
def test_a_generator_comes_nearer_to_digits(game: Game, epochs: int) -> None:
    trained = adversaries.played(replace(game, epochs=epochs), shown=5 * adversaries.BATCH)
    assert {len(curve) for curve in trained.curves.values()} == {5 * epochs}
    assert 0 < trained.figure < 0.9
    assert trained.pictures["digits"].pixels.shape == (25, 28, 28, 3)


def test_simclr_is_measured_before_and_after_every_epoch(tmp_path: Path) -> None:
    synthetic.write_images(tmp_path, synthetic.images(1, train=400, test=40))
    trained, again = (
        contrastive_learning.simclr(tmp_path, 1, Sizes(train=260, validation=100, test=40))
        for _ in range(2)
    )
    assert trained.curves["epoch"] == (0.0, 1.0)
    assert math.isnan(trained.curves["loss"][0])
    assert trained.figure == trained.curves["accuracy"][-1] == again.figure
    assert trained.figure > 0.15
