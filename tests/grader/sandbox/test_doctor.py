import pytest

from grader.sandbox import Sandbox, SandboxUnavailable, canaries, doctor, errand
from grader.sandbox.canaries import Canary
from grader.sandbox.errors import GuestEnded
from grader.sandbox.places import Profile

# What any user of a machine may do to it when nothing confines him.
FREE_TO_SING = (
    *("secret", "answers", "folder", "write", "tcp", "udp", "unix", "abstract", "fork", "execute"),
    *("signal_host", "signal_zygote"),
)


@pytest.mark.parametrize("profile", ["numpy", "torch", "gpu"])
def test_this_machine_is_sound_and_no_canary_sings(profile: Profile) -> None:
    diagnosis = doctor.examine(profile)

    assert [canary for canary in diagnosis.canaries if canary.sang] == []
    assert len(diagnosis.canaries) >= 20
    assert diagnosis.refusal is None
    assert diagnosis.sound
    assert diagnosis.standing is not None
    assert diagnosis.standing.sound


def test_canaries_sing_where_nothing_confines_them() -> None:
    with Sandbox(confined=False) as sandbox:
        sent = canaries.run_all(sandbox, only=FREE_TO_SING)

    assert {canary.name for canary in sent} == set(FREE_TO_SING)
    assert [canary for canary in sent if not canary.sang] == []


def test_a_canary_that_sings_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    sung = Canary("tcp", "connects to a port", sang=True, detail="it returned 1")
    monkeypatch.setattr(canaries, "run_all", lambda sandbox: [sung])

    diagnosis = doctor.examine()

    assert not diagnosis.sound
    assert diagnosis.refusal == ("submissions can break out of the sandbox: tcp connects to a port")


def test_a_sandbox_that_cannot_start_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable(self: Sandbox) -> None:
        raise SandboxUnavailable("no namespaces, no Landlock, nothing")

    monkeypatch.setattr(Sandbox, "examine", unavailable)

    diagnosis = doctor.examine()

    assert diagnosis.refusal == "no namespaces, no Landlock, nothing"
    assert diagnosis.canaries == ()


def test_an_end_that_is_not_due_is_a_song(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends(*args: object, **kwargs: object) -> None:
        raise GuestEnded("exited", "exit status 0")

    with Sandbox() as sandbox, canaries.laid() as traps:
        attacks = {attack.name: attack for attack in canaries.attacks(traps)}
        monkeypatch.setattr(errand, "run", ends)
        assert canaries.run(sandbox, attacks["memory"]).sang
        assert not canaries.run(sandbox, attacks["fork"]).sang
