"""What programs for notes write beyond Markdown: pictures as `![[plan.png|300]]`, callouts with a name of their own.

CommonMark shows both as text with brackets. A picture becomes one; a callout that GitHub does not know a quotation under
its name in bold, so that no word is lost. Links to other notes lead nowhere outside the vault, and stay text.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from service.readers.markdown import code

PICTURE = re.compile(
    r"!\[\[(?P<name>[^\[\]|\n]+\.(?:png|jpe?g|gif|svg|webp|avif|bmp|tiff?))(?:\\?\|(?P<told>[^\[\]\n]*))?\]\]", re.IGNORECASE
)
SIZE = re.compile(r"\d+(?:x\d+)?")
CALLOUT = re.compile(
    r"^(?P<lead>[ ]{0,3}(?:>[ ]?)+)\[!(?P<kind>[A-Za-z][\w-]*)(?:\|[^\]\n]*)?\](?P<fold>[+-]?)[ \t]*(?P<title>[^\n]*)$",
    re.MULTILINE,
)
GITHUBS = frozenset({"note", "tip", "important", "warning", "caution"})


def put_in(text: str) -> str:
    """`text` with pictures and callouts as CommonMark knows them; code stays letter for letter."""
    if "![[" in text:
        text = _changed(text, lambda part: "".join(map(_with_pictures, part.splitlines(keepends=True))))
    if "> [!" in text or ">[!" in text:
        text = _changed(text, lambda part: CALLOUT.sub(_quotation, part))
    return text


def _changed(text: str, change: Callable[[str], str]) -> str:
    parts: list[str] = []
    end = 0
    for begin, stop in code.outside_fences(text):
        parts += [text[end:begin], change(text[begin:stop])]
        end = stop
    return "".join([*parts, text[end:]])


def _with_pictures(line: str) -> str:
    parts: list[str] = []
    end = 0
    for begin, stop in code.outside_spans(line) if "![[" in line else ():
        parts += [line[end:begin], PICTURE.sub(_picture, line[begin:stop])]
        end = stop
    return "".join([*parts, line[end:]])


def _picture(found: re.Match[str]) -> str:
    told = (found["told"] or "").strip()
    return f"![{'' if SIZE.fullmatch(told) else told}](<{found['name'].strip()}>)"


def _quotation(found: re.Match[str]) -> str:
    lead, kind, title = found["lead"], found["kind"], found["title"].strip()
    known = kind.lower() in GITHUBS
    if known and not title:
        return f"{lead}[!{kind}]"
    name = kind.replace("-", " ").capitalize()
    head = f"{lead}[!{kind}]\n" if known else ""
    shown = title if known else f"{name}: {title}" if title else name
    bold = shown if "*" in shown else f"**{shown}**"
    return f"{head}{lead}{bold}\n{lead.rstrip()}"
