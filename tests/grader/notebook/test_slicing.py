"""What a notebook's names depend on, and nothing else."""

import pytest

from grader.notebook.actions import actions_of
from grader.notebook.read import Cell, Notebook
from grader.notebook.slicing import Anchor, Known, Slice, Unreadable, given_by, sliced

BEST = Anchor(("best",))
DATA = Known(frozenset({"X", "y", "np", "plt", "Net"}), frozenset({"train"}))


def notebook(*sources: str) -> Notebook:
    return Notebook("a.ipynb", tuple(Cell(n, "code", s, ()) for n, s in enumerate(sources)))


def texts(*sources: str, anchor: Anchor = BEST, known: Known = DATA) -> list[str]:
    found = sliced(notebook(*sources), anchor, known)
    assert isinstance(found, Slice)
    return [action.text for action in found.actions]


def test_only_what_the_name_depends_on() -> None:
    assert texts("a = 1\nb = 2\nplt.plot(X)", "best = a") == ["a = 1", "best = a"]


def test_what_is_given_is_not_followed() -> None:
    assert texts("X = load()\nX -= X.mean()", "best = X.sum()") == ["best = X.sum()"]


def test_what_the_answers_own_cell_does_to_the_given_counts() -> None:
    assert texts("X = load()", "X = X / 2\nbest = X.sum()") == ["X = X / 2", "best = X.sum()"]


def test_the_last_definition_above_counts() -> None:
    assert texts("a = 1", "a = 2", "best = a", "a = 3") == ["a = 2", "best = a"]


def test_a_value_that_is_built_up_keeps_all_its_steps() -> None:
    steps = ["a = []", "a.append(1)", "a[0] = 2", "a += [3]", "best = a"]
    assert texts("\n".join(steps)) == steps


def test_a_loop_keeps_the_value_before_it() -> None:
    loop = "for lr in [1, 2]:\n    if lr > found:\n        best = lr"
    assert texts(f"best, found = None, 0\nlr = 7\n{loop}") == ["best, found = None, 0", loop]


def test_a_call_may_change_what_it_is_given() -> None:
    made = ["model = Net()", "fit(model)", "best = model"]
    assert texts("def fit(m):\n    m.go()", "\n".join(made)) == ["def fit(m):\n    m.go()", *made]
    found = sliced(notebook("best = Net()\nfit(best)"), BEST, DATA)
    assert isinstance(found, Slice)
    assert found.extra == {1}


def test_what_holds_a_thing_may_change_it() -> None:
    cell = ["best = Net()", "solver = Solver(best, X)", "solver.train()"]
    assert texts("\n".join([*cell, "print(solver)", "solver = 3", "solver.stop()"])) == cell


def test_what_descends_a_networks_parameters_changes_the_network() -> None:
    loop = "for x in X:\n    best(x).backward()\n    descent.step()"
    cell = ["best = Net()", "descent = SGD([{'params': best.parameters()}])", loop]
    assert texts("\n".join([*cell, "print(best(X))"])) == cell


def test_a_loop_over_parts_may_write_into_the_whole() -> None:
    cell = [
        "best = [a, b]",
        "for w in best:\n    w -= 1",
        "for n, w in enumerate(best):\n    w[0] = n",
    ]
    assert texts("\n".join([*cell, "for w in best:\n    print(w)"])) == cell


def test_printing_and_plotting_change_nothing() -> None:
    source = "best = Net()\nprint(best)\nplt.imshow(best)\nshow_net_weights(best)\nnp.mean(best)"
    assert texts(source) == ["best = Net()"]


def test_a_function_finds_its_names_wherever_they_stand() -> None:
    helper, user = "def helper():\n    return 1", "def user():\n    return helper() + scale"
    assert texts(user, helper, "scale = 2", "best = user()") == [
        user, helper, "scale = 2", "best = user()",
    ]  # fmt: skip


def test_a_definition_of_the_preamble_stands_back() -> None:
    own = "def train(m):\n    return m"
    assert texts(own, "best = train(Net())") == [own, "best = train(Net())"]
    assert texts("best = train(Net())") == ["best = train(Net())"]


def test_an_import_does_not_replace_a_definition_of_the_preamble() -> None:
    assert texts("from cs231n import train", "best = train(1)") == ["best = train(1)"]


def test_annotations_and_decorators_are_read() -> None:
    source = ["from torch import Tensor", "def f(x: Tensor):\n    return x", "best = f(1)"]
    assert texts(*source) == source


def test_names_of_comprehensions_are_their_own() -> None:
    assert texts("i = 3", "best = [i for i in X]") == ["best = [i for i in X]"]


def test_star_imports_are_for_names_that_nobody_else_binds() -> None:
    star = "from cs231n.layers import *"
    assert texts(star, "best = affine(X)") == [star, "best = affine(X)"]
    assert texts(star, "best = X") == ["best = X"]


def test_seeds_go_with_the_cells_that_are_needed() -> None:
    assert texts("np.random.seed(0)\na = np.random.rand()", "best = a") == [
        "np.random.seed(0)", "a = np.random.rand()", "best = a",
    ]  # fmt: skip


def test_magics_and_shell_lines_are_not_run() -> None:
    assert texts("%matplotlib inline\n!pip install x\na = 1", "%%time\nbest = a") == [
        "a = 1", "best = a",
    ]  # fmt: skip


def test_a_cell_is_known_by_all_its_names_and_its_place() -> None:
    cells = ("model = 1", "model = 2\nwidth = 3", "model = 4\nwidth = 5", "model = 6")
    assert texts(*cells, anchor=Anchor(("model",), ("width",), 0)) == ["model = 2"]
    assert texts(*cells, anchor=Anchor(("model",), ("width",), 1)) == ["model = 4"]
    assert texts(*cells, anchor=Anchor(("model",), (), -1)) == ["model = 6"]
    assert sliced(notebook(*cells), Anchor(("model",), ("width",), 2), DATA) is None


def test_the_last_cell_that_assigns_has_the_last_word() -> None:
    found = sliced(notebook("best = None", "best = 2", "print(best)"), BEST, DATA)
    assert isinstance(found, Slice)
    assert found.cells == (0, 1)
    assert [a.text for a in found.actions] == ["best = 2"]


def test_a_number_is_not_changed_by_calls() -> None:
    plain = Anchor(("best",), plain=True)
    assert texts("best = 3\ny = model.predict(X, k=best)", anchor=plain) == ["best = 3"]


def test_an_import_of_the_name_is_no_answer() -> None:
    assert sliced(notebook("from cs231n import best"), BEST, DATA) is None


def test_a_cell_that_does_not_parse_is_told() -> None:
    found = sliced(notebook("a = 1", "best = ("), BEST, DATA)
    assert isinstance(found, Unreadable)
    assert found.fact.startswith("a.ipynb, cell 1 does not parse: line 1")


@pytest.mark.parametrize(("written", "answered"), [("pass", False), ("best = 2", True)])
def test_a_region_says_whether_it_is_answered(written: str, answered: bool) -> None:
    marked = f"best = None\n# START OF YOUR CODE\n{written}\n# END OF YOUR CODE"
    found = sliced(notebook(marked), BEST, DATA)
    assert isinstance(found, Slice)
    assert found.answered is answered


def test_a_preamble_gives_its_data_and_offers_its_functions() -> None:
    preamble = actions_of("import numpy as np\nX = raw / 2\ndef train(m):\n    return m")
    assert given_by(preamble) == Known(frozenset({"np", "X"}), frozenset({"train"}))
