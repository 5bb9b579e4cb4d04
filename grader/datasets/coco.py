"""The course's COCO captioning features: captions, VGG16 features, the vocabulary and addresses."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.datasets.errors import Malformed, Missing
from grader.datasets.hdf5 import read_arrays

CAPTIONS_FILE = "coco2014_captions.h5"
VOCABULARY_FILE = "coco2014_vocab.json"
PARTS = ("train", "val")

NULL, START, END, UNKNOWN = "<NULL>", "<START>", "<END>", "<UNK>"


@dataclass(frozen=True)
class Captioned:
    """Captions with the images they describe; an image may have several.

    Shapes: captions (M, T) int32 word numbers, image_indices (M,) int64 into features (I, D)
    float32 and urls (I).
    """

    captions: NDArray[np.int32]
    image_indices: NDArray[np.int64]
    features: NDArray[np.float32]
    urls: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.captions)


@dataclass(frozen=True)
class Vocabulary:
    """The words by number; the first four are not words but signs."""

    words: tuple[str, ...]

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each word, as the captioning models take it."""
        return {word: number for number, word in enumerate(self.words)}


@dataclass(frozen=True)
class Coco:
    """The whole data set."""

    train: Captioned
    validation: Captioned
    vocabulary: Vocabulary


@dataclass(frozen=True)
class Minibatch:
    """Some captions, the features of their images (N, D) and their addresses."""

    captions: NDArray[np.int32]
    features: NDArray[np.float32]
    urls: tuple[str, ...]


def features_file(part: str, *, reduced: bool = True) -> str:
    """The file of a part's features: reduced to 512 numbers each, or all 4096."""
    return f"{part}2014_vgg16_fc7{'_pca' if reduced else ''}.h5"


def urls_file(part: str) -> str:
    """The file with the addresses of a part's images, one per line."""
    return f"{part}2014_urls.txt"


def load(folder: Path, *, reduced: bool = True) -> Coco:
    """Read `coco_captioning`; any number of rows. Raises Missing, Malformed and NotInstalled."""
    vocabulary = load_vocabulary(folder / VOCABULARY_FILE)
    train, validation = (
        _load_part(folder, part, len(vocabulary.words), reduced=reduced) for part in PARTS
    )
    return Coco(train, validation, vocabulary)


def load_vocabulary(path: Path) -> Vocabulary:
    """The words of the JSON file. Raises Missing and Malformed."""
    try:
        content = json.loads(_text(path))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"{path} is not JSON") from error
    words = content.get("idx_to_word") if isinstance(content, dict) else None
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise Malformed(f"{path} has no list of words 'idx_to_word'")
    vocabulary = Vocabulary(tuple(words))
    if content.get("word_to_idx") != vocabulary.numbers:
        raise Malformed(f"{path} numbers its words differently in 'word_to_idx'")
    if words[:4] != [NULL, START, END, UNKNOWN]:
        raise Malformed(f"{path} does not begin with {NULL}, {START}, {END} and {UNKNOWN}")
    return vocabulary


def _load_part(folder: Path, part: str, words: int, *, reduced: bool) -> Captioned:
    file = folder / CAPTIONS_FILE
    captions, indices = read_arrays(file, f"{part}_captions", f"{part}_image_idxs")
    features_at = folder / features_file(part, reduced=reduced)
    (features,) = read_arrays(features_at, "features")
    urls = tuple(_text(folder / urls_file(part)).splitlines())
    if captions.ndim != 2 or captions.dtype.kind not in "iu" or indices.dtype.kind not in "iu":
        raise Malformed(f"{file} has '{part}_captions' that are not rows of whole numbers")
    if indices.shape != captions.shape[:1]:
        raise Malformed(f"{file} has not one of '{part}_image_idxs' for each of '{part}_captions'")
    if features.ndim != 2:
        raise Malformed(f"{features_at} has 'features' that are not rows of numbers")
    if _beyond(captions, words):
        raise Malformed(f"{file} has words in '{part}_captions' beyond the vocabulary of {words}")
    if _beyond(indices, min(len(features), len(urls))):
        raise Malformed(
            f"{file} names images in '{part}_image_idxs' beyond the {len(features)} features "
            f"and {len(urls)} addresses"
        )
    return Captioned(
        captions.astype(np.int32, copy=False),
        indices.astype(np.int64, copy=False),
        features.astype(np.float32, copy=False),
        urls,
    )


def _beyond(numbers: NDArray[np.integer], end: int) -> bool:
    return bool(numbers.size) and not (numbers.min() >= 0 and numbers.max() < end)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise Missing(f"{path} is not there") from error
    except UnicodeError as error:
        raise Malformed(f"{path} is not text in UTF-8") from error


def sampled(part: Captioned, count: int, rng: np.random.Generator) -> Captioned:
    """`count` captions drawn with replacement; features and addresses stay whole, as in the course."""
    rows = rng.integers(len(part), size=count)
    return replace(part, captions=part.captions[rows], image_indices=part.image_indices[rows])


def minibatch(part: Captioned, size: int, rng: np.random.Generator) -> Minibatch:
    """`size` captions drawn with replacement, with the features of their images."""
    rows = rng.integers(len(part), size=size)
    images = part.image_indices[rows]
    return Minibatch(
        part.captions[rows], part.features[images], tuple(part.urls[image] for image in images)
    )


def decode_captions(captions: NDArray[np.integer], words: Sequence[str]) -> list[str]:
    """Each row (M, T) as text: without `<NULL>`, up to the first `<END>`, which stays in it."""
    return [decode_caption(row, words) for row in captions]


def decode_caption(caption: NDArray[np.integer], words: Sequence[str]) -> str:
    """One row (T,) as text, as `decode_captions` does."""
    text: list[str] = []
    for number in caption:
        word = words[number]
        if word != NULL:
            text.append(word)
        if word == END:
            break
    return " ".join(text)
