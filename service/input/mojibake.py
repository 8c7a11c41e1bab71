"""UTF-8 that someone read in another encoding and saved as UTF-8 again: `зҷ»еҪ•` for 登录. It is read once more, as it was.

A crawler that guesses encodings reads Chinese pages as Kazakh (PTCP154): four of 400 real articles are unreadable
because of this. That encoding has a character for each byte, so nothing is lost, except blanks trimmed from line ends.
"""

from __future__ import annotations

import re

from service.model.document import Notice
from service.model.notices import notice

ENCODING = "ptcp154"
# What the first bytes of Chinese characters become, and how many of them there must be.
LEADS, FEW = "жзеий", 20
CYRILLIC = re.compile("[\u0400-\u04ff]")
# Two bytes of three: the last was a no-break space, which a trimming program took for a blank.
TRIMMED = re.compile(rb"([\xe3-\xe9][\x80-\xbf])(?![\x80-\xbf])")
LINES, SHARE = 5, 0.8  # the fewest lines that are valid UTF-8, and their share of all that are not ASCII (Russian: 0)


def restored(text: str) -> tuple[str, tuple[Notice, ...]]:
    """`text` with its misread lines as they were written, where nearly all of them were."""
    if sum(map(text.count, LEADS)) < FEW:
        return text, ()
    lines = text.split("\n")
    suspects = [number for number, line in enumerate(lines) if CYRILLIC.search(line)]
    read = {number: found for number in suspects if (found := _again(lines[number]))}
    if len(read) < max(LINES, SHARE * len(suspects)):
        return text, ()
    message = f"{len(read)} lines of UTF-8, read earlier as {ENCODING.upper()}, were restored."
    reported = notice(
        "encoding-restored", message, stage="read", line=min(read) + 1, data={"encoding": ENCODING, "lines": len(read)}
    )
    return "\n".join(read.get(number, line) for number, line in enumerate(lines)), (reported,)


def _again(line: str) -> str:
    try:
        return TRIMMED.sub(b"\\1\xa0", line.encode(ENCODING)).decode("utf-8")
    except UnicodeError:
        return ""
