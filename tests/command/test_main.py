import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import Result

from command.main import SUBCOMMANDS

Grader = Callable[..., Result]


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_has_help(grader: Grader, name: str) -> None:
    result = grader(name, "--help")
    assert result.exit_code == 0
    assert f"{name} " in result.output.splitlines()[0]


def test_the_overview_names_every_subcommand(grader: Grader) -> None:
    output = grader("--help").output
    assert all(f"  {name} " in output for name in SUBCOMMANDS)


def test_the_version(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", {"cs231n-grader": "1.2.3"}.__getitem__)
    assert grader("--version").output == "grader 1.2.3\n"


def test_help_needs_nothing_that_is_slow_to_import() -> None:
    program = (
        "import sys\n"
        "from command.main import cli\n"
        "cli.main(['--help'], prog_name='grader', standalone_mode=False)\n"
        "slow = {'numpy', 'torch', 'sqlalchemy', 'rich', 'pydantic', 'reference', 'grader'}\n"
        "print(sorted(slow & sys.modules.keys()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}\n{program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(("code", "status"), [(3, 3), (1, 1), (0, 0), (None, 0), ("a sentence", 1)])
def test_the_status_of_whoever_leaves_is_kept(code: object, status: int) -> None:
    leaving = (
        "from command.main import cli, main\n"
        "def leave(**_):\n"
        f"    raise SystemExit({code!r})\n"
        "import click\n"
        "cli.main = lambda **_: click.Command('x', callback=leave).main([], standalone_mode=False)\n"
        "main()\n"
    )
    left = subprocess.run([sys.executable, "-c", leaving], capture_output=True, text=True)  # noqa: PLW1510
    assert left.returncode == status
    assert left.stderr.strip() == (code if isinstance(code, str) else "")
