"""The language in which somebody is answered: the one they chose, else what their browser asks for."""

from fastapi import Request

from submissions.queries.people import Caller
from words.catalogue import Catalogue
from words.languages import LANGUAGES, catalogue, preferred


def language_of(request: Request, caller: Caller | None) -> str:
    """One of LANGUAGES."""
    if caller is not None and caller.language in LANGUAGES:
        return caller.language
    return preferred(request.headers.get("accept-language"))


def words_for(request: Request, caller: Caller | None = None) -> Catalogue:
    """What everything is called for whoever asks."""
    return catalogue(language_of(request, caller))
