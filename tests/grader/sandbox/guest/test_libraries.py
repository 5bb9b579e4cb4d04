from pathlib import Path

from grader.sandbox.guest.libraries import ListedFinder


def finder(folder: Path) -> ListedFinder:
    (folder / "package").mkdir()
    (folder / "package" / "__init__.py").touch()
    (folder / "single.py").touch()
    (folder / "unlisted.py").touch()
    places = {"package": f"{folder}/package/", "single": f"{folder}/single.py"}
    return ListedFinder(places)


def test_a_listed_module_is_found(tmp_path: Path) -> None:
    spec = finder(tmp_path).find_spec("single")

    assert spec is not None
    assert spec.origin == f"{tmp_path}/single.py"
    assert spec.submodule_search_locations is None


def test_a_listed_package_leads_to_its_modules(tmp_path: Path) -> None:
    spec = finder(tmp_path).find_spec("package")

    assert spec is not None
    assert spec.submodule_search_locations == [f"{tmp_path}/package/"]


def test_what_is_not_listed_is_not_found(tmp_path: Path) -> None:
    listed = finder(tmp_path)

    assert listed.find_spec("unlisted") is None
    assert listed.find_spec("package.single", [str(tmp_path)]) is None
