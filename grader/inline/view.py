"""A student's notebook as an inert web page for whoever reads the answers in it.

Nothing runs and nothing is loaded: what is not text, source or a PNG or JPEG picture is left out before
nbconvert renders the rest, its HTML is cut down to a list of harmless tags, and the page's content policy
forbids everything but pictures that it holds itself.
"""

import base64
import binascii
import html
import importlib
import json
import secrets
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

from grader.errors import GraderError
from reporting.render.wording import visible

PICTURES: Final = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
LONGEST_TEXT: Final = 200_000  # characters of one output
_TAGS: Final = frozenset({
    "a", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
})  # fmt: skip
_STYLE: Final = """
body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
pre, code { font: .85rem/1.45 ui-monospace, monospace; }
pre { padding: .6rem .8rem; overflow: auto; background: #f5f5f3; color: #222; }
.output_subarea pre { background: none; border-left: 3px solid #ccc; }
.prompt, .anchor-link { display: none; }
img { max-width: 100%; }
table { border-collapse: collapse; } td, th { padding: .2rem .6rem; border: 1px solid #ccc; }
.asked { margin: 3rem 0 1rem; padding: .5rem .8rem; background: #fff3c4; color: #222; font-weight: 600; }
header { color: #555; } :target { outline: 3px solid #e0a800; }
"""
_POLICY: Final = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)


class ViewUnavailable(GraderError):
    """No page can be made here; the sentence says what to install."""


def page(title: str, content: bytes, asked: Mapping[int, tuple[str, str]]) -> str:
    """The page of one notebook; `asked` are the cells to be read: index → (anchor, what is asked).

    Raises: ViewUnavailable.
    """
    exporter = _exporter()
    marks = {index: f"asked-{secrets.token_hex(12)}" for index in asked}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of lexers and alternative texts that are missing
            body = _rendered(exporter, _tamed(content, marks))
    except Exception:  # noqa: BLE001 - nbconvert and its renderers meet whatever students write
        body = "<p>This notebook cannot be shown; the sheet has the answer.</p>"
    for index, (anchor, says) in asked.items():
        banner = f'<p class="asked" id="{html.escape(anchor)}">{_text(says)}</p>'
        if marks[index] in body:
            body = body.replace(f"<p>{marks[index]}</p>", banner).replace(marks[index], "")
        else:
            body = banner + body
    links = " · ".join(
        f'<a href="#{html.escape(anchor)}">{html.escape(anchor)}</a>'
        for anchor, _ in asked.values()
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<header><p>{_text(title)}: {links}</p></header>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return html.escape(visible(text))


def _exporter() -> Any:
    """nbconvert's, with the Markdown of each cell cut down by itself: one cannot swallow the next."""
    try:
        exporters: Any = importlib.import_module("nbconvert.exporters")
        bleach: Any = importlib.import_module("bleach")
        jinja: Any = importlib.import_module("jinja2")
    except ModuleNotFoundError as error:
        raise ViewUnavailable(
            f"pages need the Python package {error.name}; install cs231n-grader[service]"
        ) from error
    exporter = exporters.HTMLExporter(template_name="basic")
    render = exporter.markdown2html

    def harmless(context: Any, source: str) -> str:
        return str(_clean(bleach, render(context, source)))

    exporter.register_filter("markdown2html", jinja.pass_context(harmless))
    return exporter


def _clean(bleach: Any, body: str) -> Any:
    return bleach.clean(
        body, tags=_TAGS, attributes=_is_harmless, protocols=["https", "http", "data"], strip=True
    )


def _rendered(exporter: Any, notebook: Any) -> str:
    body, _ = exporter.from_notebook_node(notebook)
    # Once more as a whole, whatever a template adds.
    return str(_clean(importlib.import_module("bleach"), body))


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return True
    if tag == "img":
        is_own = value.startswith(tuple(f"data:{kind};base64," for kind in PICTURES))
        return (name == "src" and is_own) or name in ("alt", "width", "height")
    return tag == "a" and name == "href" and value.startswith(("https://", "http://", "#"))


def _tamed(content: bytes, marks: Mapping[int, str]) -> Any:
    """The notebook with what may be shown, and a mark in front of every cell that is to be read."""
    nbformat: Any = importlib.import_module("nbformat")
    tree = json.loads(content.decode(json.detect_encoding(content)))
    if tree.get("nbformat", 4) < 4:
        tree = nbformat.convert(nbformat.from_dict(tree), 4)
    cells: list[Any] = []
    for index, cell in enumerate(tree["cells"]):
        if index in marks:
            cells.append(nbformat.v4.new_markdown_cell(marks[index]))
        if isinstance(cell, dict):
            cells += _cell(nbformat, cell)
    return nbformat.v4.new_notebook(cells=cells)


def _cell(nbformat: Any, cell: Mapping[str, Any]) -> list[Any]:
    source = _joined(cell.get("source"))
    if cell.get("cell_type") == "code":
        made = nbformat.v4.new_code_cell(source)
        outputs = cell.get("outputs")
        shown = (_output(nbformat, o) for o in outputs if isinstance(o, dict)) if outputs else ()
        made.outputs = [output for output in shown if output is not None]
        return [made]
    made = nbformat.v4.new_markdown_cell(source)
    attachments = cell.get("attachments")
    if isinstance(attachments, dict):
        kept = {str(n): _pictures(bundle) for n, bundle in attachments.items() if bundle}
        made.attachments = {name: bundle for name, bundle in kept.items() if bundle}
    return [made]


def _output(nbformat: Any, output: Mapping[str, Any]) -> Any:
    """What may be shown of an output: text, an error, a picture."""
    kind = output.get("output_type")
    if kind == "stream":
        return nbformat.v4.new_output("stream", text=_joined(output.get("text")))
    if kind == "error":
        trace = "\n".join(_joined(line) for line in output.get("traceback") or ())
        return nbformat.v4.new_output("stream", text=trace)
    data = output.get("data")
    if not isinstance(data, dict):
        return None
    pictures = _pictures(data)
    text = {"text/plain": _joined(data["text/plain"])} if "text/plain" in data else {}
    shown = pictures or text
    return nbformat.v4.new_output("display_data", data=shown) if shown else None


def _pictures(bundle: Any) -> dict[str, str]:
    """The pictures of a bundle that are what they say."""
    found = {}
    for kind, magic in PICTURES.items():
        encoded = "".join(_joined(bundle.get(kind) if isinstance(bundle, dict) else "").split())
        try:
            if encoded and base64.b64decode(encoded, validate=True).startswith(magic):
                found[kind] = encoded
        except (binascii.Error, ValueError):
            continue
    return found


def _joined(lines: Any) -> str:
    parts: Sequence[Any] = lines if isinstance(lines, list) else [lines]
    text = "".join(part for part in parts if isinstance(part, str))
    text = text.encode("utf-8", "replace").decode("utf-8")
    # A picture is long, and half a picture is none.
    return text if len(text) <= LONGEST_TEXT or " " not in text[:4096] else text[:LONGEST_TEXT]
