"""A function written in a cell leaves the notebook with all that it needs, and nothing that runs."""

from typing import Any

import pytest

from grader.notebook.source import Definitions, definitions


def defined(source: str) -> dict[str, Any]:
    """What a module of this source holds."""
    names: dict[str, Any] = {}
    exec(compile(source, "<module>", "exec"), names)
    return names


SETUP = (
    "import numpy as np\nimport matplotlib.pyplot as plt\n%matplotlib inline\nEPS = np.float64(2.0)"
)


def test_brings_helpers_imports_and_constants_transitively(notebook: Any) -> None:
    found = definitions([
        notebook(
            SETUP,
            "def double(x):\n    return SCALE * x",
            "def relu_forward(x):  # mine\n    '''Doc.'''\n    return double(np.maximum(0, x)) + EPS, x",
            "SCALE = 2\nraise SystemExit('never run')\nout = relu_forward(np.ones(3))",
        )
    ])  # fmt: skip
    assert found.names() == {"double", "relu_forward"}
    source = found.module({"relu_forward"})
    assert "plt" not in source
    assert "SystemExit" not in source
    assert "# mine" in source
    assert defined(source)["relu_forward"](3.0) == (8.0, 3.0)


def test_the_last_definition_wins_over_cells_and_notebooks(notebook: Any) -> None:
    first = notebook("def f():\n    return 1", "def f():\n    return 2")
    second = notebook("def g():\n    return f()", "def f():\n    return 3", name="b.ipynb")
    assert defined(definitions([first]).module({"f"}))["f"]() == 2
    assert defined(definitions([first, second]).module({"f", "g"}))["g"]() == 3


def test_a_helper_written_twice_is_the_last_one(notebook: Any) -> None:
    found = definitions([
        notebook("def h():\n    return 1", "def f():\n    return h()", "def h():\n    return 2")
    ])  # fmt: skip
    assert defined(found.module({"f"}))["f"]() == 2


def test_each_notebook_keeps_its_own_names(notebook: Any) -> None:
    first = notebook("F = 10\ndef f():\n    return F")
    second = notebook("def g():\n    return F\nF = 20", name="b.ipynb")
    found = definitions([first, second])
    assert defined(found.module({"f"}))["f"]() == 10
    assert defined(found.module({"g"}))["g"]() == 20


def test_what_is_computed_at_once_reads_what_stands_above_it(notebook: Any) -> None:
    found = definitions([
        notebook(
            "from functools import partial\ndef b():\n    return 1\na = partial(b)",
            "def f():\n    return a()\ndef b():\n    return 2",
        )
    ])  # fmt: skip
    assert defined(found.module({"f"}))["f"]() == 1


def test_a_name_may_hide_another_of_the_same_spelling(notebook: Any) -> None:
    found = definitions([
        notebook(
            "scale = 2\nclass Net:\n    scale = scale",
            "try:\n    import math\n    TAU = 2 * math.pi\nexcept ImportError:\n    TAU = 6.28",
            "def f():\n    return Net.scale, round(TAU)",
        )
    ])  # fmt: skip
    assert defined(found.module({"f"}))["f"]() == (2, 6)


def test_source_fit_for_the_middle_of_a_file(notebook: Any) -> None:
    found = definitions([notebook("from __future__ import division\nx = 1; f = lambda: division")])
    assert found.module({"f"}) == "f = lambda: division\n"


def test_a_constant_is_the_one_above_its_reader(notebook: Any) -> None:
    found = definitions([notebook("k = 1", "k = 2\ndef f():\n    return k", "k = 3")])
    assert defined(found.module({"f"}))["f"]() == 2


def test_what_the_module_has_already_is_not_repeated(notebook: Any) -> None:
    found = definitions([
        notebook(
            "import numpy as np\nfrom cs231n.layers import *\ndef helper(): pass",
            "def f(x):\n    return helper(np.abs(x), affine_forward)",
        )
    ])  # fmt: skip
    source = found.module({"f"}, already={"np", "helper", "affine_forward", "f"})
    assert source == "def f(x):\n    return helper(np.abs(x), affine_forward)\n"


def test_imports_of_the_package_only_where_used(notebook: Any) -> None:
    found = definitions([
        notebook(
            "from cs231n.layers import affine_forward, relu_forward as r\nimport cs231n.optim, math",
            "def f(x):\n    return r(x)",
            "def g(x):\n    return math.sqrt(x)",
        )
    ])  # fmt: skip
    assert found.module({"f"}).startswith("from cs231n.layers import relu_forward as r\n\n")
    assert "cs231n" not in found.module({"g"})


def test_star_imports_only_for_names_that_nothing_else_binds(notebook: Any) -> None:
    found = definitions([
        notebook("from math import *\ndef f(x):\n    return sqrt(x)\ndef g(x):\n    return abs(x)")
    ])  # fmt: skip
    assert defined(found.module({"f"}))["f"](4) == 2
    assert "import" not in found.module({"g"})


