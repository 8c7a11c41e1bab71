"""A block of Markdown in a fence whose code has fences of the same length, as assistants write it.

CommonMark ends the block at the first closing fence within. The outer fences are lengthened where the inner ones are in pairs.
"""

from __future__ import annotations

import re

FENCE = re.compile(r"^[ ]{0,3}(?P<marks>`{3,20})[ \t]*(?P<info>[^`\n]{0,200})$", re.M)
MARKDOWN = frozenset({"markdown", "md", "mdx"})


def lengthened(text: str) -> str:
    """`text` with longer fences around such blocks; no line moves."""
    if not any(f"```{name}" in text for name in MARKDOWN):
        return text
    fences = list(FENCE.finditer(text))
    parts: list[str] = []
    done = place = 0
    while place < len(fences):
        behind, is_nested = _behind(fences, place)
        if is_nested:
            longest = max(len(one["marks"]) for one in fences[place:behind]) + 1
            for one in (fences[place], fences[behind - 1]):
                parts += [text[done : one.start("marks")], "`" * longest]
                done = one.end("marks")
        place = behind
    return "".join([*parts, text[done:]])


def _behind(fences: list[re.Match[str]], place: int) -> tuple[int, bool]:
    """The place behind the fence that ends the block which begins at `place`, and whether fences are nested in it."""
    first = fences[place]
    is_markdown = first["info"].strip().lower() in MARKDOWN
    depth = deepest = 1
    for number in range(place + 1, len(fences)):
        one = fences[number]
        if len(one["marks"]) < len(first["marks"]):
            continue
        if not one["info"].strip():
            depth -= 1
        elif is_markdown:
            depth += 1
            deepest = max(deepest, depth)
        if depth == 0:
            return number + 1, deepest > 1
    return (place + 1 if is_markdown else len(fences)), False
