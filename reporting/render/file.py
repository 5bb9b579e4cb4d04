"""Files that are either the old ones or complete."""

import os
from pathlib import Path


def write_whole(path: Path, content: str) -> None:
    r"""Write UTF-8 text so that no reader ever sees half of it; folders are made as needed.

    A lone surrogate, as file names that are not UTF-8 bring along, is written as ``\udc80``: in JSON
    that is the same string. Raises OSError when the place cannot be written to.
    """
    encoded = content.encode("utf-8", errors="backslashreplace")
    if path.exists() and not path.is_file():
        # A terminal, a pipe or /dev/null must not be replaced by a file.
        path.write_bytes(encoded)
        return
    path = path.resolve()  # a link stays a link: what it leads to is replaced
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name[:200]}.{os.getpid()}.part")
    try:
        draft.write_bytes(encoded)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
