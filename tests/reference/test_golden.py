"""Golden numbers of automatic differentiation: sum, sum of absolute values, first, last."""

from collections.abc import Iterator
from typing import Any

import pytest

from grader.proof.verify.golden import GOLDEN
from grader.proof.verify.golden.checksum import Golden, mismatches


def goldens() -> Iterator[Any]:
    for assignment, rows in GOLDEN.items():
        yield from (pytest.param(row, id=f"{assignment}-{row.name}") for row in rows)


@pytest.mark.parametrize("golden", list(goldens()))
def test_checksums(golden: Golden) -> None:
    assert mismatches(golden) == ()
