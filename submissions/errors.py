"""The errors of this package.

SubmissionError
├── Unacceptable            an upload that cannot be graded; the sentence is for the student
│   └── TooLarge            one file is larger than its limit; the rest may still be graded
├── Refusal                 a request that the rules of the course forbid; the sentence is for whoever asked
│   ├── NotOpenYet          the assignment opens later
│   ├── Closed              the deadline and all late days are over
│   ├── NoAttemptsLeft      every attempt is used
│   ├── TooSoon             the last submission was a moment ago; it says how many seconds to wait
│   ├── KeyUsedOtherwise    the idempotency key was used for another upload
│   ├── NotAllowed          the state of the submission forbids it
│   ├── NotFound            there is no such thing, or none that the asker may know of
│   ├── AlreadyThere        the name is taken
│   ├── BadRoster           a roster that cannot be read; the sentence names the line
│   └── BackupRefused       there is nothing to back up, or a backup that cannot be laid down here
├── LeaseLost               somebody else has the submission by now; the work is dropped
├── StorageUnavailable      the folder of uploads cannot be used; the sentence is for staff
│   └── StorageFull         there is no room for another upload
├── DatabaseUnavailable     the store cannot be opened; the sentence is for staff
└── RowIsImmutable          code tried to edit a row that records history; a fault of ours
"""


class SubmissionError(Exception):
    """Base of everything this package raises on purpose."""


class Unacceptable(SubmissionError):
    """An upload cannot be graded; the text is one sentence that says what to do."""


class TooLarge(Unacceptable):
    """A single file holds more bytes than its limit."""


class Refusal(SubmissionError):
    """What was asked for is against the rules; the text is one sentence that says what to do."""


class NotOpenYet(Refusal):
    """The assignment opens later."""


class Closed(Refusal):
    """The deadline and all late days are over."""


class NoAttemptsLeft(Refusal):
    """Every attempt is used."""


class TooSoon(Refusal):
    """The last submission was a moment ago."""

    def __init__(self, sentence: str, retry_after_seconds: int) -> None:
        super().__init__(sentence)
        self.retry_after_seconds = retry_after_seconds


class KeyUsedOtherwise(Refusal):
    """The idempotency key belongs to an upload of other bytes or to another assignment."""


class NotAllowed(Refusal):
    """The state of a submission forbids what was asked for."""


class NotFound(Refusal):
    """There is no such thing, or none that the asker may know of."""


class AlreadyThere(Refusal):
    """The name is taken."""


class BadRoster(Refusal):
    """A roster that cannot be read."""


class BackupRefused(Refusal):
    """A store that cannot be backed up, or an archive that cannot be restored, as asked."""


class LeaseLost(SubmissionError):
    """The lease on a submission is over and somebody else may have it; the work is dropped."""


class StorageUnavailable(SubmissionError):
    """The folder of uploads cannot be read or written."""


class StorageFull(StorageUnavailable):
    """There is no room for another upload."""


class DatabaseUnavailable(SubmissionError):
    """The store cannot be opened; the text never contains a password."""


class RowIsImmutable(SubmissionError):
    """A submission, a grading or an item's result was changed or deleted after it was written."""
