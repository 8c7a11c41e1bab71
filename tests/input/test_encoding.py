"""Encodings: the right text or a refusal, never mojibake."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.input.encoding import SUSPECT, decode
from service.model.errors import ControlCharacters, UnsupportedEncoding
from service.model.text.characters import CONTROLS

CHINESE = "# 网络安全\n\n中国的网络空间安全产业在过去十年里发展很快，我们看到了许多新的技术和应用。\n"
TRADITIONAL = "# 資訊安全\n\n這個國家的網路安全產業在過去十年裡發展得很快，我們看見了許多新的技術與應用。\n"
JAPANESE = "# セキュリティ\n\n日本のサイバーセキュリティは、この十年で大きく変わりました。私たちはそれを見ています。\n"
KOREAN = "# 보안\n\n한국의 사이버 보안 산업은 지난 십 년 동안 빠르게 발전했고 우리는 그것을 보고 있습니다.\n"
RUSSIAN = "# Безопасность\n\nРоссийская промышленность за последние десять лет сильно изменилась, и мы видим это каждый день.\n"
LEGACY = [
    (CHINESE, "gb18030"),
    (CHINESE, "gbk"),
    (TRADITIONAL, "big5"),
    (JAPANESE, "shift_jis"),
    (JAPANESE, "euc_jp"),
    (KOREAN, "euc_kr"),
]


@pytest.mark.parametrize(("text", "encoding"), [*LEGACY, (RUSSIAN * 3, "cp1251"), (RUSSIAN * 3, "koi8-r")])
def test_legacy_text_is_detected_or_declared(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), encoding)[0] == text
    found, notices = decode(text.encode(encoding))
    assert found == text
    assert [reported.code for reported in notices] == ["encoding-converted"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [CHINESE, "plain words\nand more\n", JAPANESE])
def test_unicode_with_and_without_a_mark(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding))[0] == text


def test_utf8_is_not_a_notice() -> None:
    assert decode(CHINESE.encode()) == (CHINESE, ())
    assert decode(b"") == ("", ())


def test_the_mark_wins_over_the_declaration() -> None:
    assert decode(CHINESE.encode("utf-8-sig"), "shift_jis")[0] == CHINESE


@pytest.mark.parametrize(
    "data",
    [
        "Les élèves français étudient à l'école près de la forêt.".encode("latin-1"),
        b"# \xed\xa0\x80 \xc0\xaf",
        b"\xff\xfe\xfa",
        b"caf\xe9",
    ],
)
def test_unsure_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedEncoding):
        decode(data)


def test_latin_is_taken_where_declared() -> None:
    assert decode("naïve “quotes”".encode("cp1252"), "iso-8859-1")[0] == "naïve “quotes”"


@pytest.mark.parametrize("seed", range(20))
def test_binary_is_refused(seed: int) -> None:
    with pytest.raises((UnsupportedEncoding, ControlCharacters)):
        decode(random.Random(seed).randbytes(4096))


@pytest.mark.parametrize("charset", ["klingon", "base64", "rot13", "zip", "\0", "unicode_escape", "idna", "punycode"])
def test_unknown_charsets_are_refused(charset: str) -> None:
    with pytest.raises(UnsupportedEncoding):
        decode(b"abc \xff", charset)


def test_a_wrong_declaration_is_refused() -> None:
    with pytest.raises(UnsupportedEncoding, match="declared"):
        decode(CHINESE.encode("gb18030"), "utf-8")


def test_line_ends() -> None:
    assert decode(b"a\r\nb\rc\nd")[0] == "a\nb\nc\nd"


def test_controls_are_removed_and_reported() -> None:
    text, notices = decode("a\x08b\n\x85c\ufffe\tz".encode())
    assert text == "ab\nc\tz"
    assert [(reported.code, reported.line, reported.column) for reported in notices] == [("control-characters-removed", 1, 2)]
    assert notices[0].data["removed"] == {"U+0008": 1, "U+0085": 1, "U+FFFE": 1}


def test_all_controls_are_suspect() -> None:
    every = "".join(map(chr, range(0x110000)))
    assert all(SUSPECT.match(char) for char in CONTROLS.findall(every))
    assert not SUSPECT.search(CHINESE + JAPANESE + KOREAN + RUSSIAN)


def test_nul_is_refused_with_its_line() -> None:
    with pytest.raises(ControlCharacters) as caught:
        decode(b"a\nb\0")
    assert caught.value.places[0].line == 2


@given(st.binary(max_size=200), st.sampled_from(["", "utf-8", "gbk", "utf-16", "latin-1", "nonsense"]))
def test_text_or_a_refusal(data: bytes, charset: str) -> None:
    try:
        text, _ = decode(data, charset)
    except (UnsupportedEncoding, ControlCharacters):
        return
    assert "\r" not in text
    assert "\0" not in text


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\ufeff")))
def test_utf8_text_comes_through(text: str) -> None:
    assert decode(text.encode()) == (text, ())


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("湖边的灯塔".encode()[:-1], "湖边的灯\ufffd"),
        ("灯塔在北岸。".encode() * 10 + b"\xff" + "结尾".encode(), "灯塔在北岸。" * 10 + "\ufffd结尾"),
    ],
)
def test_damaged_utf8_keeps_all_that_is_sound(data: bytes, text: str) -> None:
    decoded, (reported,) = decode(data)
    assert decoded == text
    assert (reported.code, reported.severity, reported.line) == ("encoding-damaged", "warning", 1)


@pytest.mark.parametrize("data", [b"caf\xe9", "灯".encode() + b"\xff\xfe\xff", b"plain words and one \xff byte"])
def test_doubtful_bytes_are_still_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedEncoding):
        decode(data)


@pytest.mark.parametrize(
    ("data", "declared", "text", "codes"),
    [
        ("Grüße".encode("latin-1"), "latin1", "Grüße", ["encoding-converted"]),
        ("Grüße".encode("mac_roman"), "applemac", "Grüße", ["encoding-converted"]),
        ("Grüße".encode("cp1252"), "ansinew", "Grüße", ["encoding-converted"]),
        ("Grüße".encode(), "latin1", "Grüße", []),
        ("Grüße".encode(), "no-such-charset", "Grüße", []),
        ("灯台です".encode("iso2022_jp"), "iso-2022-jp", "灯台です", ["encoding-converted"]),
        (b"One bad \xff byte", "utf-8", "One bad \ufffd byte", ["encoding-damaged"]),
        ("灯塔".encode("gb18030") * 60 + b"\xff.", "gbk", "灯塔" * 60 + "\ufffd.", ["encoding-converted", "encoding-damaged"]),
        (b"plain", "utf-16", "plain", []),
    ],
)
def test_what_the_text_declares_is_believed_as_far_as_it_fits(data: bytes, declared: str, text: str, codes: list[str]) -> None:
    found, reported = decode(data, declared=declared)
    assert (found, [each.code for each in reported]) == (text, codes)


def test_a_refusal_names_the_line() -> None:
    with pytest.raises(UnsupportedEncoding) as refused:
        decode("one\ntwö\n".encode("latin-1"), "utf-8")
    assert refused.value.places[0].line == 2


def test_escapes_of_iso_2022() -> None:
    text = "灯台の光は夜の海を照らす。\nLamp\n"
    found, notices = decode(text.encode("iso2022_jp"))
    assert found == text and [each.code for each in notices] == ["encoding-converted"]


def test_a_stray_nul_in_plain_text_is_no_utf16() -> None:
    with pytest.raises(ControlCharacters) as refused:
        decode(b"Tar and\nrope \x00 on board\n")
    assert refused.value.places[0].line == 2
