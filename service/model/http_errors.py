"""What can go wrong before a request reaches its route: the part of the tree of `service.model.errors` that HTTP itself gives."""

from __future__ import annotations

from service.model.errors import BadRequest, ColophonError, Forbidden


class MalformedRequest(BadRequest):
    code, title = "malformed-request", "The request is not well-formed HTTP."


class CrossSite(Forbidden):
    code, title = "cross-site-request", "A page of another site may not ask for this."


class RequestTimeout(ColophonError):
    code, status, title, retryable = "request-timeout", 408, "The request did not arrive in time.", True


class UriTooLong(ColophonError):
    code, status, title = "uri-too-long", 414, "The first line of the request is too long."


class Misdirected(ColophonError):
    code, status, title = "misdirected-request", 421, "This service does not answer under that name."


class TooManyOpenRequests(ColophonError):
    code, status, title, retryable = "too-many-open-requests", 429, "Too many requests of this address are open.", True


class HeadersTooLarge(ColophonError):
    code, status, title = "headers-too-large", 431, "The headers of the request are too large."


class UnknownTransferCoding(ColophonError):
    code, status, title = "unknown-transfer-coding", 501, "This transfer coding is not taken."
