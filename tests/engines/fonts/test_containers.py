"""Font files of every kind are opened; damaged, hostile and too large ones are refused, quickly and with a reason."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

import brotli
import pytest

from service.engines.fonts import containers, faces
from service.engines.fonts.face import Unreadable
from service.model import font_files
from tests import made_fonts

TEXT = frozenset(map(ord, made_fonts.LETTERS))
KINDS: dict[str, Callable[[], bytes]] = {
    "ttf": made_fonts.data,
    "otf": lambda: made_fonts.data(cff=True),
    "woff": lambda: made_fonts.packed(made_fonts.font(), "woff"),
    "woff2": lambda: made_fonts.packed(made_fonts.font(), "woff2"),
    "woff2 of otf": lambda: made_fonts.packed(made_fonts.font(cff=True), "woff2"),
}


def families(data: bytes) -> list[str]:
    return [each.family for each in faces.of("a.ttf", data, TEXT)]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_opened(kind: str) -> None:
    (face,) = faces.of("a", KINDS[kind](), TEXT)
    assert face.family == "Harbour"
    assert face.data[:4] in containers.SFNT


def test_a_collection_has_all_its_fonts() -> None:
    assert families(made_fonts.collection(["Harbour", "Quay"])) == ["Harbour", "Quay"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_is_cut_off_is_refused(kind: str) -> None:
    whole = KINDS[kind]()
    for length in range(0, len(whole) - 8, max(1, len(whole) // 40)):
        with pytest.raises(Unreadable):
            [face.data for face in faces.of("a", whole[:length], TEXT)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_wrong_bytes_is_a_font_or_refused(kind: str) -> None:
    """Whatever fontTools raises is a refusal with a reason."""
    whole = KINDS[kind]()
    for at in range(0, len(whole), max(1, len(whole) // 150)):
        damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
        try:
            for face in faces.of("a", damaged, TEXT):
                assert face.data[:4] in containers.SFNT
        except Unreadable as error:
            assert str(error)


@pytest.mark.parametrize("data", [b"", b"x", b"<html>", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"wOFF", b"wOF2", b"ttcf", b"OTTO"])
def test_what_is_no_font_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        families(data)


def test_a_woff_that_declares_too_much_is_refused() -> None:
    header = struct.pack(">4s4sLHHL24x", b"wOFF", b"\0\1\0\0", 100, 1, 0, 100)
    row = struct.pack(">4sLLLL", b"glyf", 64, 10, font_files.LARGEST_FILE + 1, 0)
    with pytest.raises(Unreadable, match="when it is unpacked"):
        families(header + row)


def test_a_woff_that_unpacks_to_more_than_it_declares_is_refused() -> None:
    packed = zlib.compress(bytes(20_000_000))
    header = struct.pack(">4s4sLHHL24x", b"wOFF", b"\0\1\0\0", 100, 1, 0, 100)
    row = struct.pack(">4sLLLL", b"glyf", 64, len(packed), len(packed) + 1, 0)
    with pytest.raises(Unreadable, match="another length"):
        families(header + row + packed)


def test_a_woff2_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stream of a small file would have 200 MB; the directory claims less."""
    monkeypatch.setattr(containers, "LARGEST_FILE", 1_000_000)
    with pytest.raises(brotli.error, match="too large"):
        containers._Brotli.decompress(brotli.compress(bytes(200_000_000), quality=1))


@pytest.mark.parametrize("count", [0, 17, 0xFFFFFFFF])
def test_a_collection_of_too_many_is_refused(count: int) -> None:
    with pytest.raises(Unreadable, match="collection of"):
        families(b"ttcf" + struct.pack(">LL", 0x00010000, count))
