from pathlib import Path

import pytest

from grader.datasets import place
from grader.datasets.catalogue import CIFAR10, COCO, DATASETS


@pytest.mark.parametrize("below", ["", "cifar10", "cs231n/datasets"])
def test_a_complete_copy_is_found(batches: Path, tmp_path: Path, below: str) -> None:
    home = tmp_path / "home"
    target = home / below / "cifar-10-batches-py"
    target.parent.mkdir(parents=True)
    batches.rename(target)
    assert place.find("cifar10", [tmp_path / "nothing", home]) == target
    assert place.find("cifar10", [target]) == target
    assert place.find("coco", [home]) is None


def test_a_complete_copy_wins_over_an_incomplete_one(batches: Path, tmp_path: Path) -> None:
    half = tmp_path / "first" / "cifar-10-batches-py"
    half.mkdir(parents=True)
    (half / "data_batch_1").touch()
    found = place.look(CIFAR10, [half.parent])
    assert found is not None
    assert not found.complete
    assert found.missing == tuple(each.name for each in CIFAR10.files[1:])
    assert place.find("cifar10", [half.parent]) is None
    assert place.find("cifar10", [half.parent, tmp_path]) == batches


def test_a_stand_in_is_not_the_published_one(batches: Path, features: Path) -> None:
    pictures = place.look(CIFAR10, [batches.parent])
    assert pictures is not None
    assert place.published(pictures) is False
    assert place.problem(pictures) is None
    captions = place.look(COCO, [features.parent])
    assert captions is not None
    assert place.published(captions) is None
    assert place.problem(captions) is None


def test_a_damaged_copy_has_a_problem(batches: Path) -> None:
    (batches / "test_batch").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    found = place.look(CIFAR10, [batches.parent])
    assert found is not None
    assert str(place.problem(found)).endswith("it names 'os.system'")


def test_the_catalogue_names_every_data_set_once() -> None:
    assert DATASETS == {"cifar10": CIFAR10, "coco": COCO}
    assert all(len(each.md5 or "") == 32 for each in CIFAR10.files)
