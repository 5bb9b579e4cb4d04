"""Where the user's token is kept: one file in the user's folder of settings, for nobody else to read."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from command.errors import Unusable


@dataclass(frozen=True)
class SignedIn:
    """A service and the token for it."""

    url: str
    token: str


def place(environment: Mapping[str, str] | None = None) -> Path:
    """The file: `grader/login.json` in the XDG folder of settings. Raises Unusable."""
    given = os.environ if environment is None else environment
    # The XDG rules: a relative path is to be ignored.
    base = given.get("XDG_CONFIG_HOME", "")
    if base.startswith("/"):
        return Path(base, "grader", "login.json")
    home = given.get("HOME", "")
    if home.startswith("/"):
        return Path(home, ".config", "grader", "login.json")
    raise Unusable("there is no folder for settings; set HOME or XDG_CONFIG_HOME")


def signed_in() -> SignedIn:
    """Who signed in last. Raises Unusable."""
    path = place()
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return SignedIn(str(kept["url"]), str(kept["token"]))
    except FileNotFoundError as error:
        raise Unusable("you are not signed in; run: grader login ADDRESS") from error
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{path} is damaged; run: grader login ADDRESS") from error


def keep(who: SignedIn) -> Path:
    """Keep it and return the file, which is complete or the old one. Raises Unusable."""
    path = place()
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh.unlink(missing_ok=True)
        # Nobody may read it even for the moment before its rights are set.
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(asdict(who), file)
        fresh.replace(path)
    except OSError as error:
        raise Unusable(f"{path} cannot be written ({error.strerror})") from error
    return path


def forget() -> bool:
    """Forget it, and say whether there was anything. Raises Unusable."""
    path = place()
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise Unusable(f"{path} cannot be removed ({error.strerror})") from error
    return True
