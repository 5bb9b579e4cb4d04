import json
from pathlib import Path

import numpy as np
import pytest

from grader.datasets import coco, hdf5
from grader.datasets.coco import Coco
from grader.datasets.errors import DatasetError, Malformed, Missing, NotInstalled
from grader.datasets.hdf5 import read_arrays, write_arrays


def test_what_was_written_is_loaded(features: Path, captions: Coco) -> None:
    found = coco.load(features)
    assert found.vocabulary == captions.vocabulary
    for part, expected in (
        (found.train, captions.train),
        (found.validation, captions.validation),
    ):
        assert part.captions.dtype == np.int32
        assert part.features.dtype == np.float32
        np.testing.assert_array_equal(part.captions, expected.captions)
        np.testing.assert_array_equal(part.image_indices, expected.image_indices)
        np.testing.assert_array_equal(part.features, expected.features)
        assert part.urls == expected.urls


def test_the_layout_is_the_official_one(features: Path) -> None:
    assert {path.name for path in features.iterdir()} == {
        "coco2014_captions.h5",
        "coco2014_vocab.json",
        "train2014_vgg16_fc7_pca.h5",
        "val2014_vgg16_fc7_pca.h5",
        "train2014_urls.txt",
        "val2014_urls.txt",
    }
    vocabulary = json.loads((features / "coco2014_vocab.json").read_text())
    assert vocabulary["idx_to_word"][:4] == ["<NULL>", "<START>", "<END>", "<UNK>"]
    assert vocabulary["word_to_idx"]["<END>"] == 2


def test_all_features_instead_of_the_reduced_ones(features: Path, captions: Coco) -> None:
    for part, images in (("train", 30), ("val", 20)):
        wide = np.ones((images, 4096), np.float32)
        write_arrays(features / f"{part}2014_vgg16_fc7.h5", {"features": wide})
    assert coco.load(features, reduced=False).train.features.shape == (30, 4096)


def test_a_caption_follows_from_its_image(captions: Coco) -> None:
    part = captions.train
    centred = part.features - part.features.mean(axis=0)
    nearest = np.argsort(centred @ centred.T, axis=1)[:, -2]
    said = {image: tuple(row) for image, row in zip(part.image_indices, part.captions, strict=True)}
    alike = [said[image] == said[nearest[image]] for image in range(30)]
    assert np.mean(alike) > 0.8
    assert len(set(said.values())) > 4


def test_decoding_skips_padding_and_ends_at_the_end() -> None:
    words = ("<NULL>", "<START>", "<END>", "<UNK>", "a", "cat")
    rows = np.array([[1, 4, 5, 2, 5], [0, 4, 0, 3, 0], [0, 0, 0, 0, 0]])
    assert coco.decode_captions(rows, words) == ["<START> a cat <END>", "a <UNK>", ""]
    assert coco.decode_caption(rows[0], words) == "<START> a cat <END>"


def test_a_minibatch_belongs_together(captions: Coco) -> None:
    part = captions.train
    batch = coco.minibatch(part, 50, np.random.default_rng(1))
    assert batch.captions.shape == (50, 17)
    assert batch.features.shape == (50, 24)
    for caption, feature, url in zip(batch.captions, batch.features, batch.urls, strict=True):
        image = part.urls.index(url)
        np.testing.assert_array_equal(feature, part.features[image])
        assert any(
            np.array_equal(caption, row) for row in part.captions[part.image_indices == image]
        )
    again = coco.minibatch(part, 50, np.random.default_rng(1))
    assert again.urls == batch.urls


def test_a_sample_keeps_the_images(captions: Coco) -> None:
    part = captions.train
    few = coco.sampled(part, 5, np.random.default_rng(1))
    assert len(few) == 5
    assert few.features is part.features
    assert set(few.image_indices) <= set(part.image_indices)


CAPTIONS, NUMBERS = np.ones((4, 17), np.int32), np.zeros(4, np.int32)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"train_captions": CAPTIONS[0]}, "not rows of whole numbers"),
        ({"train_captions": CAPTIONS / 2}, "not rows of whole numbers"),
        ({"train_captions": CAPTIONS * 999}, "beyond the vocabulary"),
        ({"train_captions": -CAPTIONS}, "beyond the vocabulary"),
        ({"train_image_idxs": NUMBERS[:3]}, "not one of 'train_image_idxs' for each"),
        ({"train_image_idxs": NUMBERS + 30}, "beyond the 30 features and 30 addresses"),
        ({"other": NUMBERS}, "no array of numbers called 'val_captions'"),
    ],
)
def test_captions_of_another_form(features: Path, change: dict[str, np.ndarray], says: str) -> None:
    arrays = {"train_captions": CAPTIONS, "train_image_idxs": NUMBERS} | change
    write_arrays(features / "coco2014_captions.h5", arrays)
    with pytest.raises(Malformed, match=says):
        coco.load(features)


def test_features_of_another_form(features: Path) -> None:
    write_arrays(features / "train2014_vgg16_fc7_pca.h5", {"features": np.ones(3)})
    with pytest.raises(Malformed, match="not rows of numbers"):
        coco.load(features)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"\xff", "not text in UTF-8"),
        (b"[]", "no list of words"),
        (b'{"idx_to_word": [1]}', "no list of words"),
        (b'{"idx_to_word": ["a"], "word_to_idx": {"a": 1}}', "numbers its words differently"),
        (b'{"idx_to_word": ["a"], "word_to_idx": {"a": 0}}', "does not begin with <NULL>"),
    ],
)
def test_a_vocabulary_of_another_form(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "vocabulary.json"
    path.write_bytes(content)
    with pytest.raises(Malformed, match=says):
        coco.load_vocabulary(path)


@pytest.mark.parametrize("name", ["coco2014_captions.h5", "val2014_vgg16_fc7_pca.h5"])
def test_files_that_are_damaged_or_missing(features: Path, name: str) -> None:
    path = features / name
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(Malformed, match=f"{name} is damaged"):
        coco.load(features)
    path.unlink()
    with pytest.raises(Missing, match=f"{name} is not there"):
        coco.load(features)


def test_addresses_that_are_missing(features: Path) -> None:
    (features / "val2014_urls.txt").unlink()
    with pytest.raises(DatasetError, match=r"val2014_urls.txt is not there"):
        coco.load(features)


def test_without_h5py_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hdf5, "LIBRARY", "a_library_that_nobody_has")
    with pytest.raises(NotInstalled, match="pip install a_library_that_nobody_has"):
        read_arrays(tmp_path / "any.h5", "features")
