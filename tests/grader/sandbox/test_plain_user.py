import json
import os
import subprocess
import sys
from pathlib import Path

import grader

PROGRAM = Path(__file__).with_name("plain_user.py")
ROOT = Path(grader.__file__).resolve().parent.parent


def test_an_ordinary_user_can_grade_safely() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, str(PROGRAM)], env=environment, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    assert found["uid"] != 0
    assert found["doubled"] == 42
    assert found["diagnosis"]["refusal"] is None
    assert [canary for canary in found["diagnosis"]["canaries"] if canary["sang"]] == []
    layers = {layer["name"]: layer["state"] for layer in found["diagnosis"]["standing"]["layers"]}
    assert layers["uid"] == "degraded"
