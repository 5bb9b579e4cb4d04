"""Seeded stand-ins for the data sets, in memory and in the official layout, small or as large as those.

They can be learned: a class has its own colours and coarse shapes, under noise that keeps a nearest
neighbour from being always right; a caption follows from the features of its image.
"""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.datasets import cifar10, coco
from grader.datasets.cifar10 import Cifar10, Images
from grader.datasets.coco import Captioned, Coco, Vocabulary
from grader.datasets.hdf5 import write_arrays
from grader.datasets.pickle_writer import Value, pickled

NAMES = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
OFFICIAL_BATCH = 10_000
"""The course's own loader reads files of this many images and no others."""

_CELLS = 4
_CONTRAST, _NOISE = 40.0, 50.0

_TOPICS = tuple(f"a {adjective} {noun} {rest}" for adjective, noun, rest in (
    ("red", "bus", "drives down the street"),
    ("small", "dog", "sits on a bench"),
    ("white", "plate", "of food on the table"),
    ("tall", "man", "holds a surfboard"),
    ("young", "girl", "plays with a kite"),
    ("brown", "horse", "stands in the grass"),
    ("black", "cat", "sleeps on the bed"),
    ("large", "plane", "flies in the sky"),
))  # fmt: skip
_CAPTION_LENGTH = 17


def images(seed: int, *, train: int, test: int) -> Cifar10:
    """A data set of this many training and test images, the classes as even as they can be."""
    rng = np.random.default_rng(seed)
    shapes = rng.normal(size=(cifar10.CLASSES, _CELLS, _CELLS, cifar10.CHANNELS))
    scale = cifar10.SIDE // _CELLS
    patterns = shapes.repeat(scale, axis=1).repeat(scale, axis=2).astype(np.float32)
    return Cifar10(_drawn(rng, patterns, train), _drawn(rng, patterns, test), NAMES)


def _drawn(rng: np.random.Generator, patterns: NDArray[np.float32], count: int) -> Images:
    labels = rng.permutation(np.arange(count) % cifar10.CLASSES)
    pixels = np.empty((count, *patterns.shape[1:]), np.uint8)
    # In slices: the noise of all images at once would need four times their memory and more.
    for start in range(0, count, 1000):
        part = labels[start : start + 1000]
        noise = rng.standard_normal((len(part), *patterns.shape[1:]), np.float32)
        values = 128 + _CONTRAST * patterns[part] + _NOISE * noise
        pixels[start : start + 1000] = values.clip(0, 255)
    return Images(pixels, labels.astype(np.int64))


def captions(
    seed: int, *, train: int, validation: int, features: int = 512, noise: float = 0.3
) -> Coco:
    """A data set of this many images in each part, with two captions each."""
    rng = np.random.default_rng(seed)
    said = sorted({word for topic in _TOPICS for word in topic.split()})
    vocabulary = Vocabulary((coco.NULL, coco.START, coco.END, coco.UNKNOWN, *said))
    centres = rng.standard_normal((len(_TOPICS), features), np.float32)
    numbers = vocabulary.numbers
    sentences = np.zeros((len(_TOPICS), _CAPTION_LENGTH), np.int32)
    for row, topic in zip(sentences, _TOPICS, strict=True):
        signs = (coco.START, *topic.split(), coco.END)
        row[: len(signs)] = [numbers[sign] for sign in signs]

    def part(name: str, count: int) -> Captioned:
        topics = rng.integers(len(_TOPICS), size=count)
        blurred = centres[topics] + noise * rng.standard_normal((count, features), np.float32)
        indices = rng.permutation(np.repeat(np.arange(count), 2))
        urls = tuple(f"http://images.invalid/{name}/{number}.jpg" for number in range(count))
        return Captioned(sentences[topics[indices]], indices, blurred.astype(np.float32), urls)

    return Coco(part("train", train), part("val", validation), vocabulary)


def write_images(folder: Path, dataset: Cifar10) -> None:
    """Write `dataset` into `folder` as the official batches; five even ones for training.

    Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bounds = np.linspace(0, len(dataset.train), len(cifar10.TRAINING_FILES) + 1).astype(int)
    for number, name in enumerate(cifar10.TRAINING_FILES):
        batch = dataset.train[slice(bounds[number], bounds[number + 1])]
        label = f"training batch {number + 1} of {len(cifar10.TRAINING_FILES)}"
        _write_batch(folder / name, batch, label)
    _write_batch(folder / cifar10.TEST_FILE, dataset.test, "testing batch 1 of 1")
    names: dict[str, Value] = {
        "num_cases_per_batch": int(bounds[1]),
        "label_names": dataset.names,
        "num_vis": cifar10.ROW,
    }
    (folder / cifar10.NAMES_FILE).write_bytes(pickled(names))


def _write_batch(path: Path, batch: Images, label: str) -> None:
    rows = batch.pixels.transpose(0, 3, 1, 2).reshape(len(batch), cifar10.ROW)
    files = [f"synthetic_{number:05d}.png" for number in range(len(batch))]
    content: dict[str, Value] = {
        "batch_label": label,
        "labels": batch.labels.tolist(),
        "data": rows,
        "filenames": files,
    }
    path.write_bytes(pickled(content))


def write_captions(folder: Path, dataset: Coco) -> None:
    """Write `dataset` into `folder` under the official names of the reduced features.

    Raises NotInstalled and OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, NDArray[np.int32]] = {}
    for name, part in zip(coco.PARTS, (dataset.train, dataset.validation), strict=True):
        arrays[f"{name}_captions"] = part.captions
        arrays[f"{name}_image_idxs"] = part.image_indices.astype(np.int32)
        write_arrays(folder / coco.features_file(name), {"features": part.features})
        (folder / coco.urls_file(name)).write_text("".join(f"{url}\n" for url in part.urls))
    write_arrays(folder / coco.CAPTIONS_FILE, arrays)
    words = dataset.vocabulary
    content = {"idx_to_word": words.words, "word_to_idx": words.numbers}
    (folder / coco.VOCABULARY_FILE).write_text(json.dumps(content))
