"""Notes (`<ref>`) of MediaWiki as pandoc reads them: on one line, without names, each with its text.

A name with a slash, a note over two lines of a list and an end without a beginning fail in pandoc 3.9. A note that is named
again has the text of the first; notes that are defined in the list of references stand where they are named.
"""

from __future__ import annotations

import re

NOTE = re.compile(
    r"<ref\b((?:[^<>\"'/]|\"[^\"<>]*\"|'[^'<>]*'|/(?!>))*)(?:/>|>(.*?)(?:</ref\s*>|(?=<ref\b|\n\n|\Z)))", re.S | re.I
)
NAME = re.compile(r"\bname\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'/>]+(?:/[^\s\"'/>]+)*))", re.I)
LIST = re.compile(r"<references\b[^<>]*(?<!/)>(.*?)</references\s*>|<references\b[^<>]*/?>", re.S | re.I)
STRAY = re.compile(r"</ref\s*>", re.I)
APART = re.compile(r"<(nowiki|pre|syntaxhighlight|source|math)\b.*?</\1\s*>|<!--.*?-->", re.S | re.I)
OPENS, CLOSES = re.compile(r"[ \t:*]*\{\|"), re.compile(r"[ \t:*]*\|\}")


def settled(text: str) -> str:
    """The text with its notes in a form that pandoc reads, and every table closed."""
    if "<ref" not in text.lower() and "</ref" not in text.lower():
        return closed(text)
    kept: list[str] = []

    def aside(found: re.Match[str]) -> str:
        kept.append(found.group())
        return f"\x00{len(kept) - 1}\x00"

    text = APART.sub(aside, text)
    said: dict[str, str] = {}
    for found in NOTE.finditer(text):
        name = _name(found[1])
        if name and found[2] and found[2].strip():
            said.setdefault(name, found[2])
    text = LIST.sub("", text)
    text = NOTE.sub(lambda found: _note(found, said), text)
    text = STRAY.sub("", text).replace("\x01", "</ref>")
    return closed(re.sub(r"\x00(\d+)\x00", lambda found: kept[int(found[1])], text))


def _note(found: re.Match[str], said: dict[str, str]) -> str:
    words = found[2] if found[2] and found[2].strip() else said.get(_name(found[1]), "")
    return f"<ref>{' '.join(words.split())}\x01" if words else ""


def _name(attributes: str) -> str:
    found = NAME.search(attributes or "")
    return next(filter(None, found.groups()), "") if found else ""


def closed(text: str) -> str:
    """A table that nothing ends, ended before the next heading or at the end."""
    if "{|" not in text:
        return text
    out: list[str] = []
    opened = 0
    for line in text.split("\n"):
        if OPENS.match(line):
            opened += 1
        elif CLOSES.match(line):
            opened = max(0, opened - 1)
        elif opened and re.match(r"={2,6}[^=].*=\s*$", line):
            out += ["|}"] * opened
            opened = 0
        out.append(line)
    return "\n".join([*out, *["|}"] * opened])
