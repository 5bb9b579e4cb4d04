"""Sandboxes that the tests of this folder share."""

from collections.abc import Iterator

import pytest

from grader.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as started:
        started.wait_ready()
        yield started


@pytest.fixture(scope="session")
def torch_sandbox() -> Iterator[Sandbox]:
    with Sandbox("torch") as started:
        started.wait_ready()
        yield started
