"""The names of a result's axes, from the sizes of its case: primes, so that a length is a name."""

from collections.abc import Mapping, Sequence

from grader.checks.evidence.trial import Pair

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def axis_name(pair: Pair, axis: int) -> str:
    """``N``, or ``the second axis`` where no size, or more than one, has this length."""
    sizes: Mapping[str, int] = getattr(pair.case, "sizes", {})
    length = pair.want.shape[axis]
    names = [name for name, size in sizes.items() if size == length]
    if len(names) == 1 and pair.want.shape.count(length) == 1:
        return names[0]
    # Images: the axes of (N, C, H, W) keep their names when H = W.
    if pair.want.ndim == len(sizes) and tuple(sizes.values()) == pair.want.shape:
        return list(sizes)[axis]
    if tuple(sizes)[:4] == ("N", "C", "H", "W") and pair.want.ndim == 4 and axis >= 2:
        return ("H", "W")[axis - 2]
    return f"the {ORDINALS[axis]} axis" if axis < len(ORDINALS) else f"axis {axis}"


def common_name(pairs: Sequence[Pair], axis: int) -> str:
    """The axis's name when all cases agree on it."""
    names = {axis_name(pair, axis) for pair in pairs}
    return names.pop() if len(names) == 1 else f"the {ORDINALS[axis]} axis"
