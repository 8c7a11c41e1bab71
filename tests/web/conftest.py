"""The application with real engines behind it, asked through Flask's test client; and an article to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from urllib3 import encode_multipart_formdata
from werkzeug.test import TestResponse

from service.model.settings import Settings
from service.web.application import create_app
from service.web.services import of

ARTICLE = """\
---
title: 湖边的灯塔：一份记录
url: https://lake.example/notes/7?lang=zh
source: 湖畔笔记
date: 2025-03-09
fetch_date: 2025-10-06T19:16:36.499828
layout: plain
---

# 湖边的灯塔：一份记录

灯塔建在北岸，灯光每隔十二秒亮一次。[地图](../map)

最后一句话在这里。
"""
Send = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def client(settings: Settings) -> Iterator[FlaskClient]:
    app = create_app(settings)
    yield app.test_client()
    of(app).stop()


@pytest.fixture
def send(client: FlaskClient) -> Send:
    """`send("/v1/convert", to="pdf")`: posts the article; `file=` is a text, bytes, or (name, bytes)."""

    def post(path: str, file: Any = ARTICLE, headers: dict[str, str] | None = None, **fields: Any) -> TestResponse:
        parts: list[tuple[str, Any]] = []
        for key, value in fields.items():
            parts += [(key, each) for each in (value if isinstance(value, list) else [value])]
        if file is not None:
            parts.append(("file", file if isinstance(file, tuple) else ("灯塔.md", file)))
        body, content_type = encode_multipart_formdata(parts)
        return client.post(path, data=body, headers=headers, content_type=content_type)

    return post
