"""The warm pandoc: reads and writes over its pipes, and its failures are ours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.ast.pandoc_ast import dumps, image, loads, para, string, text
from service.engines.pandoc.process import Pandoc
from service.model.blocks import Blocks
from service.model.errors import EngineCrashed, InvalidDocument
from service.model.settings import Settings

PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@pytest.fixture(scope="module")
def pandoc(settings: Settings) -> Iterator[Pandoc]:
    pandoc = Pandoc(settings)
    yield pandoc
    pandoc.close()


def test_reads_text(pandoc: Pandoc) -> None:
    ast, media = pandoc.read("# 标题\n\n*正文*", "commonmark")
    assert text(loads(ast)).split() == ["标题", "正文"]
    assert media == {}


def test_a_writing_that_was_begun_gives_what_write_gives(pandoc: Pandoc) -> None:
    ast = dumps([para([string("begun")])])
    written = pandoc.writing(ast, "html5")
    assert written() == pandoc.write(ast, "html5") == b"<p>begun</p>"


def test_a_writing_that_no_one_asked_for_disturbs_no_later_call(pandoc: Pandoc) -> None:
    pandoc.writing(dumps([para([string("forgotten")])]), "html5")
    pandoc.writing(dumps([para([string("forgotten too")])]), "html5")
    assert pandoc.write(dumps([para([string("asked")])]), "html5") == b"<p>asked</p>"
    assert text(loads(pandoc.read("later", "commonmark")[0])) == "later"


def test_blocks_that_no_one_changed_need_not_be_sent_again(pandoc: Pandoc, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    send = Pandoc._send
    monkeypatch.setattr(Pandoc, "_send", lambda self, header, blobs: (sent.append(blobs[0]), send(self, header, blobs)))
    first, second, third = blocks = pandoc.keep(Blocks(loads(pandoc.read("one\n\ntwo\n\nthree", "commonmark")[0])))
    mixed = [para([string("new")]), third, para([string("2")]), first, first]
    expected = b"<p>new</p>\n<p>three</p>\n<p>2</p>\n<p>one</p>\n<p>one</p>"
    assert pandoc.writing_blocks(mixed, {}, "html5", {}, {})() == expected
    assert loads(sent[-1]) == [mixed[0], mixed[2]]
    assert pandoc.writing_blocks(mixed, {}, "html5", {}, {})() == expected, "nothing is kept any more"
    assert loads(sent[-1]) == mixed
    assert blocks[1] is second


def test_blocks_of_an_earlier_reading_are_sent(pandoc: Pandoc) -> None:
    earlier = pandoc.keep(Blocks(loads(pandoc.read("one", "commonmark")[0])))
    pandoc.read("two", "commonmark")
    assert pandoc.writing_blocks(earlier, {}, "html5", {}, {})() == b"<p>one</p>"


def test_html_is_written_without_a_word_to_the_log(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    """Its language is one without translations, of which pandoc would warn."""
    pandoc = Pandoc(settings)
    pandoc.write(dumps([para([string("x")])]), "html5")
    pandoc.close()
    assert capfd.readouterr().err == ""


def test_media_go_in_and_come_out(pandoc: Pandoc) -> None:
    blocks = [para([image([string("alt")], "media/a.gif")])]
    docx = pandoc.write(dumps(blocks), "docx", media={"media/a.gif": ("image/gif", PIXEL)})
    assert any(name.startswith("word/media/") for name in zipfile.ZipFile(io.BytesIO(docx)).namelist())
    _, media = pandoc.read(docx, "docx")
    assert [data for _, data in media.values()] == [PIXEL]


def test_media_stay_with_their_call(pandoc: Pandoc) -> None:
    blocks = [para([string("no image")])]
    pandoc.write(dumps(blocks), "docx", media={"media/a.gif": ("image/gif", PIXEL)})
    docx = pandoc.write(dumps([para([image([string("alt")], "media/a.gif")])]), "docx")
    assert not any("media" in name for name in zipfile.ZipFile(io.BytesIO(docx)).namelist())


@pytest.mark.parametrize("format", ["docx", "epub", "odt"])
def test_a_damaged_file_is_the_file_s_fault(pandoc: Pandoc, format: str) -> None:
    with pytest.raises(InvalidDocument) as caught:
        pandoc.read(b"PK nonsense", format)
    assert "unpack" not in caught.value.detail
    assert pandoc.alive


def test_an_unknown_format_is_our_fault(pandoc: Pandoc) -> None:
    with pytest.raises(EngineCrashed):
        pandoc.read("x", "no-such-format")
    assert pandoc.alive


def test_the_read_sandbox_holds(pandoc: Pandoc) -> None:
    ast, _ = pandoc.read(".. include:: /etc/hostname\n\ntext", "rst")
    assert text(loads(ast)).strip() == "text"


def test_after_its_death_each_call_says_so(settings: Settings) -> None:
    pandoc = Pandoc(settings)
    pandoc.close()
    with pytest.raises((EngineCrashed, ValueError)):
        pandoc.read("x", "markdown")


def test_what_was_read_is_collected_before_it_fills_the_caches(settings: Settings) -> None:
    """Else each page is written to memory that no cache holds; pandoc's own build asks for 64 MB of it."""
    pandoc = Pandoc(settings)
    for _ in range(30):
        pandoc.read("word *word* " * 200, "commonmark")
    status = Path(f"/proc/{pandoc.pid}/status").read_text(encoding="ascii")
    pandoc.close()
    anonymous = int(status.partition("RssAnon:")[2].split()[0])
    assert anonymous < 50_000  # in KB; 79,000 with the allocation area of its build
