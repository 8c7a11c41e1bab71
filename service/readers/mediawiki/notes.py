"""Notes (`<ref>`) of MediaWiki as pandoc reads them: on one line, without names, each with its text.

A name with a slash, a note over two lines of a list and an end without a start fail in pandoc 3.9. A note that is named
again has the text of the first; notes that are defined in the list of references are placed at their first call.
"""

from __future__ import annotations

import re

from service.readers.mediawiki import galleries, limits, tables
from service.readers.shared import spans

REF = re.compile(
    r"<ref\b((?>(?:[^<>\"'/]++|\"[^\"<>]*+\"|'[^'<>]*+'|[\"'/](?!>))*))(?:/>|>(.*?)(?:</ref\s*+>|(?=<ref\b|\n\n|\Z)))",
    re.S | re.I,
)
NAME = re.compile(r"\bname\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'/>]++(?>(?:/[^\s\"'/>]++)*)))", re.I)
LIST = re.compile(r"<references\b[^<>]*+(?<!/)>", re.I)
LIST_END = re.compile(r"</references\s*+>", re.I)
LISTED_HERE = re.compile(r"</?references\b[^<>]*+>", re.I)
STRAY = re.compile(r"</ref\s*+>", re.I)


def settled(text: str) -> str:
    """The text with its notes, galleries and tables in a form that pandoc reads."""
    kept = limits.apart(text)
    bare = "".join(
        text[start:end] + (f"\x00{number}\x00" if number < len(kept) else "")
        for number, (start, end) in enumerate(spans.gaps(text, kept))
    )
    bare = tables.settled(galleries.settled(_with_notes(bare)))
    return re.sub(r"\x00(\d+)\x00", lambda found: text[slice(*kept[int(found[1])])], bare)


def _with_notes(text: str) -> str:
    if "<ref" not in text.lower() and "</ref" not in text.lower():
        return text
    said: dict[str, str] = {}
    for found in REF.finditer(text):
        name = _name(found[1])
        if name and found[2] and found[2].strip():
            said.setdefault(name, found[2])
    lists = [(each.start, each.end) for each in spans.spans(text, LIST, lambda _: LIST_END)]
    text = LISTED_HERE.sub("", "".join(text[start:end] for start, end in spans.gaps(text, lists))) + _uncalled(text, lists)
    return STRAY.sub("", REF.sub(lambda found: _note(found, said), text)).replace("\x01", "</ref>")


def _uncalled(text: str, lists: list[tuple[int, int]]) -> str:
    """The notes in lists of notes that no place in the text calls: they are called at its end."""
    called = {_name(each[1]) for start, end in spans.gaps(text, lists) for each in REF.finditer(text, start, end)}
    listed = [each for start, end in lists for each in REF.finditer(text, start, end)]
    return "".join(f"\n\n{each.group()}" for each in listed if each[2] and _name(each[1]) not in called)


def _note(found: re.Match[str], said: dict[str, str]) -> str:
    words = found[2] if found[2] and found[2].strip() else said.get(_name(found[1]), "")
    return f"<ref>{' '.join(words.split())}\x01" if words else ""


def _name(attributes: str) -> str:
    found = NAME.search(attributes or "")
    return next(filter(None, found.groups()), "") if found else ""
