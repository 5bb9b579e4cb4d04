"""Every notebook that a class hands in is read, and every other file refused in one sentence."""

import json
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import GraderError
from grader.notebook.read import Cell, NotebookUnreadable, read_notebook

CODE = "import numpy as np\nx = 3"


def written(**changes: Any) -> bytes:
    """A notebook of version 4 as bare JSON: no cell ids, no kernelspec."""
    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "metadata": {"tags": ["pdf-inline"]}, "source": "## Answer:"},
        {"cell_type": "code", "metadata": {}, "source": [CODE], "outputs": []},
    ]
    tree = {"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": cells} | changes
    return json.dumps(tree, indent=1).encode()


EXPECTED = (
    Cell(0, "markdown", "## Answer:", ("pdf-inline",)),
    Cell(1, "code", CODE, ()),
)


@pytest.mark.parametrize("minor", range(6))
def test_reads_every_minor_version(minor: int) -> None:
    assert read_notebook("a.ipynb", written(nbformat_minor=minor)).cells == EXPECTED


def test_reads_what_nbformat_writes() -> None:
    make: Any = nbformat.v4
    made = make.new_notebook(
        cells=[
            make.new_markdown_cell("## Answer:", metadata={"tags": ["pdf-inline"]}),
            make.new_code_cell(CODE),
        ],
        metadata={"widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}}},
    )
    read = read_notebook("a.ipynb", make.writes(made).encode())
    assert read.cells == EXPECTED
    assert read.name == "a.ipynb"


@pytest.mark.parametrize("version", [2, 3])
def test_worksheets_are_upgraded_in_silence(
    version: int, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    cells: list[Any] = [
        {"cell_type": "heading", "level": 2, "source": ["Answer:"], "metadata": {}},
        {"cell_type": "code", "input": [CODE], "outputs": [{"output_type": "pyout"}]},
        {"cell_type": "odd", "source": "?"},
        "no cell at all",
    ]
    tree = {"nbformat": version, "worksheets": [{"cells": cells[:2]}, {"cells": cells[2:]}]}
    read = read_notebook("a.ipynb", json.dumps(tree).encode())
    assert [(cell.kind, cell.source) for cell in read.cells] == [
        ("markdown", "## Answer:"),
        ("code", CODE),
        ("raw", "?"),
    ]
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_the_first_format_is_upgraded() -> None:
    cells = [{"cell_type": "text", "text": "hello"}, {"cell_type": "code", "code": CODE}]
    read = read_notebook("a.ipynb", json.dumps({"nbformat": 1, "cells": cells}).encode())
    assert [(cell.kind, cell.source) for cell in read.cells] == [
        ("markdown", "hello"),
        ("code", CODE),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_reads_other_encodings(encoding: str) -> None:
    text = '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "# für"}]}'
    assert read_notebook("a.ipynb", text.encode(encoding)).cells[0].source == "# für"


def test_line_ends_and_half_surrogates_are_mended() -> None:
    content = rb'{"cells": [{"cell_type": "code", "source": ["a\r\n", "b\rc", "\ud800", 7]}]}'
    assert read_notebook("a.ipynb", content).cells[0].source == "a\nb\nc?"


def test_cells_of_no_kind_are_raw() -> None:
    content = b'{"cells": [null, {"cell_type": "code"}, {"source": "x", "metadata": {"tags": 3}}]}'
    assert read_notebook("a.ipynb", content).cells == (
        Cell(0, "raw", "", ()),
        Cell(1, "code", "", ()),
        Cell(2, "raw", "x", ()),
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b'{\n"cells": [\nnope]}', "line 3 is not JSON"),
        (b"%PDF-1.7 \xe2\xe3", "line 1 is not JSON"),
        (b"[1, 2]", "JSON without notebook cells"),
        (b"{}", "JSON without notebook cells"),
        (b'{"cells": 3}', "JSON without notebook cells"),
        (b'{"nbformat": 3, "worksheets": [3]}', "JSON without notebook cells"),
        (b'{"nbformat": 3}', "JSON without notebook cells"),
        (b'{"cells": [' + b"[" * 100_000, "beyond all measure"),
        (b'{"cells": ' + b"9" * 5_000 + b"}", "beyond all measure"),
        (b'{"cells":\n<<<<<<< HEAD\n[]\n=======\n', "line 2 is a merge-conflict marker"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
        (b"\n<!DOCTYPE html>\n<html>", "it is a web page"),
        (written()[:-1], "breaks off in line"),
        (written()[:-40], "breaks off in line"),
    ],
)
def test_refuses_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(NotebookUnreadable) as caught:
        read_notebook("Dropout.ipynb", content)
    sentence = str(caught.value)
    assert isinstance(caught.value, GraderError)
    assert sentence.startswith("Dropout.ipynb ")
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 5) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["nbformat", "cells", "worksheets", "cell_type", "source", "input", "metadata"]
            ),
            inner | st.sampled_from(["code", "markdown", "text", "heading", "html"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.binary(max_size=200) | JSON.map(lambda tree: json.dumps(tree).encode()))
def test_nothing_else_is_ever_raised(content: bytes) -> None:
    try:
        read = read_notebook("a.ipynb", content)
    except NotebookUnreadable:
        return
    for cell in read.cells:
        assert cell.source.encode().decode() == cell.source


def test_pictures_in_outputs_are_counted_and_not_kept() -> None:
    drawn = {"output_type": "display_data", "data": {"image/png": "iVBO", "text/plain": "x"}}
    said = {"output_type": "stream", "text": "image/png"}
    cell = {"cell_type": "code", "metadata": {}, "source": "", "outputs": [drawn, said, drawn, 3]}
    odd = {"cell_type": "code", "metadata": {}, "source": "", "outputs": {"data": 1}}
    made = read_notebook("a.ipynb", written(cells=[cell, odd, 7]))
    assert [cell.pictures for cell in made.cells] == [2, 0, 0]
    old = {
        "cell_type": "code",
        "input": "",
        "outputs": [{"output_type": "display_data", "png": ""}],
    }
    third = {"nbformat": 3, "worksheets": [{"cells": [old]}]}
    (cell_of_old,) = read_notebook("a.ipynb", json.dumps(third).encode()).cells
    assert cell_of_old.pictures == 1
