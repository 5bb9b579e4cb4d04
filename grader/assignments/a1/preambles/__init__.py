"""What our own preambles give a student's cells: data and names under which the notebook has them.

Each file runs in the guest, above the student's statements. None of them knows an answer.
"""

from pathlib import Path


def text(name: str) -> str:
    """The text of one preamble."""
    return Path(__file__).with_name(f"{name}.py").read_text()
