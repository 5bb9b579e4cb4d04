"""Examines the sandbox on this machine: which layers hold, and whether a canary gets out."""

from dataclasses import dataclass

from . import canaries
from .canaries import Canary
from .errors import SandboxUnavailable
from .host import Sandbox
from .places import Profile
from .standing import Standing


@dataclass(frozen=True)
class Diagnosis:
    """What holds, what sang, and, where nothing may be graded, the sentence that says why."""

    standing: Standing | None
    canaries: tuple[Canary, ...]
    refusal: str | None

    @property
    def sound(self) -> bool:
        """Whether this machine may grade submissions."""
        return self.refusal is None


def examine(profile: Profile = "numpy") -> Diagnosis:
    """Start a sandbox, look at its layers and send every canary.

    A canary that sings is a refusal even where every layer claims to hold.
    """
    standing: Standing | None = None
    sent: list[Canary] = []
    try:
        with Sandbox(profile) as sandbox:
            standing = sandbox.examine()
            sandbox.wait_ready()
            sent = canaries.run_all(sandbox)
    except SandboxUnavailable as unavailable:
        return Diagnosis(standing, tuple(sent), str(unavailable))
    sang = [f"{canary.name} {canary.says}" for canary in sent if canary.sang]
    refusal = f"submissions can break out of the sandbox: {'; '.join(sang)}" if sang else None
    return Diagnosis(standing, tuple(sent), refusal)
