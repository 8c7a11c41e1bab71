"""Lines that CommonMark takes for definitions and shows nowhere, though they are text: `[1]:张三《书》`, an uncalled note.

A definition of a link that nothing uses, of a note that nothing calls, of a note again, and one that leads to a Chinese
sentence instead of an address, gets stand-ins and a blank line above, and is a paragraph of text.
"""

from __future__ import annotations

import re
from collections import Counter

from service.model.errors import TooComplex
from service.readers.markdown import limits, notes
from service.readers.shared.placeholders import StandIns

DEFINITION = re.compile(r"(?P<lead> {0,3}(?:>[ ]?)*)\[(?P<label>[^\[\]]+)\]:")
LABEL = re.compile(r"\[([^\[\]]{1,999})\]")
ADDRESS = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|[/#.?<]|[!-~]*(?:\s|$))")


def keep(text: str, one: StandIns) -> str:
    if "]:" not in text:
        return text
    named = Counter(map(_folded, LABEL.findall(text)))
    defined: set[str] = set()
    lines = text.split("\n")
    for number, line in limits.outside_code(text, 0):
        if not (found := DEFINITION.match(line)):
            continue
        label = _folded(found["label"])
        means = label not in defined if label.startswith("^") else ADDRESS.match(line, found.end())
        defined.add(label)
        if not means or named[label] < 2:
            lines[number] = f"\n{found['lead']}[{one.of('')}{found['label']}]{one.of('')}:{line[found.end() :]}"
    shown = "\n".join(lines)
    return shown if shown == text or "[^" not in text or _ends(shown) else text


def _ends(text: str) -> bool:
    """Whether notes still call no others without end: what nothing called may call."""
    try:
        notes.check(limits.outside_code(text, 1))
    except TooComplex:
        return False
    return True


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())
