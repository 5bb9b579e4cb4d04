"""The story of an upload: is it allowed, is it of a kind that can be graded, is it safe on the disk?

Whatever `accept` returned and its caller committed is durable and owed a grading. Whatever it refuses
has left nothing behind and cost no attempt.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from submissions.errors import KeyUsedOtherwise, Unacceptable
from submissions.filenames import kind as kind_in_words
from submissions.filenames import printable, suffix
from submissions.policy import admit
from submissions.queries.coursework import Coursework
from submissions.queries.uploads import Student, Uploads
from submissions.storage import Blobs, Incoming
from submissions.tables.coursework import Assignment
from submissions.tables.uploads import Upload

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_KEY = re.compile(r"[\x21-\x7e]{1,128}")
_NAME_BYTES = 200


@dataclass(frozen=True)
class Accepted:
    """An upload that will be graded; `repeated` if it was accepted before under the same key."""

    upload: Upload
    days_late: int
    repeated: bool


def kind_of(incoming: Incoming, filename: str) -> str:
    """The kind of a received file, ".ipynb" or ".zip", by its name and its first bytes.

    Raises: Unacceptable with a sentence for the student.
    """
    shown = shown_name(filename)
    kind = suffix(shown)
    if kind not in (".ipynb", ".zip"):
        raise Unacceptable(
            f"{shown} is {kind_in_words(shown)}; hand in a notebook (.ipynb) or the course's zip"
        )
    if incoming.size_bytes == 0:
        raise Unacceptable(f"{shown} is empty; save it and hand it in again")
    if kind == ".zip" and not incoming.head.startswith((_ZIP, _EMPTY_ZIP)):
        raise Unacceptable(f"{shown} is not a zip; pack the folder again and hand in the new zip")
    text = incoming.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if kind == ".ipynb" and not text.startswith(b"{"):
        raise Unacceptable(
            f"{shown} is not a notebook: it is not JSON; download it again as .ipynb"
        )
    return kind


def accept(
    session: Session,
    blobs: Blobs,
    incoming: Incoming,
    *,
    student: Student,
    assignment: Assignment,
    now: datetime,
    filename: str,
    key: str | None = None,
) -> Accepted:
    """Take a received upload in; the caller commits.

    Two at once are decided one after the other: at the limit, one of them wins. The bytes get their
    name last, so that a refusal leaves nothing behind; if the commit fails, the sweep finds them.

    Raises: Unacceptable, Refusal, StorageFull, StorageUnavailable.
    """
    kind = kind_of(incoming, filename)
    uploads = Uploads(session)
    uploads.lock(assignment.course_id, student.id)
    if key is not None and (known := uploads.by_key(student.id, key)) is not None:
        if known.blob != f"{incoming.digest}{kind}" or known.assignment_id != assignment.id:
            raise KeyUsedOtherwise(
                "this idempotency key was used for another upload; take a new one for each"
            )
        return Accepted(known, 0, repeated=True)
    rules = Coursework(session).rules(assignment, student.id)
    past, last = uploads.past(assignment.id, student.id)
    late = admit(rules, past, now)
    blob = blobs.keep(incoming, kind)
    upload = uploads.add(
        assignment=assignment,
        student=student,
        blob=blob,
        filename=shown_name(filename),
        number=last + 1,
        key=key,
        now=now,
    )
    return Accepted(upload, late, repeated=False)


def check_key(key: str | None) -> str | None:
    """An idempotency key as it may be kept. Raises: Unacceptable."""
    if key is not None and not _KEY.fullmatch(key):
        raise Unacceptable("an idempotency key has 1 to 128 printable ASCII characters")
    return key


def shown_name(filename: str) -> str:
    """The last part of a file's name, in signs that can be shown and on a disk."""
    name = printable(filename.replace("\\", "/").rpartition("/")[2]).strip()
    short = name.encode("utf-8", "replace")[-_NAME_BYTES:].decode("utf-8", "ignore")
    return short if short.strip(".") else "upload"
