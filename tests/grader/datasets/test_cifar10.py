from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.datasets import cifar10
from grader.datasets.cifar10 import Cifar10
from grader.datasets.errors import Malformed, Missing
from grader.datasets.pickle_writer import Value, pickled


def test_what_was_written_is_loaded(batches: Path, images: Cifar10) -> None:
    found = cifar10.load(batches)
    for part, expected in ((found.train, images.train), (found.test, images.test)):
        assert part.pixels.dtype == np.uint8
        assert part.labels.dtype == np.int64
        np.testing.assert_array_equal(part.pixels, expected.pixels)
        np.testing.assert_array_equal(part.labels, expected.labels)
    assert found.names == images.names
    assert found.names[3] == "cat"


def test_the_layout_is_the_official_one(batches: Path, images: Cifar10) -> None:
    raw: Any = np.load(batches / "data_batch_2", allow_pickle=True, encoding="latin1")
    assert raw.keys() == {"batch_label", "labels", "data", "filenames"}
    assert raw["batch_label"] == "training batch 2 of 5"
    assert raw["data"].shape == (100, 3072)
    third = images.train.pixels[102]
    # 1024 red values, row by row, before the green ones.
    assert raw["data"][2, 32 * 5 + 7] == third[5, 7, 0]
    assert raw["data"][2, 1024 + 32 * 5 + 7] == third[5, 7, 1]
    assert raw["labels"][2] == images.train.labels[102]
    meta: Any = np.load(batches / "batches.meta", allow_pickle=True, encoding="latin1")
    assert meta["num_vis"] == 3072
    assert meta["num_cases_per_batch"] == 100


ROWS = np.zeros((2, 3072), np.uint8)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([], "holds no dictionary"),
        ({"labels": [1, 2]}, "no 'data' of 3072 bytes"),
        ({"data": ROWS[:, :3000], "labels": [1, 2]}, "no 'data' of 3072 bytes"),
        ({"data": ROWS[0], "labels": [1, 2]}, "no 'data' of 3072 bytes"),
        ({"data": ROWS}, "no 'labels', one for each of its 2 images"),
        ({"data": ROWS, "labels": [1]}, "one for each of its 2 images"),
        ({"data": ROWS, "labels": [1, 10]}, "whole numbers from 0 to 9"),
        ({"data": ROWS, "labels": [1, -1]}, "whole numbers from 0 to 9"),
        ({"data": ROWS, "labels": [1, "1"]}, "whole numbers from 0 to 9"),
    ],
)
def test_a_batch_of_another_form(tmp_path: Path, content: Value, says: str) -> None:
    path = tmp_path / "data_batch_1"
    path.write_bytes(pickled(content))
    with pytest.raises(Malformed, match=says):
        cifar10.load_batch(path)


@pytest.mark.parametrize("names", [["a"] * 9, [*"abcdefghi", 1], "abcdefghij"])
def test_names_of_another_form(tmp_path: Path, names: Value) -> None:
    path = tmp_path / "batches.meta"
    path.write_bytes(pickled({"label_names": names}))
    with pytest.raises(Malformed, match="no 'label_names' for the 10 classes"):
        cifar10.load_names(path)


def test_a_batch_that_is_cut_off(batches: Path) -> None:
    path = batches / "data_batch_4"
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(Malformed, match="data_batch_4 is damaged"):
        cifar10.load(batches)


def test_a_batch_that_is_missing(batches: Path) -> None:
    (batches / "test_batch").unlink()
    with pytest.raises(Missing, match="test_batch cannot be read"):
        cifar10.load(batches)
