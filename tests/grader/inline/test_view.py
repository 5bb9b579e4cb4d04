"""The reader's page shows text and pictures, and nothing in it runs or is loaded."""

import base64
import json
from html.parser import HTMLParser
from typing import Any

import pytest

from grader.inline.view import ViewUnavailable, page

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n0000").decode()
PWNED = "document.title='pwned'"
HOSTILE = [
    f"<script>{PWNED}</script>",
    f'<img src=x onerror="{PWNED}">',
    f'<svg onload="{PWNED}"><script>{PWNED}</script></svg>',
    "<iframe src='https://example.org'></iframe>",
    "<style>@import url(https://example.org/x.css)</style>",
    f'<a href="javascript:{PWNED}">here</a>',
    f'<a href="java&#115;cript:{PWNED}">here</a>',
    "<form action=https://example.org><input name=a><button>b</button></form>",
    "<meta http-equiv=refresh content='0;url=https://example.org'>",
    "<base href='https://example.org/'>",
    "<object data=https://example.org/x></object><embed src=x><link rel=stylesheet href=https://e.org/a>",
    "![a](https://example.org/a.png)",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<img src='data:text/html;base64,PHN2Zz4='>",
    "<p style='background: url(https://example.org/a)' onclick='x()' id='fc1'>text</p>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x()&gt;">',
    "</div></body></html><script>1</script>",
    "<!-- <script>1</script>",
    "<plaintext>",
    "<textarea><noscript><p title='</noscript><img src=x onerror=x()>'>",
]


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def markdown(source: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source} | more


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    kept = {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": source}
    return kept | {"outputs": list(outputs)}


def shown(data: dict[str, Any]) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": data}


def written(*cells: Any, **changes: Any) -> bytes:
    tree = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)} | changes
    return json.dumps(tree).encode()


def assert_is_inert(text: str) -> Tags:
    found = Tags(text)
    (policy,) = (a["content"] for t, a in found.tags if a.get("http-equiv"))
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    )
    assert [tag for tag, _ in found.tags].count("style") == 1
    for tag, attributes in found.tags:
        assert tag not in (
            "script",
            "svg",
            "iframe",
            "object",
            "embed",
            "link",
            "base",
            "form",
            "math",
        )
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag == "img" and attributes.get("src") is not None:
            assert str(attributes["src"]).startswith(("data:image/png;base64,", "data:image/jpeg;"))
        if tag == "a" and attributes.get("href") is not None:
            assert str(attributes["href"]).startswith(("https://", "http://", "#"))
    return found


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_hostile_in_a_cell_does_nothing_and_hides_nothing(hostile: str) -> None:
    cells = [
        markdown(hostile),
        markdown("**Answer:** since *it* falls"),
        code(hostile, shown({"text/html": hostile, "text/plain": hostile})),
        {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": hostile},
    ]
    text = page(f"Ada {hostile}", written(*cells), {1: ("fc1", f"why {hostile}?")})
    found = assert_is_inert(text)
    assert "since it falls" in found.text
    assert [a["id"] for _, a in found.tags if "id" in a] == ["fc1"]
    assert "asked-" not in text


def test_only_pictures_that_are_pictures_are_shown() -> None:
    outputs = [
        shown({"image/png": PNG}),
        shown({"image/png": "PHN2Zz4="}),
        shown({"image/png": "§"}),
        shown({"image/svg+xml": "<svg onload=1/>"}),
        shown({"application/javascript": PWNED}),
        shown({"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}),
        {"output_type": "stream", "name": "stdout", "text": ["loss ", "0.5\x1b[31m"]},
        {
            "output_type": "error",
            "ename": "E",
            "evalue": "v",
            "traceback": ["\x1b[31mTrace\x1b[0m"],
        },
        {"output_type": "strange"},
    ]
    attached = {"p.png": {"image/png": PNG}, "q.svg": {"image/svg+xml": "<svg/>"}}
    cells = [code("x = 1", *outputs), markdown("![p](attachment:p.png)", attachments=attached)]
    found = assert_is_inert(page("Ada", written(*cells), {}))
    assert sum(tag == "img" and "src" in a for tag, a in found.tags) == 2
    assert "loss 0.5" in found.text
    assert "Trace" in found.text
    assert PWNED not in found.text


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"cells": 3}', written(3, None, {"cell_type": 5}), b'{"nbformat": 3}']
)
def test_a_notebook_that_cannot_be_shown_has_a_page_all_the_same(content: bytes) -> None:
    found = assert_is_inert(page("Ada", content, {0: ("fc1", "why?")}))
    assert "why?" in found.text


def test_what_has_to_be_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> Any:
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("importlib.import_module", absent)
    with pytest.raises(ViewUnavailable, match=r"install cs231n-grader\[service\]"):
        page("Ada", written(), {})
