"""What students use of Python and NumPy works inside, also where it is imported late."""

import pytest

from grader.sandbox import Limits, Sandbox, errand

USES = {
    "linalg": "np.linalg.svd(np.eye(4))[1].sum()",
    "fft": "np.fft.fft(np.ones(8)).real.sum()",
    "random": "np.random.default_rng(0).normal(size=3).size",
    "testing": "np.testing.assert_allclose(1, 1)",
    "masked": "np.ma.masked_array([1.0, 2.0], [True, False]).sum()",
    "polynomial": "np.polynomial.Polynomial([1, 2])(3)",
    "late modules": "[importlib.import_module(m) for m in LATE] and 1",
    "after invalidation": "(importlib.invalidate_caches(), importlib.import_module('shelve')) and 1",
    "threads": "futures.ThreadPoolExecutor(2).submit(abs, -1).result()",
    "asyncio": "asyncio.run(asyncio.sleep(0, 1))",
}
STUDENT = """
import asyncio, importlib
from concurrent import futures
import numpy as np
LATE = ("sqlite3", "bz2", "lzma", "decimal", "csv", "unittest.mock", "xml.dom.minidom", "ctypes",
        "numpy.ctypeslib", "numpy.polynomial.chebyshev", "hashlib", "multiprocessing", "statistics")
def use():
    return {use}
"""


@pytest.mark.parametrize("use", list(USES))
def test_it_works(sandbox: Sandbox, use: str) -> None:
    with sandbox.spawn(Limits()) as guest:
        errand.load(guest, STUDENT.replace("{use}", USES[use]).encode())
        assert errand.run(guest, "use").error is None


@pytest.mark.parametrize("name", ["reference", "grader", "submissions", "worker", "api", "command"])
def test_nothing_of_ours_can_be_imported(sandbox: Sandbox, name: str) -> None:
    with sandbox.spawn(Limits()) as guest:
        errand.load(guest, f"def use():\n    import {name}\n".encode())
        assert errand.run(guest, "use").error == f"ModuleNotFoundError: No module named '{name}'"


def test_a_scratch_folder_can_be_written_where_there_is_one(sandbox: Sandbox) -> None:
    student = b"""
import tempfile
def use():
    with tempfile.TemporaryFile() as file:
        return file.write(b"text")
"""
    mounted = sandbox.wait_ready().state("namespaces") == "holds"
    with sandbox.spawn(Limits()) as guest:
        errand.load(guest, student)
        outcome = errand.run(guest, "use")
    assert (outcome.value == 4) is mounted
