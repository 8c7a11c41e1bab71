"""The fonts of the operator are known to every worker, and part of what results are kept by."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.conversion.converter import PoolConverter
from service.engines.fonts import house_fonts
from service.model.document import Source
from service.model.settings import Settings
from tests import made_fonts
from tests.writers.test_own_fonts import epub_fonts, pdf_fonts

SOURCE = Source("a.md", b"---\ntitle: Lamps\nlang: en\n---\n\nText of the keeper.\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("house-fonts")
    (folder / "text").mkdir()
    (folder / "text" / "harbour.ttf").write_bytes(made_fonts.data("Harbour House"))
    (folder / "broken.ttf").write_bytes(b"junk")
    (folder / "notes.txt").write_text("no font", encoding="utf-8")
    return folder


def test_a_family_of_the_folder_can_be_named(folder: Path, settings: Settings, conversion: Callable[..., Any]) -> None:
    with PoolConverter(dataclasses.replace(settings, fonts=str(folder)), spares=0) as converter:
        named, _ = converter.convert(SOURCE, conversion("pdf", font="harbour house"))
        styled, _ = converter.convert(SOURCE, conversion("pdf", css='p { font-family: "Harbour House" }'))
        plain, _ = converter.convert(SOURCE, conversion("pdf"))
        book, _ = converter.convert(SOURCE, conversion("epub", font="Harbour House"))
    assert ["Harbour House" in pdf_fonts(each.artifacts[0].data) for each in (named, styled, plain)] == [True, True, False]
    assert [name.split(" font")[0] for name in epub_fonts(book.artifacts[0].data)] == ["Harbour House"]


def test_the_digest_changes_with_a_file(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOPHON_FONTS", str(folder))
    first = house_fonts.digest()
    monkeypatch.setenv("COLOPHON_FONTS", str(tmp_path))
    assert first
    assert house_fonts.digest() == ""
    (tmp_path / "a.ttf").write_bytes(made_fonts.data("Quay"))
    assert house_fonts.digest() not in ("", first)


def test_the_configuration_includes_the_one_of_the_system(tmp_path: Path) -> None:
    assert house_fonts.environment("", tmp_path) == {}
    found = house_fonts.environment("/srv/a & b", tmp_path, "/etc/own.conf")
    text = Path(found["FONTCONFIG_FILE"]).read_text(encoding="utf-8")
    assert "<dir>/srv/a &amp; b</dir>" in text
    assert "/etc/own.conf</include>" in text
