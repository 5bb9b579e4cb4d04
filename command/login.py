"""`grader login`: keeps the token for a service."""

import re
import sys
from datetime import datetime
from urllib.parse import urlsplit

import click

from command.errors import Unusable
from command.remote import remote
from command.signed_in import SignedIn, forget, keep

_NEAR = re.compile(r"http://(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?(/.*)?")
_TOKEN = re.compile(r"[\x21-\x7e]{8,500}")


@click.command(short_help="Sign in to a service.")
@click.argument("address", required=False)
@click.option("--forget", "forgets", is_flag=True, help="Forget the token that is kept here.")
def command(*, address: str | None, forgets: bool) -> None:
    """Sign in to the service at ADDRESS with the token that the course's staff gave you.

    The token is asked for, or read from standard input. It is kept in your folder of settings, in a
    file that nobody else can read.
    """
    if forgets:
        click.echo("The token is forgotten." if forget() else "No token was kept here.")
        return
    if address is None:
        raise Unusable("say where the service is: grader login https://…")
    url = (address if "://" in address else f"https://{address}").rstrip("/")
    if not _is_address(url):
        raise Unusable(f"{url} is not an address; write it like https://…")
    if url.startswith("http://") and not _NEAR.fullmatch(url):
        raise Unusable(
            f"{url} would send your token unprotected over the network; use https:// instead"
        )
    token = _token()
    if not _TOKEN.fullmatch(token):
        raise Unusable("that is no token; copy it again, all of it and nothing else")
    who = SignedIn(url, token)
    with remote(who) as service:
        me = service.get("/api/v1/me")
    path = keep(who)
    click.echo(f"Signed in to {url} as {me['login']}; the token is kept in {path}.")
    for course in me["courses"]:
        click.echo(f"  {course['course']}  {course['title']}  ({course['role']})")
    until = datetime.fromisoformat(me["expires_at"]).astimezone()
    click.echo(f"It is good until {until:%Y-%m-%d %H:%M}. Hand in with: grader submit FILE")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _token() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Token", hide_input=True)).strip()
    return sys.stdin.readline().strip()
