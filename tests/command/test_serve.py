"""`grader serve`: starts, answers, ends on SIGTERM, and says in a sentence why it cannot."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
from click.testing import CliRunner

from command.main import cli


def test_it_starts_answers_and_ends(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "command.main", "serve", "--port", "0"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "GRADER_DATABASE": f"sqlite:///{tmp_path / 'serve.db'}",
            "API_EMBEDDED_WORKERS": "0",
        },
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    address = process.stderr.readline().strip()
    try:
        assert address.startswith("http://127.0.0.1:")
        # The kernel keeps who comes before the service is ready.
        assert httpx.get(f"{address}/healthz", timeout=60).json() == {"status": "alive"}
        assert httpx.get(f"{address}/", timeout=60).headers["content-type"].startswith("text/html")
        process.send_signal(signal.SIGTERM)
        # It ends in good order, and then as the signal says.
        assert process.wait(60) == -signal.SIGTERM
        assert "Application shutdown complete" in process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = CliRunner().invoke(cli, ["serve", "--port", str(port)])
    assert done.exit_code == 2
    assert done.output == (
        f"Error: nothing can listen at 127.0.0.1, port {port} (Address already in use); choose "
        "another --port or --host\n"
    )


def test_a_host_that_is_not_this_machine_is_said() -> None:
    done = CliRunner().invoke(cli, ["serve", "--host", "192.0.2.1", "--port", "0"])
    assert done.exit_code == 2
    assert "nothing can listen at 192.0.2.1" in done.output
