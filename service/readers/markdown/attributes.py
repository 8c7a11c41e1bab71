"""Attributes in braces, `{#id .class key="value"}`, of pandoc, kramdown and MkDocs.

The parser removes them from headings, links, images and code spans without their content, so they are read from
the source again, at the end of the node.
"""

from __future__ import annotations

import re

from service.ast.pandoc_ast import Attr

LONGEST = 1_000  # characters of one attribute list
LIST = re.compile(r"\{:?(?P<inside>[^{}\n]{0,1000})\}\s*\Z")
PART = re.compile(
    r"\s*(?:#(?P<identifier>[^\s#.{}=\"']+)"
    r"|\.(?P<class>[^\s#{}=\"']+)"
    r"|(?P<key>[A-Za-z_:][\w:.-]*)=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'{}]+))"
    r"|(?P<word>-|[A-Za-z_][\w-]*),?)"
)


def at_end(source: str) -> Attr | None:
    """The attributes at the end of `source`; None without any."""
    if not source.rstrip().endswith("}"):
        return None
    found = LIST.search(source, max(0, len(source) - LONGEST - 4))
    return parsed(found["inside"]) if found else None


def parsed(inside: str) -> Attr | None:
    """The content of braces as pandoc's attributes; None if it is not an attribute list."""
    identifier = ""
    classes: list[str] = []
    pairs: list[list[str]] = []
    position = 0
    inside = inside.rstrip()
    while position < len(inside):
        part = PART.match(inside, position)
        if part is None:
            return None
        position = part.end()
        if part["identifier"]:
            identifier = part["identifier"]
        elif part["class"]:
            classes.append(part["class"])
        elif part["key"]:
            value = next(part[name] for name in ("double", "single", "bare") if part[name] is not None)
            pairs.append([part["key"], value])
        elif part["word"] == "-":
            classes.append("unnumbered")
    return [identifier, classes, pairs]
