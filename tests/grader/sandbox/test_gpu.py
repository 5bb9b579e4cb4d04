"""The GPU profile: everything of it that a machine without a GPU can show, and what it shows there."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.run import Grader, Options
from grader.sandbox import Limits, Sandbox, SandboxUnavailable, errand, gpu, places
from grader.sandbox.guest.confine import NO_GPU

LOOKING = b"""
import os
import socket

def first_line(path):
    with open(path) as file:
        return file.readline()

def listed(path):
    return len(os.listdir(path))

def name_a_thread():
    with open(f"/proc/self/task/{os.getpid()}/comm", "w") as file:
        file.write("cuda")
    return 1

def own_socket():
    mine = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    mine.bind("\\0cuda")
    mine.listen()
    return 1

def reach_a_socket():
    own_socket_of_mine = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    own_socket_of_mine.connect("\\0cuda")
    return 1

def internet():
    socket.socket(socket.AF_INET)
    return 1
"""


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """A machine with the device files that the test names, whatever the real one has."""
    monkeypatch.setattr(gpu, "devices", lambda: request.param)
    places.of_profile.cache_clear()
    yield
    places.of_profile.cache_clear()


def machine(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    return folder


def test_devices_are_what_cuda_opens(tmp_path: Path) -> None:
    names = ("nvidiactl", "nvidia-uvm", "nvidia2", "nvidia10", "nvidia-caps/nvidia-cap1")
    folder = machine(tmp_path, *names, "nvidia-modeset", "null")

    assert gpu.devices(folder) == tuple(str(folder / name) for name in names)


@pytest.mark.parametrize("names", [(), ("nvidiactl", "nvidia-uvm"), ("nvidia0",)])
def test_a_part_of_the_devices_is_no_gpu(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert gpu.devices(machine(tmp_path, *names)) == ()


def test_one_has_the_gpu_at_a_time(tmp_path: Path) -> None:
    folder = machine(tmp_path, "nvidiactl", "nvidia0")
    came = threading.Event()

    def next_one() -> None:
        with gpu.turn(folder):
            came.set()

    with gpu.turn(folder):
        waiting = threading.Thread(target=next_one)
        waiting.start()
        assert not came.wait(0.2)
    assert came.wait(10)
    waiting.join()


@pytest.mark.parametrize("found", [()], indirect=True)
@pytest.mark.usefixtures("found")
def test_a_guest_of_the_driver_sees_itself_and_nobody_else() -> None:
    def answer(function: str, *arguments: str) -> errand.Outcome:
        return errand.run(guest, function, *arguments, wall_seconds=30)

    with Sandbox("gpu") as sandbox, sandbox.spawn(Limits().with_gpu()) as guest:
        errand.load(guest, LOOKING)
        assert answer("first_line", "/proc/meminfo").value.startswith("MemTotal")
        assert answer("first_line", "/proc/self/status").value.startswith("Name")
        assert answer("name_a_thread").value == 1
        assert answer("own_socket").value == 1
        for refused in (
            answer("listed", "/proc"),
            answer("first_line", f"/proc/{os.getpid()}/status"),
            answer("first_line", "/proc/interrupts"),
            answer("reach_a_socket"),
            answer("internet"),
        ):
            assert refused.error is not None


@pytest.mark.parametrize("found", [()], indirect=True)
@pytest.mark.usefixtures("found")
def test_a_machine_without_a_gpu_says_so() -> None:
    with Sandbox("gpu") as sandbox:
        standing = sandbox.wait_ready()
    assert standing.sound
    assert not standing.has_gpu
    assert standing.says("gpu") == NO_GPU
    with (
        Grader("a2", Options(device="gpu")) as grader,
        pytest.raises(SandboxUnavailable, match=f"cannot run on a GPU here: {NO_GPU}"),
    ):
        grader.wait_ready()


# A device file that answers no driver: what a machine shows whose PyTorch is the CPU's build.
@pytest.mark.parametrize("found", [("/dev/null",)], indirect=True)
@pytest.mark.usefixtures("found")
def test_a_gpu_that_pytorch_cannot_use_is_none() -> None:
    with Sandbox("gpu") as sandbox:
        standing = sandbox.wait_ready()
    assert not standing.has_gpu
    assert standing.says("gpu").startswith("PyTorch cannot compute on it: ")
    for device in ("auto", "cpu"):
        with Grader("a2", Options(device=device)) as grader:
            grader.wait_ready()
            assert not grader._has_gpu()
