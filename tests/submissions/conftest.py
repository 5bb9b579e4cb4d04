"""Landmarks of a small course and ways to lay out what students hand in."""

import io
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from submissions.database import Database, open_database
from submissions.landmarks import Landmarks

NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
PDF = b"%PDF-1.4"

DEFAULT_POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@pytest.fixture
def landmarks() -> Landmarks:
    return Landmarks(
        assignment="a2",
        notebooks=("BatchNormalization.ipynb", "ConvolutionalNetworks.ipynb", "Dropout.ipynb"),
        modules=(
            "cs231n/layers.py",
            "cs231n/optim.py",
            "cs231n/solver.py",
            "cs231n/classifiers/fc_net.py",
            "cs231n/classifiers/cnn.py",
        ),
        distinct=(
            "BatchNormalization.ipynb",
            "ConvolutionalNetworks.ipynb",
            "Dropout.ipynb",
            "cs231n/classifiers/cnn.py",
        ),
        others={
            "a1": ("knn.ipynb", "svm.ipynb", "cs231n/classifiers/linear_svm.py"),
            "a3": ("RNN_Captioning.ipynb", "cs231n/rnn_layers.py"),
        },
    )


@pytest.fixture
def complete() -> dict[str, bytes]:
    """The files of a complete submission."""
    return {
        "BatchNormalization.ipynb": NOTEBOOK,
        "ConvolutionalNetworks.ipynb": NOTEBOOK,
        "Dropout.ipynb": NOTEBOOK,
        "cs231n/__init__.py": b"",
        "cs231n/layers.py": b"# layers",
        "cs231n/optim.py": b"# optim",
        "cs231n/solver.py": b"# solver",
        "cs231n/classifiers/fc_net.py": b"# fc_net",
        "cs231n/classifiers/cnn.py": b"# cnn",
    }


@pytest.fixture
def first_assignment() -> dict[str, bytes]:
    return {
        "knn.ipynb": NOTEBOOK,
        "svm.ipynb": NOTEBOOK,
        "cs231n/layers.py": b"# layers of a1",
        "cs231n/optim.py": b"# optim of a1",
        "cs231n/solver.py": b"# solver of a1",
        "cs231n/classifiers/fc_net.py": b"# fc_net of a1",
        "cs231n/classifiers/linear_svm.py": b"# svm",
    }


def lay_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Pack files into a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def moved(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    """Return the same files below a folder."""
    return {f"{folder}/{name}": content for name, content in files.items()}


@pytest.fixture(name="lay_out")
def _lay_out() -> Callable[[Path, Mapping[str, bytes]], Path]:
    return lay_out


@pytest.fixture(name="zipped")
def _zipped() -> Callable[[Mapping[str, bytes]], bytes]:
    return zipped


@pytest.fixture(name="moved")
def _moved() -> Callable[[Mapping[str, bytes], str], dict[str, bytes]]:
    return moved


@pytest.fixture
def notebook() -> bytes:
    return NOTEBOOK


@pytest.fixture
def pdf() -> bytes:
    return PDF


def _backends() -> list[str]:
    postgres = os.environ.get("GRADER_TEST_POSTGRES", DEFAULT_POSTGRES)
    return ["sqlite"] if postgres == "off" else ["sqlite", "postgres"]


@pytest.fixture(params=_backends())
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty store, on SQLite and in a PostgreSQL schema of its own."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store' / 'grader.db'}"
        return
    from sqlalchemy import create_engine, make_url, text
    from sqlalchemy.exc import OperationalError

    address = make_url(os.environ.get("GRADER_TEST_POSTGRES", DEFAULT_POSTGRES))
    schema = f"grader_test_{uuid4().hex}"
    engine = create_engine(address, connect_args={"connect_timeout": 5})
    try:
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        pytest.fail(
            f"no PostgreSQL answers at {address.render_as_string(hide_password=True)}; start one, "
            "or set GRADER_TEST_POSTGRES=off to leave its tests out",
            pytrace=False,
        )
    own = address.update_query_dict({"options": f"-csearch_path={schema}"})
    try:
        yield own.render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


@pytest.fixture
def database(store_url: str) -> Iterator[Database]:
    opened = open_database(store_url)
    yield opened
    opened.close()
