"""docs/api.md is run unchanged, against a service: every block of shell and of Python, in order."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.receivers import Receiver, receiver
from tests.servers import COLOPHON, Server, colophon

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)
ARTICLE = "---\ntitle: {}\nlang: en\n---\n\nSome text.\n"


@pytest.fixture(scope="module")
def there() -> Iterator[Receiver]:
    with receiver() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("api")
    with colophon(folder, workers=1, fetch_allow="127.0.0.0/8,127.0.0.1", deliver_put="on", deliver_http="on") as running:
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reader")
    for name in ("article", "other"):
        (folder / f"{name}.md").write_text(ARTICLE.format(name), encoding="utf-8")
    (folder / "empty.md").write_bytes(b"")
    return folder


def run(language: str, text: str, server: Server, there: Receiver, folder: Path) -> str:
    text = text.replace("localhost:8080", server.base.removeprefix("http://")).replace("http://localhost:9090", there.url)
    argv = ["bash", "-euo", "pipefail", "-c", text] if language == "sh" else [sys.executable, "-c", text]
    path = f"{COLOPHON.parent}:{os.environ['PATH']}"
    environ = {"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8", "COLOPHON_WORKERS": "1"}
    done = subprocess.run(argv, cwd=folder, env=environ, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, f"{text}\n{done.stderr.decode()}"
    return done.stdout.decode()


def test_every_block_runs(server: Server, there: Receiver, folder: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) >= 9
    reported = [run(language, text, server, there, folder) for language, text in blocks]
    assert [*(folder / "books").iterdir()]
    assert json.loads((folder / "found.json").read_bytes())["metadata"]["title"] == "article"
    with zipfile.ZipFile(folder / "tides.epub") as archive:
        assert b"Ann Lee" in archive.read("EPUB/content.opf")
    assert json.loads((folder / "metadata.json").read_bytes())["metadata"]["title"] == "article"
    assert "empty-document - " in reported[2]
    assert reported[3].split() == [
        "partial",
        "2",
        "1",
        *["article.md", "succeeded", "other.md", "succeeded", "empty.md", "failed", "empty-document"],
    ]
    assert "empty.md failed empty-document" in reported[4]
    with zipfile.ZipFile(folder / "all.zip") as archive:
        assert {"article.epub", "other.docx", "report.jsonl"} <= set(archive.namelist())
    events, rest = ((folder / name).read_text(encoding="utf-8") for name in ("events.txt", "rest.txt"))
    assert "event: job.succeeded" in rest
    assert len(rest) < len(events)
    first, second = (folder / "ids.txt").read_text(encoding="utf-8").split()
    assert first == second


@pytest.mark.parametrize("page", ["tutorial.md", "coming-from.md", "zh.md"])
def test_every_shell_block_of_a_page_runs(page: str, server: Server, there: Receiver, tmp_path: Path) -> None:
    """With the files that the page names, in an empty folder."""
    (tmp_path / "notes").mkdir()
    for name in ("article.md", "notes/one.md", "notes/two.md"):
        (tmp_path / name).write_text(ARTICLE.format("The tides"), encoding="utf-8")
    (tmp_path / "page.html").write_text("<title>A page</title><h1>A page</h1><p>Text.", encoding="utf-8")
    run("sh", f"curl -sf -F file=@article.md -F to=epub {server.base}/v1/convert -o book.epub", server, there, tmp_path)
    blocks = BLOCK.findall((PAGE.parent / page).read_text(encoding="utf-8"))
    assert blocks
    for language, text in blocks:
        run(language, text, server, there, tmp_path)


@pytest.mark.parametrize(("language", "tool", "made"), [("js", "node", "from-js.epub"), ("go", "go", "from-go.docx")])
def test_other_languages(language: str, tool: str, made: str, server: Server, folder: Path) -> None:
    """Node and Go are among the packages of `bin/setup --dev`."""
    program = shutil.which(tool)
    if program is None:
        pytest.skip(f"{tool} is not installed")
    (text,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    file = folder / f"program.{'mjs' if language == 'js' else language}"
    file.write_text(text.replace("http://localhost:8080", server.base), encoding="utf-8")
    argv = [program, "run", file.name] if language == "go" else [program, file.name]
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "GOTOOLCHAIN": "local", "GO111MODULE": "auto"}
    done = subprocess.run(argv, cwd=folder, env=environ, capture_output=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert (folder / made).read_bytes().startswith(b"PK")


def test_the_webhook_is_verified_by_the_function_of_the_page(there: Receiver, server: Server, folder: Path) -> None:
    verifying, sending = (text for _, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if "whsec_" in text)
    there.asked.clear()
    run("python", sending, server, there, folder)
    end = time.monotonic() + 30
    while not there.asked:
        assert time.monotonic() < end, "no webhook came"
        time.sleep(0.05)
    found: dict[str, object] = {}
    exec(verifying, found)
    said = found["received"](there.asked[0].headers, there.asked[0].body)  # type: ignore[operator]
    assert said["type"] == "job.succeeded"
    example = json.loads(re.findall(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)[0])
    assert said.keys() == example.keys()
    assert said["data"].keys() == example["data"].keys()
