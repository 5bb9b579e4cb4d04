"""Which layers of the sandbox hold on this machine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["holds", "degraded", "missing"]

# Without any of these nothing is graded. Namespaces and uids are welcome on top.
REQUIRED = ("no_new_privs", "seccomp", "rlimits")
# One of these must keep files apart.
KEEPING_FILES = ("landlock", "namespaces", "uid")


@dataclass(frozen=True)
class Layer:
    """One layer: its name, whether it holds, and a sentence for the operator."""

    name: str
    state: State
    says: str


@dataclass(frozen=True)
class Standing:
    """All layers of one sandbox, as found when it started."""

    layers: tuple[Layer, ...]
    confined: bool = True

    @classmethod
    def of_notes(cls, notes: Iterable[Sequence[str]], *, confined: bool) -> "Standing":
        """The layers as the zygote wrote them down: name, state, sentence."""
        states: dict[str, State] = {"holds": "holds", "degraded": "degraded", "missing": "missing"}
        layers = tuple(Layer(name, states[state], says) for name, state, says in notes)
        return cls(layers, confined)

    def state(self, name: str) -> State:
        """The state of one layer; a layer that was never tried is missing."""
        return next((layer.state for layer in self.layers if layer.name == name), "missing")

    def says(self, name: str) -> str:
        """What there is to say about one layer."""
        return next(
            (layer.says for layer in self.layers if layer.name == name), "it was never tried"
        )

    @property
    def has_gpu(self) -> bool:
        """Whether guests can compute on a GPU."""
        return self.state("gpu") == "holds"

    @property
    def lacks(self) -> tuple[str, ...]:
        """The layers without which nothing may be graded, in words."""
        lacking = [name for name in REQUIRED if self.state(name) != "holds"]
        if not any(self.state(name) == "holds" for name in KEEPING_FILES):
            lacking.append("landlock")
        said = {layer.name: f"{layer.name} ({layer.says})" for layer in self.layers}
        return tuple(said.get(name, name) for name in lacking)

    @property
    def sound(self) -> bool:
        """Whether submissions may be graded behind these layers."""
        return not self.lacks