def test_work_at_the_top_level_is_left_behind(notebook: Any) -> None:
    found = definitions([
        notebook(
            "data = load()\nbest = train(data)[0]\nn = data.shape\nx = x + 1\nimport random",
            "r = random.random()\nplt.rcParams['a'] = 3\nok = [i for i in range(3)]",
            "get_ipython().run_line_magic('x', 'y')\nfrom __future__ import annotations",
            "def f():\n    return best, n, x, r, ok",
        )
    ])  # fmt: skip
    assert found.module({"f"}) == (
        "ok = [i for i in range(3)]\n\n\ndef f():\n    return best, n, x, r, ok\n"
    )


def test_choices_between_definitions_are_kept(notebook: Any) -> None:
    found = definitions([
        notebook(
            "USE_GPU = False\nif USE_GPU:\n    device = 'cuda'\nelse:\n    device = 'cpu'",
            "try:\n    from absent import cube\nexcept ImportError:\n    def cube(x):\n        return x**3",
            "def f(x):\n    return device, cube(x)",
        )
    ])  # fmt: skip
    assert defined(found.module({"f"}))["f"](2) == ("cpu", 8)


def test_decorators_bases_defaults_and_lambdas(notebook: Any) -> None:
    found = definitions([
        notebook(
            "import functools\nN = 4\nclass Base:\n    size = N",
            "@functools.lru_cache(maxsize=None)\ndef f(n=N):\n    return n if n < 2 else f(n - 1) + 1",
            "class Net(Base):\n    def run(self):\n        return half(self.size) + f()",
            "half = lambda x: x // 2; print(half(3))",
        )
    ])  # fmt: skip
    assert found.names() == {"Base", "Net", "f", "half"}
    assert defined(found.module({"Net"}))["Net"]().run() == 6


def test_nothing_wanted_nothing_given(notebook: Any) -> None:
    found = definitions([notebook(SETUP)])
    assert found.module({"absent", "np"}) == ""
    assert found.module(()) == ""


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x = 1\ndef f(:\n    pass", "(line 2: invalid syntax): def f is not read"),
        ("def f():\n  return 1\nclass C:\n  pass\nprint 'x'", "def f and class C are not read"),
        ("\n\ndef f():\n    pass\n    break", "(line 5: 'break' outside loop): def f is not read"),
        ("def f():\n    return " + "-" * 90_000 + "1", "(nested too deeply): def f is not read"),
        ("def f():\n    return 1\n" + "#" * 200_000, "more than 200 kB of source"),
        ("def f():\n    return '\0'", "def f is not read"),
    ],
)
def test_a_cell_that_does_not_parse_is_named(notebook: Any, source: str, says: str) -> None:
    found = definitions([notebook("x = 1", source, "def g(): pass")])
    assert found.names() == {"g"}
    (note,) = found.notes
    assert note.startswith("Dropout.ipynb: cell 1 does not parse (")
    assert says in note


def test_a_broken_cell_without_definitions_is_not_worth_a_note(notebook: Any) -> None:
    assert definitions([notebook("print 'x'", ("markdown", "def f("))]).notes == ()


def test_files_that_cells_write(notebook: Any) -> None:
    found: Definitions = definitions([
        notebook(
            "%%writefile cs231n/layers.py\nx = 1",
            "%%writefile -a cs231n/layers.py\ny = 2",
            "%%writefile -a cs231n/optim.py\nz = 3",
            "%%writefile -a new.py\nz = 3",
            "%%writefile new.py\nw = 4",
            "%%writefile /etc/passwd\ndef root(): pass",
        )
    ])  # fmt: skip
    assert found.files == {"cs231n/layers.py": "x = 1\ny = 2\n", "new.py": "w = 4\n"}
    assert found.appended == {"cs231n/optim.py": "z = 3\n"}
    assert found.names() == frozenset()


def test_a_flood_of_definitions_is_cut_off(notebook: Any) -> None:
    found = definitions([notebook("def f(): pass\n" + "x = 1\n" * 5000, "def g(): pass")])
    assert found.names() == {"f"}
    assert found.notes == (
        "Dropout.ipynb: from cell 1 on nothing is read: too many definitions come before it",
    )


def test_odd_escapes_raise_no_warning(notebook: Any) -> None:
    found = definitions([notebook("def f():\n    return '\\s'")])
    assert "return '\\s'" in found.module({"f"})


def test_non_ascii_before_a_semicolon(notebook: Any) -> None:
    found = definitions([notebook("word = 'größe'; other = 'ñ'; f = lambda: other + word")])
    assert defined(found.module({"f"}))["f"]() == "ñgröße"
