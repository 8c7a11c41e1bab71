"""Lines that CommonMark reads as definitions of links and does not show, although they are text: `[1]:张三《书》`.

An unused definition, and one with a sentence instead of an address, is shown as text. Idioms for
comments, `[//]: # (…)` and `[comment]: <> (…)`, are comments.
"""

from __future__ import annotations

import re
from collections import Counter

from service.readers.markdown.changes import Text

DEFINITION = re.compile(r"^(?P<lead> {0,3}(?:>[ ]?)*)\[(?P<label>[^\[\]^\n][^\[\]\n]*)\]:", re.M)
DEFINED = re.compile(r" {0,3}\[[^\[\]]+\]:")
LABEL = re.compile(r"\[([^\[\]]{1,999})\]")
LINK_ADDRESS = re.compile(r"[ \t]*(?:[A-Za-z][A-Za-z0-9+.-]*:|[/#.?<]|[!-~]*(?:\s|$))", re.M)
COMMENT = re.compile(r"(?<!\s)[ \t]*+(?:#|<>)(?:\s|$)", re.M)


def of_links(text: Text) -> str:
    """The definitions of links and notes, for parts of the text that are read separately."""
    lines = text.text.split("\n")
    kept: list[str] = []
    within = False
    for number, line in enumerate(text.prose.split("\n")):
        starts = bool(DEFINED.match(line))
        within = starts or (within and (not line.strip() or line.startswith((" ", "\t"))))
        if within:
            kept += ["", lines[number]] if starts else [lines[number]]
    return "\n".join(kept)


def as_text(text: Text, source: str) -> None:
    """Marks definitions that are text.

    `source` is the original text, to find uses of definitions in replaced parts.
    """
    named = Counter(map(_folded, LABEL.findall(source if text.masks.made else text.prose)))
    defined: set[str] = set()
    cuts: list[tuple[int, int, str]] = []
    for found in DEFINITION.finditer(text.prose):
        label = _folded(found["label"])
        used = named[label] > 1 and label not in defined
        defined.add(label)
        if COMMENT.match(text.prose, found.end()) and not used:
            continue
        if not used or not LINK_ADDRESS.match(text.prose, found.end()):
            mask = text.masks.of("")
            cuts.append((found.end("lead"), found.end(), f"[{mask}{found['label']}]{mask}:"))
    text.cut(cuts)


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
