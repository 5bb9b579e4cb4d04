"""Drawings of what the trainings measured and learned, as PNG. Needs Matplotlib."""

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grader.proof.verify.pictures import Tiles
from grader.proof.verify.step import Curves, Outcome

ALONG: Mapping[str, Literal["linear", "log"]] = {
    "k": "linear",
    "epoch": "linear",
    "initial scale": "log",
}
"""Curves over which the others of a training are drawn, instead of over steps or epochs."""

COUNTED = {"loss": "step", "accuracy": "epoch"}
"""What the entries of a curve are, by the last word of its name."""

FEW, MANY = 100, 500
"""Fewer points than the first are marked one by one; more than the second are a haze."""

ONE_OF_SEVERAL = "fold "
"""How the names of curves begin that matter by their mean."""

WIDE_RANGE = 100
"""Losses whose largest is so many times the smallest are drawn on a logarithmic scale."""


def draw(outcomes: Sequence[Outcome], folder: Path) -> list[Path]:
    """Draw every outcome that has something to show into `folder`; the files. Raises OSError."""
    drawn: list[Path] = []
    for outcome in outcomes:
        figures = {name: _tiled(tiles) for name, tiles in outcome.pictures.items()}
        if outcome.curves:
            figures["curves"] = _plotted(outcome.curves)
        for name, figure in figures.items():
            figure.suptitle(f"{outcome.says}\n{outcome.figure}, bar {outcome.bar}", fontsize=10)
            path = folder / f"{_slug(f'{outcome.name} {outcome.says} {name}')}.png"
            figure.savefig(path, format="png", dpi=100)
            drawn.append(path)
    return drawn


def _plotted(curves: Curves) -> Figure:
    """One panel for each last word of the curves' names."""
    along = next((name for name in curves if name in ALONG), None)
    kinds = list(dict.fromkeys(_kind(name) for name in curves if name != along))
    figure = Figure(figsize=(6 * len(kinds), 4.5), layout="constrained")
    panels = figure.subplots(1, len(kinds), squeeze=False)[0]
    for axes, kind in zip(panels, kinds, strict=True):
        for name, values in curves.items():
            if name != along and _kind(name) == kind:
                xs = curves[along] if along else tuple(map(float, range(len(values))))
                draw_curve(axes, name, xs, values)
        _label(axes, kind, along)
        if kind == "loss" and _is_wide(curves):
            axes.set_yscale("log")
    return figure


def draw_curve(axes: Axes, name: str, xs: Sequence[float], values: Sequence[float]) -> None:
    """Points and a line where there are few; where there are many, their running mean over a haze."""
    if name.startswith("mean "):
        axes.plot(xs, values, label=name, color="black", linewidth=2, zorder=3)
    elif name.startswith(ONE_OF_SEVERAL):
        axes.plot(xs, values, label=name, linestyle="", marker=".", alpha=0.6)
    elif len(values) < MANY:
        axes.plot(xs, values, label=name, linewidth=1, marker="." if len(values) < FEW else "")
    else:
        width = len(values) // (MANY // 10)
        means = np.convolve(values, np.ones(width) / width, mode="valid")
        (haze,) = axes.plot(xs, values, linewidth=0.5, alpha=0.3)
        middle = xs[width // 2 :][: len(means)]
        axes.plot(middle, means, label=name, color=haze.get_color(), linewidth=1.5)


def _label(axes: Axes, kind: str, along: str | None) -> None:
    axes.set_xlabel(along or COUNTED.get(kind, ""))
    axes.set_ylabel(kind)
    if along:
        axes.set_xscale(ALONG[along])
    if along in {None, "epoch"}:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=(1, 2, 5, 10)))
    axes.grid(alpha=0.3)
    if len(axes.get_legend_handles_labels()[1]) > 1:
        axes.legend(fontsize=8)


def _is_wide(curves: Curves) -> bool:
    losses = [v for name in curves if _kind(name) == "loss" for v in curves[name]]
    positive = [loss for loss in losses if math.isfinite(loss) and loss > 0]
    return bool(positive) and max(positive) > WIDE_RANGE * min(positive)


def _tiled(tiles: Tiles) -> Figure:
    columns = 5 if tiles.titles else math.ceil(math.sqrt(len(tiles.pixels)))
    rows = [
        range(start, min(start + columns, len(tiles.pixels)))
        for start in range(0, len(tiles.pixels), columns)
    ]
    figure = Figure(figsize=(max(columns * 0.9, 6), len(rows) * 0.95 + 0.8), layout="constrained")
    grid = figure.subplots(len(rows), columns, squeeze=False)
    for axes in grid.flat:
        axes.axis("off")
    for axes_row, row in zip(grid, rows, strict=True):
        for axes, number in zip(axes_row, row, strict=False):
            axes.imshow(tiles.pixels[number], interpolation="nearest")
            if tiles.titles:
                axes.set_title(tiles.titles[number], fontsize=8)
    return figure


def _kind(name: str) -> str:
    return name.rsplit(maxsplit=1)[-1]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
