"""Errors of HTTP before a request reaches its route: part of the tree of `service.model.errors`."""

from __future__ import annotations

from service.model.errors import BadRequest, ColophonError, Forbidden


class MalformedRequest(BadRequest):
    code, title = "malformed-request", "The request is not well-formed HTTP."


class CrossSite(Forbidden):
    code, title = "cross-site-request", "A page of another site must not send this request."


class RequestTimeout(ColophonError):
    code, status, title, retryable = "request-timeout", 408, "The request did not arrive in time.", True


class UriTooLong(ColophonError):
    code, status, title = "uri-too-long", 414, "The request line is too long."


class Misdirected(ColophonError):
    code, status, title = "misdirected-request", 421, "The service does not answer to this host name."


class TooManyOpenRequests(ColophonError):
    code, status, title, retryable = "too-many-open-requests", 429, "This address has too many open requests.", True


class HeadersTooLarge(ColophonError):
    code, status, title = "headers-too-large", 431, "The request headers are too large."


class UnknownTransferCoding(ColophonError):
    code, status, title = "unknown-transfer-coding", 501, "The transfer coding is not supported."
