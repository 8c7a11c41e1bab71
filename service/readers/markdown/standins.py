"""One-character stand-ins for what pandoc would misread: put in before it reads, taken out of the AST it made.

A stand-in is a private-use character that the text does not hold. It is no markup, so it takes away the meaning
of the character it stands for (a dollar sign, an underscore in a bare URL); beside an emphasis mark it counts as
punctuation, which is what CommonMark wants to see there before it lets `**重点：**下文` be bold. Taken out again,
nothing of it is left: code, URLs and text come out letter for letter.
"""

from __future__ import annotations

import re

from service.readers.markdown import dollars
from service.standins import StandIns

# Characters that Chinese, Japanese and Korean are written with, their punctuation and full-width forms included.
CJK = "\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
# What is looked at in a line, in order: an escape, a code span (its marks are none), an emphasis mark.
MARKED = re.compile(r"\\.|(?P<code>`+).*?(?P=code)|(?P<mark>\*{1,3}|~~)")
PUNCTUATION = re.compile(r"[^\w\s]|_")
IS_CJK = re.compile(rf"[{CJK}“”‘’…—]")
BARE_URL = re.compile(r"(?<![A-Za-z0-9(<\"'=])(?:https?|ftp)://[^\s<>\"'`\u0080-\U0010ffff]*_[^\s<>\"'`\u0080-\U0010ffff]*")


def put_in(text: str, math: str) -> tuple[str, StandIns]:
    """`text` as pandoc may have it. `math` is the option: what it leaves of the dollar signs is a formula."""
    one = StandIns(text)
    if "$" in text and math != "on":
        text = dollars.mask(text, one.of("$"), keep_formulas=math == "auto")
    if "://" in text:
        text = BARE_URL.sub(lambda found: _masked_url(found.group(), one), text)
    if IS_CJK.search(text) and ("*" in text or "~~" in text):
        text = "\n".join(_flanked(line, one) if "*" in line or "~~" in line else line for line in text.split("\n"))
    return text, one


def _masked_url(url: str, one: StandIns) -> str:
    """Underscores inside it can't be emphasis; those at its end can be the closing mark of emphasis around it."""
    bare = url.rstrip("_*~.,;:!?)")
    return bare.replace("_", one.of("_")) + url[len(bare) :]


def _flanked(line: str, one: StandIns) -> str:
    """`line` with a stand-in outside each emphasis mark that CommonMark would not take, a CJK character being at its side."""
    parts: list[str] = []
    opened: set[str] = set()
    end = 0
    for found in MARKED.finditer(line):
        mark = found["mark"]
        if not mark:
            continue
        before, behind = line[: found.start()][-1:], line[found.end() :][:1]
        closes = mark in opened
        if closes:
            opened.remove(mark)
        elif behind.strip():
            opened.add(mark)
        inside, outside = (before, behind) if closes else (behind, before)
        if PUNCTUATION.match(inside) and outside.isalnum() and (IS_CJK.match(inside) or IS_CJK.match(outside)):
            cut = found.end() if closes else found.start()
            parts += [line[end:cut], one.of("")]
            end = cut
    return "".join([*parts, line[end:]])
