"""Blanks that YAML does not accept: no-break and other wide blanks around keys, and tabs as indentation.

Editors, word processors and web pages insert them. Text within block scalars does not change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.input.frontmatter.base import recovered
from service.model.document import Notice

WIDE = "\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff"
# The start of a line: its indentation and dashes, and the blanks after its key. YAML reads a dash with a plain blank itself.
OPENING = re.compile(
    rf"^(?P<indent>[ \t{WIDE}]*(?:-(?:[{WIDE}][ \t{WIDE}]*|[ \t]+))*)"
    rf"(?:[^\s:#\[\]{{}}\"'][^:\n\"']*:(?P<after>[ \t{WIDE}]*))?"
)
HAS_WIDE = re.compile(f"[{WIDE}]")
BLOCK_SCALAR = re.compile(r"(?:.*[:\-][ \t]+)?[|>][+-]?\d?[+-]?[ \t]*+(?:#|$)")
TAB_WIDTHS = (2, 4, 8)


def settled(text: str, offset: int) -> tuple[str, tuple[Notice, ...]]:
    """`text` with a blank for each wide blank in the indentation, after a dash or after a key's colon."""
    if not HAS_WIDE.search(text):
        return text, ()
    lines, notices = text.split("\n"), []
    for number in _structural(lines):
        match = OPENING.match(lines[number])
        assert match
        parts = ("indent", "after") if HAS_WIDE.match(match["after"] or "") else ("indent",)
        found = [at for name in parts for at in range(*match.span(name)) if HAS_WIDE.match(lines[number][at])]
        if found:
            char = lines[number][found[0]]
            end = match.end(parts[-1])
            lines[number] = HAS_WIDE.sub(" ", lines[number][:end]) + lines[number][end:]
            message = f"a space of another kind (U+{ord(char):04X}) was read as a plain space."
            notices.append(recovered(message, number + 1 + offset, found[0] + 1))
    return "\n".join(lines), tuple(notices)


def tabs_expanded(text: str, offset: int) -> Iterator[tuple[str, tuple[Notice, ...]]]:
    """`text` with blanks in place of the tabs that indent its lines, for each usual width of a tab."""
    lines = text.split("\n")
    numbers = [number for number in _structural(lines) if "\t" in lines[number][: _indent(lines[number])]]
    if not numbers:
        return
    reported = tuple(recovered("a tab as indentation was read as spaces.", number + 1 + offset, 1) for number in numbers)
    for width in TAB_WIDTHS:
        changed = list(lines)
        for number in numbers:
            end = _indent(lines[number])
            changed[number] = lines[number][:end].replace("\t", " " * width) + lines[number][end:]
        yield "\n".join(changed), reported


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _structural(lines: list[str]) -> Iterator[int]:
    """The numbers of the lines that are not text within a block scalar."""
    block: int | None = None
    for number, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if block is not None and (not line.strip() or indent > block):
            continue
        block = indent if BLOCK_SCALAR.match(line) else None
        yield number
