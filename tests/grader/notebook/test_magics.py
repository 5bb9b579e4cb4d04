"""IPython's own syntax goes, Python stays on its line."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.notebook.magics import WrittenFile, assignment_path, plain_python, written_file


@pytest.mark.parametrize(
    ("source", "plain"),
    [
        ("%matplotlib inline\nx = 1", "\nx = 1"),
        ("!pip install six\nx = 1", "\nx = 1"),
        ("!pip install a \\\n  b\nx = 1", "\n\nx = 1"),
        ("%cd /content/drive/My\\ Drive/\n!bash get.sh\nx = 1", "\n\nx = 1"),
        ("?np.array\nnp.pad?\nnp.pad??\nnp.*load*?\nx = 1", "\n\n\n\nx = 1"),
        ("files = !ls\ny = 2", "\ny = 2"),
        ("d['k'], t = !ls\ny = 2", "\ny = 2"),
        ("out, n = %time f(x)\ny = 2", "\ny = 2"),
        ("for i in y:\n    %time f(i)\nz = 1", "for i in y:\n    pass\nz = 1"),
        ("if gpu:\n\t!nvidia-smi\nz = 1", "if gpu:\n\tpass\nz = 1"),
        ("def f():\n    x = !ls\n    return 1", "def f():\n    pass\n    return 1"),
        ("pip install six\nx = 1", "\nx = 1"),
        ("cd ..\nls\nx = 1", "\n\nx = 1"),
        ("%%time\nx = 1", "\nx = 1"),
        ("\n%%timeit -n 10\n%matplotlib inline\nx = 1", "\n\n\nx = 1"),
        ("%%capture\n%%time\nx = 1", "\n\nx = 1"),
        ("%%bash\nls\nx=1", "\n\n"),
        ("%%html\n<b>x</b>", "\n"),
        ("%%writefile a.py\nx = 1", "\n"),
    ],
)
def test_drops_what_is_not_python(source: str, plain: str) -> None:
    assert plain_python(source) == plain


@pytest.mark.parametrize(
    "source",
    [
        'print("%d %d"\n      % (a, b))\n!ls',
        'def f():\n    """\n%d is what?\n!not a shell\n    """\n    return 1\n!ls',
        "x = a \\\n  % b\n!ls",
        "s = '''a\n% b\\''' still\n!c''' # '''\n!ls",
        "for lr in lrs:\n    print('lr=%f' % lr)\n    d['a=%d' % k] = 3\n!ls",
        "t = [\n'(',  # )\n\n!= 3][0]\n!ls",
    ],
)
def test_keeps_what_only_looks_like_it(source: str) -> None:
    assert plain_python(source) == source.removesuffix("!ls")


def test_python_that_parses_is_not_touched() -> None:
    source = 'ls = 3\nrm = "what?"\nprint(5\n% 3)'
    assert plain_python(source) == source


@given(
    st.lists(
        st.sampled_from(["%x", "!ls \\", "%%time", "%%bash", "'''", '"', "(", "]", " y = !z", "a?"])
        | st.text(max_size=8)
    ).map("\n".join)
)
def test_never_raises_and_keeps_the_line_count(source: str) -> None:
    assert plain_python(source).count("\n") == source.count("\n")


def test_a_hostile_cell_takes_no_harm() -> None:
    assert plain_python("%%time\n" * 20_000 + "x = 1").endswith("\nx = 1")
    deep = "!ls\nx = " + "-" * 90_000 + "1"
    assert plain_python(deep) == deep.removeprefix("!ls")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%%writefile cs231n/layers.py\nx = 1", WrittenFile("cs231n/layers.py", "x = 1\n", False)),
        ("\n%%file my.py\nx = 1\n", WrittenFile("my.py", "x = 1\n", False)),
        ("%%writefile -a cs231n/optim.py\ny", WrittenFile("cs231n/optim.py", "y\n", True)),
        ("%%writefile --append 'a b.py'\ny", WrittenFile("a b.py", "y\n", True)),
        ("%%writefile\ny", None),
        ("%%writefile ../x.py\ny", None),
        ("%%writefile it's.py\ny", WrittenFile("it's.py", "y\n", False)),
        ("%%bash\ny", None),
        ("x = 1\n%%writefile a.py", None),
    ],
)
def test_written_file(source: str, expected: WrittenFile | None) -> None:
    assert written_file(source) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("cs231n/layers.py", "cs231n/layers.py"),
        ("./cs231n//layers.py", "cs231n/layers.py"),
        ("cs231n\\layers.py", "cs231n/layers.py"),
        ("/content/drive/My Drive/cs231n/assignment2/cs231n/layers.py", "cs231n/layers.py"),
        ("/content/drive/MyDrive/cs231n/assignments/assignment2/extra.py", "extra.py"),
        ("/content/drive/My Drive/$FOLDERNAME/cs231n/optim.py", "cs231n/optim.py"),
        ("C:\\Users\\me\\assignment2\\cs231n\\classifiers\\cnn.py", "cs231n/classifiers/cnn.py"),
        ("~/cs231n/layers.py", "cs231n/layers.py"),
        ("assignment2/cs231n/layers.py", "cs231n/layers.py"),
        ("/etc/passwd", None),
        ("C:\\layers.py", None),
        ("$HOME/x.py", None),
        ("cs231n/../../x.py", None),
        ("/content/assignment2/cs231n/../x.py", None),
        ("cs231n/", None),
        ("a/$x.py", None),
        ("a\0b", None),
        ("x" * 300, None),
        ("", None),
        (".", None),
    ],
)
def test_assignment_path(path: str, expected: str | None) -> None:
    assert assignment_path(path) == expected


def test_line_numbers_stay_right() -> None:
    tree = ast.parse(plain_python("%matplotlib inline\n\n!ls\ndef f():\n    return 1"))
    assert tree.body[0].lineno == 4
