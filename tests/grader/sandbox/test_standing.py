import pytest

from grader.sandbox import Standing

ALL = ("no_new_privs", "seccomp", "rlimits", "landlock")


def standing(*holding: str, **others: str) -> Standing:
    notes = [(name, "holds", "it does") for name in holding]
    notes += [(name, state, "the kernel is old") for name, state in others.items()]
    return Standing.of_notes(notes, confined=True)


def test_the_required_layers_are_enough() -> None:
    assert standing(*ALL, namespaces="degraded", uid="degraded").sound


@pytest.mark.parametrize("layer", ALL)
def test_without_a_required_layer_nothing_is_graded(layer: str) -> None:
    found = standing(*(name for name in ALL if name != layer), **{layer: "missing"})

    assert not found.sound
    assert found.lacks == (f"{layer} (the kernel is old)",)


@pytest.mark.parametrize("instead", ["namespaces", "uid"])
def test_namespaces_or_a_uid_stand_in_for_landlock(instead: str) -> None:
    assert standing("no_new_privs", "seccomp", "rlimits", instead, landlock="missing").sound


def test_a_layer_that_was_never_tried_is_missing() -> None:
    assert standing().lacks == ("no_new_privs", "seccomp", "rlimits", "landlock")
