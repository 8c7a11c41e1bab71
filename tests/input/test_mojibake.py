"""Text that was decoded wrongly once is read as it was written; other text stays."""

from __future__ import annotations

from service.input.encoding import decode
from service.input.mojibake import restored

CHINESE = (
    "# 首页\n\n* [安全资讯](https://a.example/news)\n* 专栏\n\n这家公司在公告里说，它的系统没有受到影响。\n\n发布时间\n\n原文"
)
RUSSIAN = "Российская промышленность за последние десять лет сильно изменилась.\n\nЖители и здания, ещё раз.\n" * 8


def misread(text: str) -> str:
    return text.encode().decode("ptcp154")


def test_misread_lines_are_read_again() -> None:
    text, reported = decode(f"---\ntitle: 安全\n---\n\n{misread(CHINESE)}\n".encode())
    assert text == f"---\ntitle: 安全\n---\n\n{CHINESE}\n"
    assert [(each.code, each.line, each.data["lines"]) for each in reported] == [("encoding-restored", 5, 6)]


def test_a_trimmed_blank_is_put_back() -> None:
    assert restored(misread(f"{CHINESE}文章").rstrip("\xa0"))[0] == f"{CHINESE}文章"


def test_other_text_stays() -> None:
    for text in (CHINESE, RUSSIAN, f"{RUSSIAN}{misread('首页')}", misread("首页"), "ж" * 30):
        assert restored(text) == (text, ())
