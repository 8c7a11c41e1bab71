"""Calls of tools: requests to an application of this process, without a socket."""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask
from werkzeug.test import Client

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the service. `media_type` has no parameters."""

    status: int
    media_type: str
    body: bytes


# Method, path with its query, and the JSON body or None → the answer. A call accepts JSON first.
Call = Callable[[str, str, bytes | None], Answer]


def within(app: Flask, headers: Mapping[str, str], address: str = "127.0.0.1", base: str = "http://localhost") -> Call:
    """Calls `app` as if from `address` to `base`, with `headers` (the key, for example)."""
    client = Client(app, use_cookies=False)

    def call(method: str, path: str, body: bytes | None) -> Answer:
        answer = client.open(
            path, method=method, base_url=base, data=body, content_type=JSON if body is not None else None,
            headers={"Accept": f"{JSON}, */*;q=0.1", **headers}, environ_overrides={"REMOTE_ADDR": address},
        )  # fmt: skip
        try:
            return Answer(answer.status_code, answer.mimetype or "", answer.get_data())
        finally:
            answer.close()

    # In an empty context: otherwise Flask shares `g`, with the key and the log's ids, with the current request.
    return lambda *request: contextvars.Context().run(call, *request)
