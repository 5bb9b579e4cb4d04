"""The layers around one guest: which of them hold on this machine, and putting them on, in order.

`survey` tries each layer in a process of its own that ends right after, so that nothing is assumed
about a kernel or a container. `put_on` is what every child does before the first student byte.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from . import kernel, landlock, namespaces, privileges, rlimits, seccomp

DEVICES = ("/dev/null",)
TRIAL_LIMITS = {
    "cpu_seconds": 10, "memory_mib": 4096, "file_mib": 1, "open_files": 64, "processes": 64,
}  # fmt: skip
NO_GPU = "no GPU of NVIDIA's is here"
GPU_TRIAL_LIMITS = {**TRIAL_LIMITS, "cpu_seconds": 60, "memory_mib": 8192, "open_files": 256}
_SENTENCE_BYTES = 4096


@dataclass
class Plan:
    """What every child puts on."""

    landlock: int | None = None
    seccomp: bytes | None = None
    own_uid: bool = False
    own_pids: int | None = None
    """Descriptor of the zygote's own pid namespace, to return to after a fork."""
    no_new_privileges: bool = False
    own_landlock: Callable[[], int] | None = None
    """Makes the ruleset of a guest that reads what the kernel says of it: only there is it known."""
    gpu: bool = False
    """Whether guests compute on a GPU; its device files are `devices`."""
    devices: Sequence[str] = ()
    notes: list[tuple[str, str, str]] = field(default_factory=list)
    """Layer, state (holds, degraded, missing), sentence."""

    def note(self, layer: str, lacks: str | None, held: str, *, state: str = "missing") -> bool:
        """Write down whether a layer holds; says so."""
        if lacks is None:
            self.notes.append((layer, "holds", held))
        else:
            self.notes.append((layer, state, lacks))
        return lacks is None


def lacking(*layers: Callable[[], None]) -> str | None:
    """Try layers in a process that ends right after; why one does not hold, or None."""
    read, write = os.pipe()
    if (pid := os.fork()) == 0:
        sentence = b"it broke"
        try:
            for layer in layers:
                layer()
            sentence = b""
        except (kernel.Unavailable, OSError, ValueError) as refused:
            sentence = str(refused).encode()[:_SENTENCE_BYTES] or b"refused"
        finally:
            os.write(write, sentence)
            os._exit(1 if sentence else 0)
    os.close(write)
    sentence = os.read(read, _SENTENCE_BYTES)
    os.close(read)
    _, status = os.waitpid(pid, 0)
    if status == 0:
        return None
    return sentence.decode(errors="replace") or "the process that tried it was killed"


def try_namespaces(shown: Sequence[str], masked: Sequence[str], *, gpu: bool = False) -> None:
    """All that namespaces are used for, from the new root to a child's scratch folder.

    Raises: Unavailable.
    """
    namespaces.enter()
    if sentence := lacking(lambda: _try_inside(shown, masked, gpu=gpu)):
        raise kernel.Unavailable(sentence)


def _try_inside(shown: Sequence[str], masked: Sequence[str], *, gpu: bool) -> None:
    home = os.open("/proc/self/ns/pid", os.O_RDONLY)
    namespaces.build_root(shown, masked)
    namespaces.own_pids()
    mounts = (namespaces.own_scratch, *((namespaces.own_processes,) if gpu else ()))
    if sentence := lacking(*mounts):
        raise kernel.Unavailable(sentence)
    namespaces.return_to(home)


def survey(plan: Plan, readable: Sequence[str], probes: Sequence[str], uid: int) -> None:
    """Find out which layers hold and prepare them, so that a child only has to enter.

    `probes` are files that a guest of the given uid must be able to read.
    """
    lacks = lacking(privileges.forbid_new)
    plan.no_new_privileges = plan.note("no_new_privs", lacks, "no set-uid program helps a guest")
    lacks = lacking(lambda: rlimits.apply(TRIAL_LIMITS, own_uid=False))
    plan.note("rlimits", lacks, "CPU time, memory, files and open files are limited")
    _survey_landlock(plan, readable)
    _survey_seccomp(plan)
    _survey_separation(plan, probes, uid)
    if plan.gpu:
        _survey_gpu(plan, uid)


