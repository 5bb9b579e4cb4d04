import pytest

from words.languages import LANGUAGES, catalogue, entries, preferred

OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr,de;q=0.9", "en"),
        ("zh;q=0.3, en;q=0.7", "en"),
        ("zh;q=nonsense", "en"),
        ("*;q=0.5, zh-TW", "zh"),
        (",;=", "en"),
    ],
)
def test_the_language_that_a_browser_asks_for(accepted: str | None, language: str) -> None:
    assert preferred(accepted) == language


def test_english_needs_no_catalogue() -> None:
    assert catalogue("en").of("dx is zero everywhere") == "dx is zero everywhere"


@pytest.mark.parametrize("language", OTHERS)
def test_every_entry_says_something_and_fills_what_it_has_places_for(language: str) -> None:
    seen = set()
    for entry in entries(language):
        assert entry.msgid not in seen, f"{entry.msgid!r} stands there twice"
        seen.add(entry.msgid)
        assert entry.msgstr, f"{entry.msgid!r} is not translated"
        given, filled = _places(entry.msgid), _places(entry.msgstr)
        assert filled <= given, f"{entry.msgstr!r} has a place that nothing fills"


@pytest.mark.parametrize("language", OTHERS)
def test_a_question_stays_a_question(language: str) -> None:
    for entry in entries(language):
        assert entry.msgid.endswith("?") == entry.msgstr.endswith(("?", "？")), entry.msgid


def _places(text: str) -> set[str]:
    return {name for each in text.split("{")[1:] for name in each.partition("}")[0].split(" ")}
