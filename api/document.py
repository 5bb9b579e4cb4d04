"""The OpenAPI document: what a route's signature says about its problems is written into it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api import auth
from api.schemas.problems import Problem, Where, described

_REF = "#/components/schemas/{model}"
_LINK = {"description": "The next page, if there is one.", "schema": {"type": "string"}}


def install(app: FastAPI, routers: Sequence[tuple[str, APIRouter]]) -> None:
    """Let the app describe itself so; each router comes with the prefix that it is included under."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, dict(_routes(routers)))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI, routes: Mapping[tuple[str, str], APIRoute]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for model in (Problem, Where):
        schema = model.model_json_schema(ref_template=_REF)
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            route = routes[path, method.upper()]
            operation["summary"] = _sentence(operation["description"])
            for status in _statuses(route):
                known = operation["responses"].get(str(status.value))
                if known is None or "application/json" in known.get("content", {}):
                    operation["responses"][str(status.value)] = described(status)
            if any(each["name"] == "after" for each in operation.get("parameters", ())):
                operation["responses"]["200"].setdefault("headers", {})["Link"] = _LINK
    return document


def _routes(
    routers: Sequence[tuple[str, APIRouter]],
) -> Iterator[tuple[tuple[str, str], APIRoute]]:
    for prefix, router in routers:
        for route in router.routes:
            if isinstance(route, APIRoute):
                for method in route.methods or ():
                    yield (f"{prefix}{route.path}", method), route


def _statuses(route: APIRoute) -> set[HTTPStatus]:
    """The problems that a route can end in, by what it depends on."""
    dependant = route.dependant
    calls = set(_calls(dependant))
    found = {HTTPStatus.SERVICE_UNAVAILABLE} if calls else set()
    if auth.known in calls:
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS}
        if route.methods != {"GET"}:
            found.add(HTTPStatus.FORBIDDEN)
    if calls & auth.RESTRICTED:
        found.add(HTTPStatus.FORBIDDEN)
    if any(_parameters(dependant, "path_params")):
        found.add(HTTPStatus.NOT_FOUND)
    if any(
        _parameters(dependant, kind)
        for kind in ("path_params", "query_params", "header_params", "body_params")
    ):
        found.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if dependant.body_params:
        found |= {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
    return found


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for each in dependant.dependencies:
        if each.call is not None:
            yield each.call
        yield from _calls(each)


def _parameters(dependant: Dependant, kind: str) -> list[Any]:
    found = list(getattr(dependant, kind))
    for each in dependant.dependencies:
        found += _parameters(each, kind)
    return found


def _sentence(description: str) -> str:
    """The first sentence of a route's docstring is its summary."""
    first, _, _ = " ".join(description.split("\n\n", maxsplit=1)[0].split()).partition(". ")
    return first.rstrip(".")
