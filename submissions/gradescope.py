"""The list of names that comes with a Gradescope export."""

import json
import re

from submissions.filenames import printable

METADATA = "submission_metadata.yml"
METADATA_BYTES = 64 * 1024 * 1024  # it repeats the results of all tests of all students

_SUBMISSION = re.compile(r"^(?P<folder>submission_\d+):\s*$")
_NAME = re.compile(r"^[\s-]*:name:\s*(?P<name>.+?)\s*$")
_SUBMITTERS = re.compile(r"^ {2}:?submitters:\s*$")


def read_names(metadata: bytes) -> dict[str, str]:
    """Return the submitters of each folder: {"submission_17": "Ada, Alan"}.

    Only the lines of submitters are looked at, so that the rest of the file may be anything.
    """
    names: dict[str, list[str]] = {}
    folder: str | None = None
    listening = False
    for line in metadata.decode("utf-8", "replace").splitlines():
        if match := _SUBMISSION.match(line):
            folder, listening = match["folder"], False
            names[folder] = []
        elif folder is not None and re.match(r"^ {2}[^\s-]", line):
            listening = _SUBMITTERS.match(line) is not None
        elif folder is not None and listening and (match := _NAME.match(line)):
            names[folder].append(_scalar(match["name"]))
    return {folder: printable(", ".join(filter(None, found))) for folder, found in names.items()}


def _scalar(text: str) -> str:
    """Return the value of a YAML scalar: plain, 'single' or "double" quoted."""
    if len(text) >= 2 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) >= 2 and text[0] == text[-1] == '"':
        escapes = re.sub(r"\\x([0-9A-Fa-f]{2})", r"\\u00\1", text)
        try:
            return str(json.loads(escapes))
        except ValueError:
            return text[1:-1]
    return text
