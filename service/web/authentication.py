"""The caller and its permissions, by the headers alone, before a byte of the body is read."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, cast

from flask import Flask, Response, g, request

from service.jobs.keys import rate_limits as standing
from service.jobs.keys.policy import required
from service.jobs.keys.rate_limits import CPU, Standing
from service.jobs.keys.records import Key
from service.model.errors import ColophonError, Forbidden, QueueFull, QuotaExceeded, Unauthorized
from service.telemetry import logs
from service.web import endpoint
from service.web.endpoint import ANYBODY, CONVERSION, FREE, JOB
from service.web.services import of, services
from service.workers.cancellation import Cancellation

READ_AT_ONCE = 65_536  # bytes
CATALOGUE = "/opds"  # where an e-reader begins: it learns here that Basic authentication will do


def register(app: Flask) -> None:
    """Where no keys are requested, nothing is done at all, and everybody is the tenant ""."""
    if required(of(app).settings):
        app.before_request(_ask)
        app.after_request(_challenge)
        app.after_request(_tell)


def _ask() -> None:
    """Raises Unauthorized, TooManyWrongKeys, Forbidden and QuotaExceeded."""
    row, scopes = endpoint.of_request(), endpoint.needed()
    if scopes is ANYBODY:
        return
    text = _sent()
    if not text:
        raise Unauthorized("Send an API key as `Authorization: Bearer …` or as `X-API-Key`.")
    g.was_sent = True
    g.key = _found(text)
    logs.bind(key=g.key.id)
    demand(*scopes)
    if row is None or row.cost != FREE:
        count(services().jobs.quotas.request(g.key))


def _found(text: str) -> Key:
    """Right keys pass whatever else comes from their address: others behind it must not lock them out."""
    try:
        return services().keys.find(text)
    except Unauthorized as error:
        raise services().wrong_keys.refusal(address(), error) from error


def _sent() -> str:
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return text.strip()
    sent = request.headers.get("X-API-Key", "").strip()
    if not sent and kind.lower() == "basic" and request.method in ("GET", "HEAD"):
        return _password(text)
    return sent


def _password(text: str) -> str:
    """Basic authentication (RFC 7617), the only scheme of many e-readers. Browsers send it automatically, so it only reads."""
    try:
        return base64.b64decode(text.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def key() -> Key | None:
    """Whose request this is; None where no keys are requested."""
    return cast("Key | None", g.get("key"))


def tenant() -> str:
    """To whom belongs what the request makes, and whose things it may see."""
    return "" if (found := key()) is None else found.id


def caller() -> str:
    """By whom places are given in turn: the key, else the address."""
    return found.id if (found := key()) else address()


def address() -> str:
    """From where the request comes; of IPv6 the network, for one host may choose in it."""
    return network_of(request.remote_addr or "")


def network_of(text: str) -> str:
    """An address as limits count it: of IPv6 its /64; empty for others, such as a socket of the file system."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))


def judge(app: Flask) -> Callable[[Mapping[str, Any]], bool]:
    """Whether the body of a request may come, by its head alone: the server asks before it receives one.

    `_ask` decides, and counts, when the request is whole; this only saves what would be refused for its key.
    """

    def allows(environ: Mapping[str, Any]) -> bool:
        with app.request_context(dict(environ)):
            scopes, text = endpoint.needed(), _sent()
            if scopes is ANYBODY or not text:
                return False
            try:
                found = services().keys.find(text)
            except ColophonError:
                return False
            return not scopes or bool(set(scopes) & set(found.scopes))

    return allows


def demand(*scopes: str) -> None:
    """Raises Forbidden if the key lacks these scopes."""
    found = key()
    if found is not None and scopes and not set(scopes) & set(found.scopes):
        g.lacking = scopes[0]
        raise Forbidden(f"The API key does not have the scope {' or '.join(f'`{scope}`' for scope in scopes)}.")


def count(found: Standing | None) -> None:
    """For the headers of the answer. Raises QuotaExceeded where it is a refusal."""
    if found is not None:
        g.setdefault("standings", {})[found.quota] = found
        if found.refused:
            raise found.refusal()


@contextmanager
def spending() -> Iterator[Cancellation]:
    """Around a conversion: what it costs is the key's, and the caller's. Raises QuotaExceeded."""
    _check_cost(CONVERSION, JOB)
    try:
        with services().jobs.quotas.conversion(key()) as spent:
            spent.cancellation.caller, spent.cancellation.tenant = caller(), tenant()
            spent.cancellation.one_by_one = (found := key()) is not None and bool(found.limits.conversions)
            yield spent.cancellation
    except QuotaExceeded as error:
        count(Standing(error.extra["quota"], error.extra["limit"], 0, error.retry_after, refused=True))
    g.setdefault("standings", {}).update({each.quota: each for each in spent.standings})


def _check_cost(*costs: str) -> None:
    """Raises AssertionError for a call that takes more from the limits of a key than its row says."""
    row = endpoint.of_request()
    assert row is None or row.cost in costs, f"{row.name} has the cost {row.cost}"


def refuse_early() -> None:
    """Raises QueueFull where this caller would be the last in line, before its body is parsed and kept.

    It is read all the same: a server that finds too much of it left closes the connection, under the caller's next request.
    """
    try:
        services().workers.refuse_early(caller())
    except QueueFull:
        while request.stream.read(READ_AT_ONCE):
            pass
        raise


def refuse_used_up() -> None:
    """For what is converted later: raises QuotaExceeded where the CPU-seconds are used up, so that it would wait for a day."""
    found = key()
    if found is not None and found.limits.cpu_seconds:
        count(next(each for each in services().jobs.quotas.standings(found) if each.quota == CPU))


@contextmanager
def queueing() -> Iterator[None]:
    """Around the making of a job: the answer, and a refusal, report what the key may still have in the queue."""
    _check_cost(JOB)
    try:
        yield
    finally:
        with suppress(ColophonError):  # the job is accepted or refused in any case
            _count_queued()


def refuse_full() -> None:
    """Raises QuotaExceeded where the key may have no unfinished item more."""
    found = _count_queued()
    if found is not None and found.refused:
        raise found.refusal()


def _count_queued() -> Standing | None:
    if (found := key()) is None or not found.limits.queued:
        return None
    standing = services().jobs.quotas.queued(found)
    g.setdefault("standings", {})[standing.quota] = standing
    return standing


def _tell(response: Response) -> Response:
    """The limits of the key, and what is left of them."""
    found = key()
    if found is not None and (policies := standing.policies(found.limits)):
        response.headers["RateLimit-Policy"] = policies
        if left := standing.written(g.get("standings", {}).values()):
            response.headers["RateLimit"] = left
    return response


def _challenge(response: Response) -> Response:
    """What is wrong with the key, for a client that knows RFC 6750."""
    said = ['Bearer realm="colophon"']
    if response.status_code == 401 and g.get("was_sent"):
        said.append('error="invalid_token"')
    if response.status_code == 403 and "lacking" in g:
        said += ['error="insufficient_scope"', f'scope="{g.lacking}"']
    if response.status_code == 401 or "lacking" in g:
        response.headers["WWW-Authenticate"] = ", ".join(said)
    if response.status_code == 401 and request.path.startswith(CATALOGUE):
        response.headers.add("WWW-Authenticate", 'Basic realm="colophon"')
    return response
