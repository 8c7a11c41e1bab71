"""An article means the same over HTTP as in this process, for every target: bundles, covers, changed metadata, titles."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from schemas import options
from service.conversion.in_process import InProcessConverter
from service.model.document import Source
from service.model.settings import Settings
from tests.web.conftest import Send

PICTURE = (Path(__file__).parents[2] / "examples" / "images" / "colophon.png").read_bytes()
ARTICLE = "---\ntitle: Lamps\nlang: en\ntags: [sea, light]\nshelf: 3\n---\n\n# Lamps\n\nA lamp burns.\n"
TARGETS = ("epub", "docx", "pdf", "html", "markdown")
SUFFIX = {"markdown": "md"}


def packed(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return out.getvalue()


def names(book: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.namelist()


def test_a_bundle_of_one_article(send: Send, settings: Settings) -> None:
    article = ARTICLE.replace("shelf: 3", "cover: cover.png") + "\n![A lamp](img/lamp.png)\n"
    bundle = packed(a_md=article, cover_png=PICTURE, img__lamp_png=PICTURE)
    answer = send("/v1/convert", file=("one.zip", bundle), to="epub")
    converter = InProcessConverter(settings)
    try:
        here = converter.convert(Source("one.zip", bundle), options.defaults("epub"))[0].artifacts[0]
    finally:
        converter.stop()
    assert answer.status_code == 200
    assert answer.data == here.data
    assert sum(name.endswith(".png") for name in names(answer.data)) == 2


@pytest.mark.parametrize("cover", ["cover.png", "art/front.png"])
def test_the_cover_of_a_book(cover: str, send: Send) -> None:
    bundle = packed(one_md="# One\n\nText.", two_md="# Two\n\nText.", cover_png=PICTURE, art__front_png=PICTURE)
    fields = {"to": "epub", "combine": "true", "cover": cover, "metadata": json.dumps({"title": "Lamps"})}
    answer = send("/v1/convert", file=("book.zip", bundle), **fields)
    assert answer.status_code == 200
    assert "EPUB/text/cover.xhtml" in names(answer.data)
    assert any(name.endswith(".png") for name in names(answer.data))
    missing = send("/v1/convert", file=("book.zip", bundle), **{**fields, "cover": "gone.png"})
    assert (missing.status_code, missing.json["code"]) == (422, "validation-error")


@pytest.mark.parametrize("target", TARGETS)
def test_changed_and_cleared_keys_stay_so(target: str, send: Send) -> None:
    changed = json.dumps({"title": "Tar", "tags": None, "shelf": None, "berth": "north"})
    made = send("/v1/convert", file=("a.md", ARTICLE), to=target, metadata=changed, verify="full")
    assert made.status_code == 200
    again = send("/v1/convert", file=(f"a.{SUFFIX.get(target, target)}", made.data), to="markdown")
    text = again.data.decode()
    assert again.status_code == 200
    assert "title: Tar\n" in text and "berth: north\n" in text
    assert [word for word in ("sea", "light", "shelf", "Lamps") if word in text] == []


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_verified(target: str, send: Send) -> None:
    fields = {"to": target, "verify": "full", "metadata": json.dumps({"title": "Tar", "authors": ["Ada Vogt"]})}
    answer = send("/v1/convert", file=("a.md", ARTICLE), headers={"Accept": "application/json"}, **fields)
    report = answer.json
    assert answer.status_code == 200
    assert (report["metadata"]["title"], report["metadata"]["authors"][0]["name"]) == ("Tar", "Ada Vogt")
    assert "metadata-mismatch" not in {each["code"] for each in report["notices"]}


@pytest.mark.parametrize("target", TARGETS)
def test_an_undetermined_language_is_no_mismatch(target: str, send: Send) -> None:
    answer = send("/v1/convert", file=("1.md", "# 1\n\n2 + 2\n"), headers={"Accept": "application/json"}, to=target)
    assert answer.json["metadata"]["lang"] in ("und", "", None)
    assert "metadata-mismatch" not in {each["code"] for each in answer.json["notices"]}


@pytest.mark.parametrize(
    ("name", "text", "title", "headings"),
    [
        ("notes.md", "Low tide.\n\n# Setup\n\nx\n\n# Use\n\ny", "notes", ["Setup", "Use"]),
        ("notes.md", "# Lamps\n\nx\n\n## Oil\n\ny", "Lamps", ["Oil"]),
        ("notes.md", "# Setup\n\nx\n\n# Use\n\ny", "notes", ["Setup", "Use"]),
        ("notes.html", "<p>Low tide.</p><h2>Setup</h2><p>x</p><h2>Use</h2><p>y</p>", "notes", ["Setup", "Use"]),
        ("notes.rst", "Low tide.\n\nSetup\n-----\n\nx\n\nUse\n---\n\ny", "notes", ["Setup", "Use"]),
        ("notes.org", "Low tide.\n\n* Setup\nx\n* Use\ny", "notes", ["Setup", "Use"]),
        ("notes.wiki", "Low tide.\n\n== Setup ==\nx\n\n== Use ==\ny", "notes", ["Setup", "Use"]),
    ],
)
def test_titles(name: str, text: str, title: str, headings: list[str], send: Send) -> None:
    answer = send("/v1/convert", file=(name, text), to="markdown")
    lines = answer.data.decode().splitlines()
    assert f"title: {title}" in lines
    assert [line.lstrip("# ") for line in lines if line.startswith("#")] == headings
