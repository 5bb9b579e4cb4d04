import struct
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.datasets import pickle_reader
from grader.datasets.errors import Malformed, Missing
from grader.datasets.pickle_reader import read_pickle
from grader.datasets.pickle_writer import pickled

BATCH: dict[str, Any] = {
    "batch_label": "training batch 1 of 5",
    "labels": [0, 9, 255, 256, 70_000, -1, 2**40],
    "data": np.arange(6 * 50, dtype=np.uint8).reshape(6, 50),
    "columns": np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)),
    "floats": np.linspace(0, 1, 7),
    "filenames": ["a\n.png", "é.png", "'quoted'\\.png"],
    "raw": b"\x00\xff",
    "flag": True,
    "nested": {"twice": [[], []]},
}


def standard(value: object, protocol: int) -> bytes:
    """What Python's own writer makes of it."""
    return bytes(ForkingPickler.dumps(value, protocol))


def read(tmp_path: Path, content: bytes) -> object:
    path = tmp_path / "batch"
    path.write_bytes(content)
    return read_pickle(path)


def refusal(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(Malformed) as refused:
        read(tmp_path, content)
    text = str(refused.value)
    assert text.startswith(f"{tmp_path / 'batch'} ")
    assert "\n" not in text
    assert len(text) < 400
    return text


@pytest.mark.parametrize("protocol", range(6))
def test_every_protocol_of_python(tmp_path: Path, protocol: int) -> None:
    found = read(tmp_path, standard(BATCH, protocol))
    assert isinstance(found, dict)
    assert found.keys() == BATCH.keys()
    for key, value in BATCH.items():
        assert type(found[key]) is type(value)
        np.testing.assert_array_equal(found[key], value)
    assert found["columns"].dtype == BATCH["columns"].dtype
    assert found["columns"].flags.f_contiguous


def test_what_python_2_writes_without_a_protocol(tmp_path: Path) -> None:
    content = b"(dp0\nS'label_names'\np1\n(lp2\nS'cat'\np3\naS'dog'\np4\nassS'n'\nI7\ns."
    assert read(tmp_path, content.replace(b"assS", b"asS")) == {
        "label_names": ["cat", "dog"],
        "n": 7,
    }


def test_names_that_call_something_do_nothing(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    command = f"touch {witness}".encode()
    for module, name in ((b"os", b"system"), (b"posix", b"system"), (b"builtins", b"eval")):
        text = refusal(tmp_path, b"c%b\n%b\n(S'%b'\ntR." % (module, name, command))
        assert f"it names '{module.decode()}.{name.decode()}'" in text
        stacked = b"\x80\x04\x8c%c%b\x8c%c%b\x93." % (len(module), module, len(name), name)
        assert f"{module.decode()}.{name.decode()}" in refusal(tmp_path, stacked)
    assert not witness.exists()


@pytest.mark.parametrize(
    ("content", "instruction"),
    [
        (b"(ios\nsystem\n.", "INST"),
        (b"(cnumpy\ndtype\no.", "it uses the pickle instruction OBJ"),
        (b"cnumpy\nndarray\n)\x81.", "NEWOBJ"),
        (b"Pid\n.", "PERSID"),
        (b"\x82\x01.", "EXT1"),
        (b"\x80\x05\x97.", "NEXT_BUFFER"),
        (b"\x80\x04\x8f.", "EMPTY_SET"),
        (b"G" + struct.pack(">d", 1.0) + b".", "BINFLOAT"),
        (b"]2.", "DUP"),
    ],
)
def test_other_instructions_are_refused(tmp_path: Path, content: bytes, instruction: str) -> None:
    assert instruction in refusal(tmp_path, content)


ARRAY = b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x00tU\x01btR"
KIND = b"cnumpy\ndtype\n(U\x02u1K\x00K\x01tR"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b".", "a value is missing"),
        (b"(.", "a value is missing"),
        (b"t.", "a mark is missing"),
        (b"N.", "of another kind"),
        (b"cnumpy\ndtype\n.", "of another kind"),
        (b"](K\x01K\x02te.", "a mark is missing"),
        (b"]K\x01K\x02\x86a.", "of another kind"),
        (b"}K\x01K\x02s.", "a key is not text"),
        (b"}(U\x01au.", "no dictionary"),
        (b"]U\x01aK\x01s.", "no dictionary"),
        (b"}K\x01a.", "no list"),
        (b"h\x05.", "never noted"),
        (b"cnumpy\ndtype\n(U\x01OK\x00K\x01tR.", "calls something"),
        (b"cnumpy\nndarray\n(K\x05tR.", "calls something"),
        (b"]K\x01R.", "calls something"),
        (b"]K\x01b.", "unknown state"),
        (ARRAY + b".", "an array is empty"),
        (ARRAY + b"(K\x01K\x07" + KIND + b"\x89U\x01xtb.", "shape"),
        (ARRAY + b"(K\x01(J\xff\xff\xff\xfft" + KIND + b"\x89U\x01xtb.", "shape"),
        (ARRAY + b"(K\x01(K\x02t" + KIND + b"\x89U\x01xtb.", "damaged"),
        (ARRAY + b"(K\x01(\x8a\x09" + b"\x7f" * 9 + b"t" + KIND + b"\x89U\x01xtb.", "damaged"),
        (KIND + b"(K\x03U\x01?NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb.", "unknown state"),
    ],
)
def test_values_that_do_not_fit(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in refusal(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x80\x02}",
        b"T\xff\xff\xff\x7fabc.",
        b"T\xff\xff\xff\xffabc.",
        b"\x8e" + b"\xff" * 8 + b".",
        b"\x8d" + b"\x7f" * 8 + b".",
        b"\x8b\xff\xff\xff\x7f.",
        b"S'\\xzz'\n.",
        b"S'\\q' unclosed\n.",
        b"I" + b"9" * 10_000 + b"\n.",
        b"\xfe not an opcode",
        b"<html>404</html>",
    ],
)
def test_damaged_and_lying_bytes(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content)


