"""Lines that CommonMark takes for definitions of links and shows nowhere, though they are text: `[1]:张三《书》`.

A definition that nothing uses, and one that leads to a sentence instead of an address, is shown as text. Idioms for
comments, `[//]: # (…)` and `[comment]: <> (…)`, are comments.
"""

from __future__ import annotations

import re
from collections import Counter

from service.readers.markdown.masks import Masks

DEFINITION = re.compile(r"(?P<lead> {0,3}(?:>[ ]?)*)\[(?P<label>[^\[\]^][^\[\]]*)\]:")
LABEL = re.compile(r"\[([^\[\]]{1,999})\]")
ADDRESS = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|[/#.?<]|[!-~]*(?:\s|$))")
COMMENT = re.compile(r"(?<!\s)\s*+(?:#|<>)(?:\s|$)")


def as_text(text: str, prose: str, masks: Masks) -> str:
    """`text` with definitions that are text marked as such; `prose` is the text with its code blanked."""
    named = Counter(map(_folded, LABEL.findall(prose)))
    defined: set[str] = set()
    lines = text.split("\n")
    for number, line in enumerate(prose.split("\n")):
        if "]:" not in line or not (found := DEFINITION.match(line)):
            continue
        label = _folded(found["label"])
        used = named[label] > 1 and label not in defined
        defined.add(label)
        if COMMENT.match(line, found.end()) and not used:
            continue
        if not used or not ADDRESS.match(line, found.end()):
            behind = lines[number][found.end() :]
            lines[number] = f"{found['lead']}[{masks.of('')}{found['label']}]{masks.of('')}:{behind}"
    return "\n".join(lines)


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
