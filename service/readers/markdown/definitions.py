"""Lines that CommonMark takes for definitions of links and shows nowhere, though they are text: `[1]:张三《书》`.

A definition that nothing uses, and one that leads to a sentence instead of an address, is shown as text. Idioms for
comments, `[//]: # (…)` and `[comment]: <> (…)`, are comments.
"""

from __future__ import annotations

import re
from collections import Counter

from service.readers.markdown.masks import Masks

DEFINITION = re.compile(r"(?P<lead> {0,3}(?:>[ ]?)*)\[(?P<label>[^\[\]^][^\[\]]*)\]:")
DEFINED = re.compile(r" {0,3}\[[^\[\]]+\]:")
LABEL = re.compile(r"\[([^\[\]]{1,999})\]")
LINK_ADDRESS = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|[/#.?<]|[!-~]*(?:\s|$))")
COMMENT = re.compile(r"(?<!\s)\s*+(?:#|<>)(?:\s|$)")


def of_links(text: str, prose: str) -> str:
    """The definitions of links and notes, for parts of the text that are read by themselves."""
    lines = text.split("\n")
    kept: list[str] = []
    within = False
    for number, line in enumerate(prose.split("\n")):
        starts = bool(DEFINED.match(line))
        within = starts or (within and (not line.strip() or line.startswith((" ", "\t"))))
        if within:
            kept += ["", lines[number]] if starts else [lines[number]]
    return "\n".join(kept)


def as_text(text: str, prose: str, masks: Masks, source: str = "") -> tuple[str, str]:
    """`text` and `prose`, which is the text with its code blanked, with definitions that are text marked as such.

    `source` is the text as it was, for a use of a definition in what has been replaced.
    """
    named = Counter(map(_folded, LABEL.findall(source if masks.made else prose)))
    defined: set[str] = set()
    lines, bare = text.split("\n"), prose.split("\n")
    for number, line in enumerate(bare):
        if "]:" not in line or not (found := DEFINITION.match(line)):
            continue
        label = _folded(found["label"])
        used = named[label] > 1 and label not in defined
        defined.add(label)
        if COMMENT.match(line, found.end()) and not used:
            continue
        if not used or not LINK_ADDRESS.match(line, found.end()):
            marked = f"{found['lead']}[{masks.of('')}{found['label']}]{masks.of('')}:"
            lines[number], bare[number] = marked + lines[number][found.end() :], marked + line[found.end() :]
    return "\n".join(lines), "\n".join(bare)


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
