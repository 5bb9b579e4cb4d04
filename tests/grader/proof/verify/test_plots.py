import math
from pathlib import Path

import numpy as np

from grader.proof.verify.pictures import tiles
from grader.proof.verify.plots import draw
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


def test_a_tile_spans_from_black_to_full_colour() -> None:
    weights = np.stack([np.linspace(-2, 3, 12).reshape(2, 2, 3), np.full((2, 2, 3), 7.0)])
    made = tiles(weights, ("one", "flat"))
    assert (made.pixels[0].min(), made.pixels[0].max()) == (0, 255)
    assert not made.pixels[1].any()
    assert made.titles == ("one", "flat")
