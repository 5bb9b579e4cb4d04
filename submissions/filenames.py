"""What the name of a file or a folder says about it."""

import re
import unicodedata
from difflib import SequenceMatcher
from pathlib import PurePosixPath

READABLE = frozenset({".py", ".ipynb", ".pyx", ".toml", ".txt", ".cfg", ".json", ".md"})
COMPILED = frozenset({".so", ".pyd", ".dll", ".dylib", ".o", ".a", ".obj", ".lib", ".pyc", ".pyo"})

_PRUNED = frozenset(
    {"__MACOSX", "__pycache__", "build", "datasets", "env", "node_modules", "site-packages", "venv"}
)
_PYTHON_LIBRARY = re.compile(r"python[23]\.\d+")

_KINDS = {
    ".7z": "a 7z archive",
    ".bz2": "a compressed file",
    ".csv": "a table",
    ".doc": "a Word document",
    ".docx": "a Word document",
    ".gz": "a tar or gzip archive",
    ".h5": "a data set",
    ".html": "a web page",
    ".jpeg": "a picture",
    ".jpg": "a picture",
    ".npy": "a data set",
    ".npz": "a data set",
    ".pdf": "a PDF",
    ".png": "a picture",
    ".py": "a single Python file",
    ".rar": "a RAR archive",
    ".tar": "a tar archive",
    ".tgz": "a tar archive",
    ".txt": "a text file",
    ".xz": "a compressed file",
}

_ASSIGNMENT = re.compile(
    r"(?:^|(?<=[^a-z]))(?:assi[a-z]*|asgn|homework|hw|pset|ps|a)[\s_.-]*0*([1-9])(?![0-9])"
)
_FILLER = re.compile(
    r"cs231n|stanford|spring|summer|fall|autumn|winter|colab|jupyter|code|submissions?|"
    r"solutions?|starter|inline|final|old|new|copy|master|main|done|finished|my"
)
_COPY_BEFORE = re.compile(r"^copy[\s_]+of[\s_]+")
_COPY_AFTER = re.compile(r"(?:\s*\(\d+\)|[\s_-]*copy\s*\d*)$")


def printable(text: str) -> str:
    """Return `text` composed (NFC), with undecodable bytes and control characters replaced."""
    decoded = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    composed = unicodedata.normalize("NFC", decoded)
    return "".join("\ufffd" if unicodedata.category(sign) == "Cc" else sign for sign in composed)


def is_pruned(folder: str) -> bool:
    """Say whether a folder of this name is never looked into."""
    return (
        folder.startswith(".") or folder in _PRUNED or _PYTHON_LIBRARY.fullmatch(folder) is not None
    )


def is_ignored(name: str) -> bool:
    """Say whether an entry of a class folder is nobody's submission."""
    return is_pruned(name) or name.lower().startswith(("readme", "thumbs.db", "desktop.ini"))


def suffix(path: str) -> str:
    """Return the last suffix of a path in lower case, ".ipynb" for instance."""
    return PurePosixPath(path).suffix.lower()


def kind(name: str) -> str:
    """Name the kind of a file that cannot be a submission, "a PDF" for instance."""
    return _KINDS.get(suffix(name), "a file of another kind")


def assignment_number(name: str) -> str | None:
    """Return the digit of a name that speaks of an assignment: "2" for `hw2` and `assignmen2`."""
    match = _ASSIGNMENT.search(name.lower())
    return match.group(1) if match else None


def names_an_assignment(name: str) -> bool:
    """Say whether the name is an assignment's and nobody's: `a2_colab` is, `a2_alice` is not."""
    rest, found = _ASSIGNMENT.subn(" ", name.lower(), count=1)
    return found == 1 and re.search(r"[^\W\d_]", _FILLER.sub(" ", rest)) is None


def has_number(path: str, number: str) -> bool:
    """Say whether `number` stands alone in a path; years and the course's 231 do not count."""
    return re.search(rf"(?<!\d){re.escape(number)}(?!\d)", path) is not None


def resembles(name: str, package: str) -> bool:
    """Say whether a folder's name is `package` with a slip of the pen: `sc231n` for `cs231n`."""
    digits = "".join(sign for sign in package if sign.isdigit())
    return (
        digits in name
        and abs(len(name) - len(package)) <= 1
        and SequenceMatcher(None, name.lower(), package).ratio() >= 0.8
    )


def plain_stem(notebook: str) -> str:
    """Return a notebook's stem in lower case, without the traces of a download or a copy."""
    stem = PurePosixPath(notebook).stem.lower().strip()
    return _COPY_AFTER.sub("", _COPY_BEFORE.sub("", stem)).strip()
