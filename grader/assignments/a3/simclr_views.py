"""a3 · Self_Supervised_Learning.ipynb: what makes a view of an image, and two views of one.

Whether a composition of transforms is the right one is read off it; what a pair holds shows with a
transform that counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from grader.cases.contrastive import PicturesCase, TransformCase
from grader.cases.dense import Array
from grader.checks.script import Script
from grader.checks.suite import Suite

suite = Suite(
    "a3",
    "Self_Supervised_Learning",
    question="Q4",
    reading="“A Simple Framework for Contrastive Learning of Visual Representations”, section 3",
)

VIEWS = "cs231n.simclr.data_utils"

CROP = "RandomResizedCrop(size=32)"
MIRROR = "RandomHorizontalFlip()"
JITTER = "ColorJitter(brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1)"
GREY = "RandomGrayscale(p=0.2)"
END = ("ToTensor()", "Normalize(mean=[0.4914, 0.4822, 0.4465], std=[0.2023, 0.1994, 0.201])")


def _sometimes(transform: str, p: float = 0.8) -> str:
    return f"RandomApply(transforms=[{transform}], p={p:g})"


@dataclass(frozen=True)
class Composition:
    """The transforms of a composition: place → what stands there."""

    EXACT_KEYS = ("steps",)

    steps: Mapping[str, str]


def _composed(*steps: str) -> Composition:
    return Composition({str(place): step for place, step in enumerate(steps, start=1)})


transform = suite.item(
    "simclr.train_transform", points=3, answers=f"{VIEWS}:compute_train_transform"
)


@transform.check(
    Script(
        VIEWS,
        TransformCase,
        Composition,
        """
        composed = compute_train_transform(seed=seed)
        steps = kit.steps(composed)
        """,
    ),
    core=[TransformCase.of()],
)
def composition(_c: TransformCase) -> Composition:
    """compute_train_transform crops, mirrors, recolours and greys, each with its probability"""
    return _composed(CROP, MIRROR, _sometimes(JITTER), GREY, *END)


@composition.mistake(ask="How many channels has a grey view, and how many does Normalize take?")
def grey_of_one_channel(_c: TransformCase) -> Composition:
    """a grey view has one channel, as Grayscale gives by default"""
    grey = _sometimes("Grayscale()", 0.2)
    return _composed(CROP, MIRROR, _sometimes(JITTER), grey, *END)


@composition.mistake(ask="Does every view get other colours, or only most of them?")
def always_recoloured(_c: TransformCase) -> Composition:
    """the colours are changed in every view"""
    return _composed(CROP, MIRROR, JITTER, GREY, *END)


@composition.mistake(ask="Which of 0.8 and 0.2 belongs to the colours, and which to the grey?")
def probabilities_swapped(_c: TransformCase) -> Composition:
    """the probabilities of recolouring and of greying have changed places"""
    return _composed(CROP, MIRROR, _sometimes(JITTER, 0.2), "RandomGrayscale(p=0.8)", *END)


@composition.mistake(ask="What is the probability of RandomApply when nobody says?")
def recoloured_every_other_time(_c: TransformCase) -> Composition:
    """recolouring has the probability that RandomApply has by default"""
    return _composed(CROP, MIRROR, f"RandomApply(transforms=[{JITTER}])", GREY, *END)


@composition.mistake(ask="What is the probability of RandomGrayscale when nobody says?")
def grey_every_tenth_time(_c: TransformCase) -> Composition:
    """greying has the probability that RandomGrayscale has by default"""
    return _composed(CROP, MIRROR, _sometimes(JITTER), "RandomGrayscale()", *END)


@composition.mistake(ask="Which of the two comes first in the notebook's list?")
def grey_before_colours(_c: TransformCase) -> Composition:
    """a view is greyed before it is recoloured"""
    return _composed(CROP, MIRROR, GREY, _sometimes(JITTER), *END)


@composition.mistake(ask="Which of the two comes first in the notebook's list?")
def mirrored_last(_c: TransformCase) -> Composition:
    """a view is mirrored after its colours have changed"""
    return _composed(CROP, _sometimes(JITTER), GREY, MIRROR, *END)


@composition.mistake(
    ask="What does Normalize make of colours, and what would a jitter do to them then?"
)
def after_normalising(_c: TransformCase) -> Composition:
    """the views are changed after they have become tensors"""
    return _composed(CROP, *END, MIRROR, _sometimes(JITTER), GREY)


@composition.mistake(ask="How many of the three steps have you added?")
def never_mirrored(_c: TransformCase) -> Composition:
    """views are not mirrored"""
    return _composed(CROP, _sometimes(JITTER), GREY, *END)


@composition.mistake(ask="How many of the three steps have you added?")
def never_grey(_c: TransformCase) -> Composition:
    """views are never grey"""
    return _composed(CROP, MIRROR, _sometimes(JITTER), *END)


@composition.mistake(ask="How many of the three steps have you added?")
def never_recoloured(_c: TransformCase) -> Composition:
    """the colours of views are not changed"""
    return _composed(CROP, MIRROR, GREY, *END)


# --- pairs ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two views of a picture, and its label."""

    x_i: Array | str | None
    x_j: Array | str | None
    target: int | None


pair = suite.item("simclr.pair_getitem", points=2, answers=f"{VIEWS}:CIFAR10Pair.__getitem__")
CHOSEN = 3


@pair.check(
    Script(
        VIEWS,
        PicturesCase,
        Pair,
        f"""
        data = kit.pairs(CIFAR10Pair, images, labels, changes)
        x_i, x_j, target = kit.pair(data, {CHOSEN})
        """,
    ),
    core=[PicturesCase.of()],
)
def views(c: PicturesCase) -> Pair:
    """CIFAR10Pair gives two views of a picture, each drawn for itself, and its label"""
    return _pair(c, 0, 1)


@views.accepts
def views_the_other_way_round(c: PicturesCase) -> Pair:
    """The second view was made first"""
    return _pair(c, 1, 0)


def _pair(c: PicturesCase, i: int, j: int, chosen: int = CHOSEN) -> Pair:
    image = c.images[chosen].astype(np.float64)
    return Pair(image + c.changes[i], image + c.changes[j], int(c.labels[chosen]))


@views.mistake(ask="How often is self.transform called?")
def one_view_twice(c: PicturesCase) -> Pair:
    """one view is made and given twice"""
    return _pair(c, 0, 0)


@views.mistake(ask="Who decides how views are made: the data set, or whoever makes one?")
def transform_of_its_own(_c: PicturesCase) -> Pair:
    """the views are not made by self.transform"""
    made = "made by a RandomResizedCrop of its own"
    return Pair(made, made, None)
