"""Galleries of MediaWiki: each line is a picture with its caption, which pandoc shows as source text."""

from __future__ import annotations

import re

from service.readers.shared import spans

OPENS, CLOSES = re.compile(r"<gallery\b[^<>]*+>", re.I), re.compile(r"</gallery\s*+>", re.I)
CAPTION = re.compile(r"\bcaption\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)')", re.I)
OPTION = re.compile(r"(?:alt|link|lang|page|class)\s*+=", re.I)


def settled(text: str) -> str:
    """`text` with a paragraph for each picture of a gallery."""
    parts, last = [], 0
    for each in spans.spans(text, OPENS, lambda _: CLOSES):
        caption = CAPTION.search(each.opening.group())
        title = f"\n\n{caption[1] or caption[2]}" if caption else ""
        lines = text[each.opening.end() : each.inner_end].split("\n")
        pictures = [_picture(line.strip()) for line in lines if line.strip()]
        parts += [text[last : each.start], "\n\n".join([title, *pictures, ""])]
        last = each.end
    return "".join([*parts, text[last:]])


def _picture(line: str) -> str:
    name, *rest = line.split("|")
    words = "|".join(part for part in rest if not OPTION.match(part.strip()))
    name = name.strip() if ":" in name else f"File:{name.strip()}"
    return f"[[{name}|thumb|{words.strip()}]]"
