"""The client against a real service: artifacts as files, and the command line that lets a service convert."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from colophon_client import Client, Problem
from tests.servers import COLOPHON, Server, colophon

ARTICLE = b"---\ntitle: [remote] One\nlang: en\n---\n\nSome text. ![p](p.png)\n"
PICTURE = (Path(__file__).resolve().parents[3] / "examples" / "images" / "colophon.png").read_bytes()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with colophon(tmp_path_factory.mktemp("served"), workers=1) as running:
        yield running


@pytest.fixture
def article(tmp_path: Path) -> Path:
    (tmp_path / "p.png").write_bytes(PICTURE)
    (tmp_path / "one.md").write_bytes(ARTICLE)
    return tmp_path / "one.md"


def test_artifacts_come_as_files_with_their_notices(server: Server, article: Path, tmp_path: Path) -> None:
    with Client(server.base) as client:
        saved = client.convert_to(article, ["epub", "docx"], tmp_path / "made", assets=[tmp_path / "p.png"], toc=True)
        whole = client.convert(article, "epub", assets=[tmp_path / "p.png"], toc=True)
    assert [each.path.name for each in saved] == ["one.epub", "one.docx"]
    for each in saved:
        assert hashlib.sha256(each.path.read_bytes()).hexdigest() == each.sha256
        assert "front-matter-recovered" in {notice["code"] for notice in each.notices}
    assert saved[0].path.read_bytes() == whole.data


def test_a_text_is_sent_as_json(server: Server) -> None:
    with Client(server.base) as client:
        made = client.convert_text(ARTICLE.decode(), ["epub"], assets={"p.png": PICTURE}, metadata={"title": "Ours"}, toc=True)
        html = client.convert_text("<title>P</title><p>Text.</p>", "html", name="page.html")
        with pytest.raises(Problem) as caught:
            client.convert_text("text", "html", toc="yes")
    assert made.name == "article.epub" and made.data.startswith(b"PK") and html.name == "page.html"
    assert caught.value.places[0].pointer == "/toc"


def test_what_the_service_says_of_itself(server: Server) -> None:
    with Client(server.base) as client:
        assert "article" in client.profiles()
        assert client.version()["pandoc"]
        assert {each["name"] for each in client.formats()["writers"]} >= {"pdf", "epub", "docx"}


def run(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
    argv = [COLOPHON, "convert", *arguments]
    return subprocess.run(argv, cwd=folder, input=given, env=environ, capture_output=True, timeout=120, check=False)


def test_the_command_lets_a_service_convert(server: Server, article: Path, tmp_path: Path) -> None:
    there = run(tmp_path, "one.md", "--to", "epub,docx", "--out", "there", "--server", server.base)
    here = run(tmp_path, "one.md", "--to", "epub,docx", "--out", "here", "--workers", "1")
    assert (there.returncode, here.returncode) == (0, 0), there.stderr
    assert there.stderr == here.stderr
    assert b"front-matter-recovered" in there.stderr
    with Client(server.base) as client:
        for name in ("one.epub", "one.docx"):
            made, meant = (client.inspect(tmp_path / where / name) for where in ("there", "here"))
            assert (made["metadata"], made["facts"]) == (meant["metadata"], meant["facts"])


def test_streams_and_failures(server: Server, tmp_path: Path) -> None:
    done = run(tmp_path, "-", "--to", "markdown", "--out", "-", "--server", server.base, given=ARTICLE)
    assert done.returncode == 0 and b"Some text." in done.stdout
    empty = run(tmp_path, "-", "--to", "pdf", "--server", server.base)
    assert empty.returncode == 1 and b"-: empty-document: " in empty.stderr
    away = run(tmp_path, "-", "--to", "pdf", "--server", "http://127.0.0.1:9", given=ARTICLE)
    assert away.returncode == 1 and b"can't be reached" in away.stderr
    with Client(server.base) as client, pytest.raises(Problem):
        client.convert_to(("a.md", b""), "pdf", tmp_path / "made")
    assert not (tmp_path / "made").exists()
