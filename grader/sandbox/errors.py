"""What can go wrong with a sandbox.

SandboxError
├── SandboxUnavailable — ours: no guest can be had on this machine
└── GuestEnded — theirs: the guest ended before it answered
"""

from typing import Literal

Cause = Literal["exited", "killed", "timed_out", "out_of_memory", "too_much_output", "malformed"]


class SandboxError(Exception):
    """Base of both."""


class SandboxUnavailable(SandboxError):
    """No guest can be had on this machine; the text is one sentence that says what is missing."""


class GuestEnded(SandboxError):
    """The guest ended before it answered: never a fault of ours, never a traceback.

    `cause` is what ended it, `detail` one short fact for the report.
    """

    def __init__(self, cause: Cause, detail: str) -> None:
        super().__init__(f"{cause}: {detail}")
        self.cause: Cause = cause
        self.detail = detail
