"""Fences of containers, `:::note` … `:::`: a closing fence ends the innermost.

The parser ends the outermost that is not longer, and reads fences in code. So each pair of fences gets its own length,
with shorter inner ones, and all longer than any row of colons in the text. A fence without its partner is text.
"""

from __future__ import annotations

import re
from bisect import bisect

from service.readers.markdown.changes import Text

FENCE = re.compile(r"(?P<lead>[ \t>]*+(?:[-*+][ \t]+)?)(?P<colons>:{3,}+)[ \t]*+(?P<info>[^\s:][^\n]*+)?\Z")
QUOTE_FENCE = re.compile(r"^>>>[ \t]*$", re.M)
DIAGRAM = re.compile(r"^(?P<lead>[ \t>]*+):::[ \t]*mermaid[ \t]*$", re.M)
CONTAINER_END = re.compile(r"^(?P<lead>[ \t>]*+):::[ \t]*$", re.M)
COLONS = re.compile(r":{3,}")


def paired(text: Text) -> None:
    """Pairs of fences are distinguished by their lengths."""
    bare = text.bare.split("\n")
    fences = {number: found for number, line in enumerate(bare) if ":::" in line and (found := FENCE.match(line))}
    depths = _depths(fences)
    if not fences:
        return
    longest = max(map(len, COLONS.findall(text.text))) + max(depths.values(), default=0) + 1
    lines, masks = text.text.split("\n"), text.masks
    for number, found in fences.items():
        behind = lines[number][found.end("colons") :]
        if number in depths:
            info = _without_colons(behind.strip()).replace(":", masks.of(":"))  # `{#fig:map}`
            lines[number] = f"{found['lead']}{':' * (longest - depths[number])} {info}".rstrip()
        else:
            lines[number] = f"{found['lead']}{masks.of(':') * len(found['colons'])}{behind}"
    text.text = "\n".join(lines)


def _depths(fences: dict[int, re.Match[str]]) -> dict[int, int]:
    """The depth of each fence with a partner."""
    depths: dict[int, int] = {}
    opened: list[int] = []
    for number, found in fences.items():
        if found["info"]:
            opened.append(number)
        elif opened:
            first = opened.pop()
            depths[first] = depths[number] = len(opened)
    return depths


def _without_colons(info: str) -> str:
    """pandoc also allows a row of colons behind the name."""
    return info.rstrip(":").rstrip() if info.endswith(":::") else info


def quotes(text: Text) -> None:
    """GitLab's and Discord's quotation of several lines, between lines with only `>>>`."""
    cuts: list[tuple[int, int, str]] = []
    for found in QUOTE_FENCE.finditer(text.bare):
        is_closing = len(cuts) % 2 == 1
        before, behind = text.bare[max(0, found.start() - 2) : found.start()], text.bare[found.end() + 1 : found.end() + 2]
        if is_closing or (before in {"", "\n", "\n\n"} and behind not in {"", ">"}):
            cuts.append((found.start(), found.end(), ":::" if is_closing else "::: blockquote"))
    text.cut(cuts[: len(cuts) // 2 * 2])


def diagrams(text: Text) -> None:
    """Azure DevOps' `:::mermaid` … `:::` is code."""
    ends = [*CONTAINER_END.finditer(text.text)]
    places = [end.start() for end in ends]
    cuts: list[tuple[int, int, str]] = []
    done = 0
    for found in DIAGRAM.finditer(text.bare):
        number = bisect(places, found.end())
        if number < len(ends) and found.start() >= done:
            end = ends[number]
            code = text.text[found.end() : end.start()]
            cuts.append((found.start(), end.end(), f"{found['lead']}```mermaid{code}{end['lead']}```"))
            done = end.end()
    text.cut(cuts)
