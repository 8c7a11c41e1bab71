"""Fenced code in Markdown: which fence is open after a line (CommonMark 4.5)."""

from __future__ import annotations

import re

OPENING = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
CLOSING = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*$")


def after(line: str, fence: str) -> str:
    """The fence that is open after `line`, if `fence` was open before it; empty if no fence is open.

    An opening fence of backticks has no other backtick in its line: that would be a code span. A closing fence has
    no info string, and at least as many characters.
    """
    if "```" not in line and "~~~" not in line:
        return fence
    if not fence:
        found = OPENING.match(line)
        return found[1] if found else ""
    found = CLOSING.match(line)
    return "" if found and found[1].startswith(fence) else fence
