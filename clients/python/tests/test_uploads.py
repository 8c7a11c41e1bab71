"""A form is read from the disk while it is sent, is what other programs read, and is whole again for a further try."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from werkzeug.formparser import FormDataParser

from colophon_client import Client
from colophon_client.uploads import Form
from tests.receivers import Answer, receiver

BUSY = Answer(503, json.dumps({"code": "queue-full", "detail": "Full."}).encode(), {"Retry-After": "0"})
NAME = '灯塔 "1"\r\n.md'


def parsed(body: bytes, content_type: str) -> tuple[dict[str, list[str]], dict[str, tuple[str | None, bytes]]]:
    environ = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": content_type}
    parser = FormDataParser(stream_factory=lambda *_, **__: io.BytesIO())
    _, fields, files = parser.parse_from_environ(environ)
    return fields.to_dict(flat=False), {name: (part.filename, part.read()) for name, part in files.items()}


@pytest.mark.parametrize("amount", [-1, 1, 7, 65_536, 10_000_000])
def test_what_is_read_is_the_form(amount: int, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\r\n--x" * 40_000)
    form = Form([("to", "pdf"), ("lang", "zh")], [("file", tmp_path / "a.md"), ("asset", (NAME, b"\0bytes"))])
    for _ in range(2):
        body = b""
        while chunk := form.read(amount):
            body += chunk
            if amount < 10 and len(body) > 500:
                body += form.read()
        assert len(body) == form.size == form.tell()
        form.seek(0)
    fields, files = parsed(body, form.content_type)
    assert fields == {"to": ["pdf"], "lang": ["zh"]}
    assert files["file"] == ("a.md", b"\r\n--x" * 40_000)
    assert files["asset"] == ('灯塔 "1"%0D%0A.md', b"\0bytes")


def test_a_further_try_sends_all_of_it_again(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"text " * 50_000)
    with receiver(BUSY, BUSY, Answer(200, b"{}")) as server, Client(server.url) as client:
        client.validate(tmp_path / "a.md")
    assert len(server.asked) == 3
    first, *others = [asked.body for asked in server.asked]
    assert others == [first, first]
    assert parsed(first, server.asked[0].headers["content-type"])[1]["file"] == ("a.md", b"text " * 50_000)
    assert "transfer-encoding" not in server.asked[0].headers


@pytest.mark.parametrize("now", [b"shorter", b"longer than it was"])
def test_a_file_that_changes_meanwhile_is_no_upload(now: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"as it was.")
    form = Form([], [("file", tmp_path / "a.md")])
    (tmp_path / "a.md").write_bytes(now)
    with pytest.raises(RuntimeError, match="changed"):
        form.read()


def test_only_the_beginning_can_be_sought() -> None:
    form = Form([], [("file", ("a", b"x"))])
    with pytest.raises(OSError, match="beginning"):
        form.seek(3)
    assert form.readable() and form.seekable()
    form.close()
