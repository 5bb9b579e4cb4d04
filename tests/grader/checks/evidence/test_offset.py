"""An error that is one number everywhere, or one number along an axis."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.evidence import offset
from grader.checks.evidence.trial import Field

LayOut = Callable[..., Field]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda c, w: w + 0.3, "is off by 0.3 in every entry"),
        (lambda c, w: w + c.reg * 2, "is off by 2reg in every entry, with reg = 0.1 and 0.2"),
        (lambda c, w: w + c.x.sum(), "is off by the same amount in every entry"),
        (lambda c, w: w + np.sin(c.b), "has an error that is the same all along N"),
        (lambda c, w: w + c.x[:, :1], "has an error that is the same all along D"),
        (lambda c, w: w * (2 + np.sin(c.b)), "is off by a factor that is the same all along N"),
    ],
)
def test_what_does_not_depend_on_the_place(lay_out: LayOut, wrong: Any, says: str) -> None:
    reading = offset.read(lay_out(wrong))
    assert reading is not None
    assert reading.says == says


def test_it_is_silent_about_nonsense(lay_out: LayOut, nonsense: Any) -> None:
    field = lay_out(nonsense)
    assert offset.read(field) is None
