"""Texts that were cut off within a link, as archives do that keep so many characters of each: `… [Label](https://exam...`.

75 of 400 real articles end so. CommonMark sees no link there, and the last line of the page would be brackets and half
an address. The words stay, with the dots that tell of the cut; half an address leads nowhere, so a notice has it.
"""

from __future__ import annotations

import re

from service.document import Notice
from service.notices import notice
from service.readers.markdown.split_links import IMAGE, outside_fences

DOTS = r"(?:\.{3}|…)"
# The label may hold images that are whole. What has a title begun has all of its address.
LINK = re.compile(
    rf"!?\[(?P<label>(?:{IMAGE.pattern}|[^\[\]])*)\]\((?P<address><?[^\s)<>\"]*?)"
    rf"(?P<title>[ ]+\"[^\"\n]*?)?(?P<dots>{DOTS}?)\s*\Z"
)
IMAGE_ALONE = re.compile(rf"!\[(?P<label>[^\[\]]*?)\]?(?P<dots>{DOTS})\s*\Z")
LINK_AROUND = re.compile(r"\[\Z")
INDENTED = re.compile(r"(?: {4}|\t)(?![ \t]*(?:[-+*]|\d{1,9}[.)])[ \t])")
LAST = 4000  # characters at the end that are looked at: an address and its label


def mend(text: str, line: int = 1) -> tuple[str, tuple[Notice, ...]]:
    """`text`, which begins at `line` of the upload, without the half of a link in which it ends, and what was left out."""
    begin = max(text.rfind("\n\n", 0, len(text.rstrip())) + 1, len(text) - LAST)
    found = LINK.search(text, begin) or IMAGE_ALONE.search(text, begin)
    if not found or not _is_prose(text, found.start()):
        return text, ()
    kept = text[: found.start()]
    if found[0].startswith("!"):
        kept = LINK_AROUND.sub("", kept)
    said = notice(
        "text-cut-off",
        stage="reader",
        line=line + text.count("\n", 0, found.start()),
        data={"removed": text[len(kept) :].strip()},
    )
    return f"{kept}{_whole(found)}{found['dots'] or '…'}\n", (said,)


def _whole(found: re.Match[str]) -> str:
    """What can be kept: the link where only its title was cut, else its words."""
    parts = found.groupdict()
    if parts.get("title"):
        mark = "!" if found[0].startswith("!") else ""
        return f"{mark}[{parts['label']}]({parts['address']})"
    return parts["label"]


def _is_prose(text: str, position: int) -> bool:
    line = text.rfind("\n", 0, position) + 1
    outside = any(begin <= position <= stop for begin, stop in outside_fences(text))
    return outside and text.count("`", line) % 2 == 0 and not INDENTED.match(text, line)
