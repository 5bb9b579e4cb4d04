"""How the text of a preamble is read, and the preambles that several assignments share.

Each file runs in the guest, above the student's statements. None of them knows an answer. `data_again` and
`images_again` give a cell that reads CIFAR-10 once more, as some do before each training, the data that it
has: the one where `data` is a dictionary of images without the image `grader_mean`, the other where images
are rows of pixels.
"""

from collections.abc import Callable
from pathlib import Path


def texts_beside(module: str) -> Callable[[str], str]:
    """Reads, by name, the preambles that lie beside the file of a module."""
    return lambda name: Path(module).with_name(f"{name}.py").read_text()


shared = texts_beside(__file__)
