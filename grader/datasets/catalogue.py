"""The data sets that the course uses: their files, their published checksums, where they come from."""

from dataclasses import dataclass, field

from grader.datasets import cifar10, coco
from grader.datasets.hdf5 import LIBRARY


@dataclass(frozen=True)
class File:
    """A file of a data set; `md5` is of the published content, where one is known."""

    name: str
    md5: str | None = None


@dataclass(frozen=True)
class Archive:
    """What is downloaded. Sources: the university's page (md5), Keras (sha256)."""

    url: str
    name: str
    size: int
    md5: str
    sha256: str


@dataclass(frozen=True)
class Dataset:
    """One data set: a folder of files."""

    name: str
    title: str
    folder: str
    files: tuple[File, ...]
    get: str
    """How one gets it, in words that follow "to get it, "."""
    archive: Archive | None = None
    libraries: tuple[str, ...] = field(default=())
    """What must be installed to read it, besides NumPy."""


CIFAR10 = Dataset(
    name="cifar10",
    title="CIFAR-10, 60000 small colour images in ten classes",
    folder="cifar-10-batches-py",
    files=(
        File(cifar10.TRAINING_FILES[0], "c99cafc152244af753f735de768cd75f"),
        File(cifar10.TRAINING_FILES[1], "d4bba439e000b95fd0a9bffe97cbabec"),
        File(cifar10.TRAINING_FILES[2], "54ebc095f3ab1f0389bbae665268c751"),
        File(cifar10.TRAINING_FILES[3], "634d18415352ddfa80567beed471001a"),
        File(cifar10.TRAINING_FILES[4], "482c414d41f54cd18b22e5b47cb7c3cb"),
        File(cifar10.TEST_FILE, "40351d587109b95175f43aff81a1287e"),
        File(cifar10.NAMES_FILE, "5ff9c542aee3614f3951f8cda6e48888"),
    ),
    get="run: grader data download cifar10",
    archive=Archive(
        url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        name="cifar-10-python.tar.gz",
        size=170_498_071,
        md5="c58f30108f718f92721af3b95e74349a",
        sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    ),
)

COCO = Dataset(
    name="coco",
    title="COCO captions with VGG16 features",
    folder="coco_captioning",
    files=tuple(
        File(name)
        for name in (
            coco.CAPTIONS_FILE,
            coco.VOCABULARY_FILE,
            *(coco.features_file(part) for part in coco.PARTS),
            *(coco.urls_file(part) for part in coco.PARTS),
        )
    ),
    # Its archive has no published checksum, so that nothing here could tell it from another file.
    get="run get_datasets.sh in assignment 3's cs231n/datasets and name that folder",
    libraries=(LIBRARY,),
)

DATASETS = {dataset.name: dataset for dataset in (CIFAR10, COCO)}