def _survey_landlock(plan: Plan, readable: Sequence[str]) -> None:
    writable = [] if plan.own_pids is None else [namespaces.TEMPORARY]
    lacks, version = None, 0
    try:
        version = landlock.abi()
        plan.landlock = landlock.build(readable, writable, DEVICES, version)
        if plan.gpu:
            plan.own_landlock = partial(_own_landlock, plan, readable, writable, version)
    except kernel.Unavailable as refused:
        lacks = str(refused)
    if (ruleset := plan.landlock) is not None:
        lacks = lacking(privileges.forbid_new, lambda: landlock.enter(ruleset))
    if lacks is None and version < landlock.COMPLETE_ABI:
        older = f"version {version} of {landlock.COMPLETE_ABI}: it keeps files apart, little else"
        plan.notes.append(("landlock", "degraded", older))
    elif not plan.note("landlock", lacks, "only Python and the libraries can be read; no TCP"):
        plan.landlock = None


def _own_landlock(
    plan: Plan, readable: Sequence[str], writable: Sequence[str], version: int
) -> int:
    own = f"/proc/{os.getpid()}"
    # The driver gives its threads names, which are written there.
    devices = (*DEVICES, *plan.devices, f"{own}/task")
    return landlock.build([*readable, own], writable, devices, version)


def _survey_seccomp(plan: Plan) -> None:
    lacks = None
    try:
        program = plan.seccomp = seccomp.program(kernel.machine(), gpu=plan.gpu)
        lacks = lacking(privileges.forbid_new, lambda: seccomp.enter(program))
    except kernel.Unavailable as refused:
        lacks = str(refused)
    if not plan.note("seccomp", lacks, "no processes, programs, sockets or signals to others"):
        plan.seccomp = None


def _survey_separation(plan: Plan, probes: Sequence[str], uid: int) -> None:
    def as_another() -> None:
        privileges.become(uid)
        for probe in probes:
            os.close(os.open(probe, os.O_RDONLY))

    lacks: str | None = "only root can give each guest a uid of its own"
    if os.getuid() == 0:
        lacks = lacking(as_another)
    plan.own_uid = plan.note("uid", lacks, "each guest has a uid of its own", state="degraded")


def _survey_gpu(plan: Plan, uid: int) -> None:
    """Compute on the GPU once, as a guest does; here nothing must touch it."""

    def compute() -> None:
        put_on(plan, GPU_TRIAL_LIMITS, uid, os.getppid())
        import torch  # noqa: PLC0415 - a guest without a GPU need not have it

        try:
            torch.ones(2, device="cuda").sum().item()
        except (RuntimeError, AssertionError) as refused:  # a build without CUDA asserts it
            first = str(refused).strip().partition("\n")[0]
            raise kernel.Unavailable(f"PyTorch cannot compute on it: {first}") from None

    if not plan.devices:
        plan.note("gpu", NO_GPU, "", state="degraded")
        return
    if plan.own_pids is not None:
        namespaces.own_pids()
    try:
        lacks = lacking(compute)
    finally:
        if plan.own_pids is not None:
            namespaces.return_to(plan.own_pids)
    plan.note("gpu", lacks, "PyTorch computes on it inside the sandbox", state="degraded")


def put_on(plan: Plan, limits: Mapping[str, int], uid: int, parent: int) -> None:
    """Confine this process for good. What was found to hold must hold now.

    Raises: Unavailable.
    """
    if plan.own_pids is not None:
        namespaces.own_scratch()
        if plan.gpu:
            namespaces.own_processes()
        parent = 0
    os.setsid()
    privileges.empty_bounding_set()
    if plan.own_uid:
        privileges.become(uid)
    privileges.die_with_parent(parent)
    privileges.drop_capabilities()
    rlimits.apply(limits, own_uid=plan.own_uid)
    if plan.no_new_privileges:
        privileges.forbid_new()
    if plan.landlock is not None:
        own = plan.landlock if plan.own_landlock is None else plan.own_landlock()
        landlock.enter(own)
        for ruleset in {own, plan.landlock}:
            os.close(ruleset)
    if plan.seccomp is not None:
        seccomp.enter(seccomp.for_process(plan.seccomp, os.getpid()))
