"""Speaks to the service for somebody at a terminal: every answer that is not one becomes a sentence."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from command.errors import Unusable
from command.signed_in import SignedIn

if TYPE_CHECKING:
    import httpx

_TIMEOUT_SECONDS = 30.0
_CONNECT_SECONDS = 5.0
_TRIES = 3
_LONGEST_WAIT_SECONDS = 30.0
_AWAY = (502, 503, 504)


class Remote:
    """The service at an address, asked with a token."""

    def __init__(self, signed_in: SignedIn, client: "httpx.Client") -> None:
        self.url = signed_in.url
        self._client = client

    def get(self, path: str) -> Any:
        """What is at an address of the service. Raises Unusable."""
        return self.ask("GET", path)

    def ask(self, method: str, path: str, **more: Any) -> Any:
        """Ask once, and again while the service is away for a moment. Raises Unusable.

        Whatever changes something must be safe to be asked twice.
        """
        for last in (False,) * (_TRIES - 1) + (True,):
            response = self._sent(method, path, last=last, **more)
            if response is None:
                time.sleep(1.0)
            elif response.status_code in _AWAY and not last:
                time.sleep(_wait(response))
            else:
                return self._read(response)
        raise AssertionError("the last try returns or raises")

    @contextmanager
    def lines(self, path: str, headers: Mapping[str, str]) -> Iterator[Iterator[str]]:
        """The lines of a stream as they come. Raises httpx.TransportError, Unusable."""
        with self._client.stream("GET", path, headers=dict(headers)) as response:
            if not response.is_success:
                response.read()
                self._read(response)
            yield response.iter_lines()

    def _sent(self, method: str, path: str, *, last: bool, **more: Any) -> "httpx.Response | None":
        import httpx  # noqa: PLC0415 - as in `remote`

        try:
            return self._client.request(method, path, **more)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise Unusable(f"{self.url} is not an address; write it like https://…") from error
        except httpx.ConnectError as error:
            # Nothing was sent: a service that is not there will not be there in a second either.
            reason = "its certificate is not trusted" if "CERTIFICATE" in str(error) else ""
            raise Unusable(
                f"the service at {self.url} does not answer{f' ({reason})' if reason else ''}; "
                "check the address, and that it is running"
            ) from error
        except httpx.TransportError as error:
            if last:
                raise Unusable(
                    f"the connection to {self.url} broke off; try again, nothing is counted twice"
                ) from error
            return None

    def _read(self, response: "httpx.Response") -> Any:
        status = response.status_code
        try:
            told = response.json()
        except ValueError as error:
            raise Unusable(
                f"{self.url} answers, but not as a grading service does (status {status}); "
                "check the address"
            ) from error
        if response.is_success:
            return told
        detail = str(told.get("detail", "")) if isinstance(told, dict) else ""
        if status == 401:
            raise Unusable(
                "your token has expired or was revoked; get a new one from the course's staff "
                f"and run: grader login {self.url}"
            )
        if status >= 500:
            raise Unusable(f"the service has a fault: {detail or status}")
        errors = told.get("errors") if isinstance(told, dict) else None
        if errors:
            detail = "; ".join(f"{each.get('where')}: {each.get('says')}" for each in errors)
        raise Unusable(detail or f"the service refuses this (status {status})")


@contextmanager
def remote(signed_in: SignedIn) -> Iterator[Remote]:
    """A connection to the service. Raises Unusable where the package for it is missing."""
    try:
        import httpx  # noqa: PLC0415 - who only grades does without it
    except ModuleNotFoundError as error:
        raise Unusable(
            f"the package {error.name} is missing; install cs231n-grader[submit]"
        ) from error
    timeout = httpx.Timeout(_TIMEOUT_SECONDS, connect=_CONNECT_SECONDS)
    headers = {"Authorization": f"Bearer {signed_in.token}"}
    try:
        client = httpx.Client(base_url=signed_in.url, headers=headers, timeout=timeout)
    except (httpx.InvalidURL, ValueError) as error:
        raise Unusable(f"{signed_in.url} is not an address; write it like https://…") from error
    with client:
        yield Remote(signed_in, client)


def _wait(response: "httpx.Response") -> float:
    said = response.headers.get("Retry-After", "")
    return min(float(said) if said.isdecimal() else 1.0, _LONGEST_WAIT_SECONDS)
