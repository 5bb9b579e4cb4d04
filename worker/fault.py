"""How a fault of ours is put into one sentence."""

import traceback
from pathlib import Path


def sentence_of(error: BaseException) -> str:
    """The sentence for an unexpected exception: what it was, where, and what to do."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    said = " ".join(str(error).split())[:200]
    what = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return (
        f"the grader itself failed ({what}{where}), which costs no points; "
        "grade it again, and report this line if it fails again"
    )
