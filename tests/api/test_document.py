"""The OpenAPI document is valid, and says of every route what it does and how it can end."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from api.app import create_app
from api.settings import Settings


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(embedded_workers=0)).openapi()


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_route_has_a_summary_and_a_tag_that_is_described(document: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    for name, operation in operations(document):
        assert len(operation["summary"]) > 10, name
        assert set(operation["tags"]) <= tags, name


def test_every_problem_has_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            if status[0] == "2":
                continue
            (content,) = response["content"].items()
            assert content[0] == "application/problem+json", (name, status)
            example = content[1]["example"]
            assert (str(example["status"]), bool(example["detail"])) == (status, True), name
            if status in ("429", "503"):
                assert "Retry-After" in response["headers"], name


def test_every_answer_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name, operation in operations(document):
        for status, response in operation["responses"].items():
            for kind, content in response.get("content", {}).items():
                if status[0] != "2" or kind == "text/html":
                    continue
                schema = content["schema"]
                reference = schema.get("$ref") or schema.get("items", {}).get("$ref")
                if reference is None:
                    assert "example" in content, (name, kind)
                else:
                    assert schemas[reference.rpartition("/")[2]]["examples"], name
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is not None:
            assert schemas[body["schema"]["$ref"].rpartition("/")[2]]["examples"], name


def test_it_is_served(world: Any) -> None:
    answer = world.anybody.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
