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
CATALOGUE = "/opds"  # the start page of e-readers: it offers Basic authentication


def register(app: Flask) -> None:
    """Authenticates the request. Without required keys every caller is the tenant ""."""
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
    """Valid keys pass even if others send wrong keys from the same address."""
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
    """The caller of this request; None if keys are not required."""
    return cast("Key | None", g.get("key"))


def tenant() -> str:
    """The tenant that owns everything that the request creates, and that limits what it can see."""
    return "" if (found := key()) is None else found.id


def caller() -> str:
    """The caller for the fair order of calls: the key, else the address."""
    return found.id if (found := key()) else address()


def address() -> str:
    """The address of the request; of IPv6 the network, because one host can use all of its addresses."""
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
    """Whether the body of a request is received. The server asks before, with the head of the request.

    `_ask` decides, and counts, when the request is complete. This only avoids bodies of requests with a wrong key.
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
    """Notes a standing for the headers of the answer. Raises QuotaExceeded if it is a refusal."""
    if found is not None:
        g.setdefault("standings", {})[found.quota] = found
        if found.refused:
            raise found.refusal()


@contextmanager
def spending() -> Iterator[Cancellation]:
    """Around a conversion: counts its cost for the key and the caller. Raises QuotaExceeded."""
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
    """Raises AssertionError if a call uses more of the limits of a key than its row declares."""
    row = endpoint.of_request()
    assert row is None or row.cost in costs, f"{row.name} has the cost {row.cost}"


def refuse_early() -> None:
    """Raises QueueFull if this caller would be refused, before its body is parsed and stored.

    The body is read, because a server closes the connection if much of the body is left, and the next request would fail.
    """
    try:
        services().workers.refuse_early(caller())
    except QueueFull:
        while request.stream.read(READ_AT_ONCE):
            pass
        raise


def refuse_used_up() -> None:
    """For later conversions: raises QuotaExceeded if the CPU seconds are used up, because the job could wait for a day."""
    found = key()
    if found is not None and found.limits.cpu_seconds:
        count(next(each for each in services().jobs.quotas.standings(found) if each.quota == CPU))


@contextmanager
def queueing() -> Iterator[None]:
    """Around the creation of a job: the answer, also a refusal, reports the free part of the key's queue."""
    _check_cost(JOB)
    try:
        yield
    finally:
        with suppress(ColophonError):  # the job is accepted or refused in any case
            _count_queued()


def refuse_full() -> None:
    """Raises QuotaExceeded if the key has reached its limit of unfinished items."""
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
    """The limits of the key, and the rest of each."""
    found = key()
    if found is not None and (policies := standing.policies(found.limits)):
        response.headers["RateLimit-Policy"] = policies
        if left := standing.written(g.get("standings", {}).values()):
            response.headers["RateLimit"] = left
    return response


def _challenge(response: Response) -> Response:
    """The error of the key in the terms of RFC 6750."""
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
