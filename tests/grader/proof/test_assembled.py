"""The perfect submission is the starter with every answer filled in, and nothing of ours shows."""

import ast

from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.sources import Source, untouched


def test_it_has_every_file_of_the_starter(a2: Assignment) -> None:
    starter, perfect = assembled.starter(a2), assembled.perfect(a2)
    assert set(starter) <= set(perfect)
    assert set(perfect) - set(starter) == {"cs231n/arrays.py"}
    assert all(
        perfect[path] == starter[path]
        for path in starter
        if path not in assembled.ANSWERS["a2"] and not path.endswith(".ipynb")
    )
    answered = {item.cells.notebook for item in a2.items if item.cells is not None}
    changed = {p for p in starter if p.endswith(".ipynb") and perfect[p] != starter[p]}
    assert changed == answered


def test_it_parses_and_nothing_is_left_untouched(a2: Assignment) -> None:
    perfect = assembled.perfect(a2)
    for path in a2.modules:
        ours = Source(path, perfect[path])
        assert ours.problem is None
        stub = Source(path, (a2.starter / path).read_bytes())
        answers = {i.answers.partition(":")[2] for i in a2.items}
        assert answers.isdisjoint(untouched(ours, stub))


def test_it_stands_on_its_own(a2: Assignment) -> None:
    for path, content in assembled.perfect(a2).items():
        if not path.endswith(".py"):
            continue
        imported = {name.partition(".")[0] for name in Source(path, content).imports}
        assert imported.isdisjoint({"reference", "grader"}), path


def test_no_module_of_it_imports_itself(a2: Assignment) -> None:
    perfect = assembled.perfect(a2)
    for path in assembled.ANSWERS["a2"]:
        home = path.removesuffix(".py").replace("/", ".")
        for node in ast.walk(ast.parse(perfect[path])):
            if isinstance(node, ast.ImportFrom):
                assert node.module != home


def test_it_defines_what_the_assignment_asks_for(a2: Assignment) -> None:
    perfect = assembled.perfect(a2)
    for item in a2.items:
        if item.cells is not None:
            continue
        module, _, name = item.answers.partition(":")
        path = f"{module.replace('.', '/')}.py"
        assert name in Source(path, perfect[path]).functions, item.id


def test_the_starter_holds_the_notebooks(a2: Assignment) -> None:
    assert set(a2.notebooks) <= set(assembled.starter(a2))