def test_doubling_lists_stay_small(tmp_path: Path) -> None:
    # Each list holds the one before ten times: printed, it would fill all memory.
    levels = b"".join(b"](" + b"h%c" % level * 10 + b"eq%c" % (level + 1) for level in range(60))
    assert isinstance(read(tmp_path, b"]q\x00" + levels + b"."), list)


def test_encoding_the_same_text_for_ever_is_refused(tmp_path: Path) -> None:
    encode = b"c_codecs\nencode\nq\x02X" + struct.pack("<I", 1000) + b"a" * 1000
    again = b"h\x02h\x01U\x06latin1\x86R" * 100
    content = b"](" + encode + b"q\x01U\x06latin1\x86R" + again + b"e."
    assert "again and again" in refusal(tmp_path, content)


def test_the_number_of_parts_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pickle_reader, "MOST_OPCODES", 1000)
    assert read(tmp_path, b"](" + b"]" * 900 + b"e.")
    assert "more than 1000 parts" in refusal(tmp_path, b"](" + b"]" * 1000 + b"e.")


def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pickle_reader, "LARGEST_FILE_BYTES", 1 << 20)
    path = tmp_path / "batch"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(Malformed, match="no batch is larger than 1 MiB"):
        read_pickle(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Missing, match="cannot be read"):
        read_pickle(tmp_path / "none")
    with pytest.raises(Missing, match="cannot be read"):
        read_pickle(tmp_path)


ONE_PATH = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
INSTRUCTIONS = st.sampled_from([bytes([code]) for code in b"()]}.atsuel0RbNq\x85\x86\x93\x94"])
PIECES = st.one_of(
    INSTRUCTIONS,
    st.sampled_from([ARRAY, KIND, b"U\x01b", b"K\x00", b"h\x00", b"p0\n", b"c_codecs\nencode\n"]),
    st.binary(max_size=4),
)


@ONE_PATH
@given(pieces=st.lists(PIECES, max_size=30))
def test_any_bytes_are_read_or_refused(tmp_path: Path, pieces: list[bytes]) -> None:
    path = tmp_path / "any"
    path.write_bytes(b"".join(pieces))
    try:
        found = read_pickle(path)
    except Malformed:
        return
    assert isinstance(found, dict | list | str | bytes | int | np.ndarray)


@ONE_PATH
@given(at=st.integers(0, 400), byte=st.integers(0, 255), cut=st.booleans())
def test_one_wrong_byte_is_read_or_refused(tmp_path: Path, at: int, byte: int, cut: bool) -> None:
    content = bytearray(pickled({"labels": [1, 2], "data": np.zeros((2, 3), np.uint8)}))
    at %= len(content)
    content[at:] = b"" if cut else bytes([byte]) + content[at + 1 :]
    path = tmp_path / "any"
    path.write_bytes(content)
    try:
        found = read_pickle(path)
    except Malformed:
        return
    assert not cut
    assert isinstance(found, dict | list | str | int | np.ndarray)


VALUES = st.recursive(
    st.text(st.characters(max_codepoint=255), max_size=300) | st.integers(-(2**31), 2**31 - 1),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("ab"), inner, max_size=3),
    max_leaves=12,
)


@ONE_PATH
@given(value=VALUES)
def test_what_is_written_is_read_by_both_readers(tmp_path: Path, value: Any) -> None:
    path = tmp_path / "value"
    path.write_bytes(pickled({"value": value}))
    assert read_pickle(path) == {"value": value}
    # NumPy hands a file that is not its own to the standard library, as the course's loader does.
    assert np.load(path, allow_pickle=True, encoding="latin1") == {"value": value}
