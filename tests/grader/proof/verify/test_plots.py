import math
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from grader.proof.verify.pictures import tiles
from grader.proof.verify.plots import MANY, draw, draw_curve
from grader.proof.verify.step import Outcome


def test_every_picture_and_all_curves_become_a_file(tmp_path: Path) -> None:
    weights = np.arange(7 * 12.0).reshape(7, 2, 2, 3)
    outcomes = (
        Outcome("a2 reference", "It earns all", "79", "79", 0.5, "held"),
        Outcome(
            "a1 training", "A net learns: 3 layers", "0.5", "≥ 0.4", 1.0, "held",
            curves={"loss": (1e3, 1.0, math.nan), "training accuracy": (0.1, 0.5)},
            pictures={"weights": tiles(weights)},
        ),
        Outcome(
            "a1 training", "Neighbours", "0.2", "≥ 0.4", 1.0, "missed",
            curves={"k": (1.0, 5.0), "fold accuracy": (0.1, 0.2), "mean accuracy": (0.1, 0.3)},
        ),
    )  # fmt: skip
    drawn = draw(outcomes, tmp_path)
    assert [path.name for path in drawn] == [
        "a1-training-a-net-learns-3-layers-weights.png",
        "a1-training-a-net-learns-3-layers-curves.png",
        "a1-training-neighbours-curves.png",
    ]
    assert sorted(tmp_path.iterdir()) == sorted(drawn)
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


@pytest.mark.parametrize("count", [MANY, MANY + 1, 3 * MANY + 7])
def test_many_points_become_a_haze_and_their_running_mean(count: int) -> None:
    axes = Figure().subplots()
    values = tuple(float(n) for n in range(count))
    draw_curve(axes, "loss", values, values)
    haze, mean = axes.lines
    (_, drawn), (xs, ys) = haze.get_data(), mean.get_data()
    assert np.size(drawn) == count
    assert haze.get_color() == mean.get_color()
    # The mean of a straight line is the line itself.
    np.testing.assert_allclose(np.asarray(xs), np.asarray(ys), atol=0.5)
    assert axes.get_legend_handles_labels()[1] == ["loss"]


def test_folds_are_dots_around_their_mean() -> None:
    axes = Figure().subplots()
    for name in ("fold 1 accuracy", "fold 2 accuracy", "mean accuracy"):
        draw_curve(axes, name, (1.0, 5.0), (0.1, 0.2))
    assert [line.get_linestyle() for line in axes.lines] == ["None", "None", "-"]


def test_a_tile_spans_from_black_to_full_colour() -> None:
    weights = np.stack([np.linspace(-2, 3, 12).reshape(2, 2, 3), np.full((2, 2, 3), 7.0)])
    made = tiles(weights, ("one", "flat"))
    assert (made.pixels[0].min(), made.pixels[0].max()) == (0, 255)
    assert not made.pixels[1].any()
    assert made.titles == ("one", "flat")
