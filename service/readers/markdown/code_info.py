"""What stands behind the fence of a code block: a language, a file name or title, attributes (`js:src/a.js {1,3}`)."""

from __future__ import annotations

import re

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Attr, attr
from service.readers.markdown import attributes

TITLES = frozenset({"title", "filename", "file", "name", "caption"})
BRACES = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")
TITLE = re.compile(r"\b(?:title|filename|file|name|caption)=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s{}\"']+))")
CHUNK = re.compile(r"\{\s*(?P<language>[A-Za-z][\w+#.-]*)\s*(?:[\s,}].*)?\}?$", re.DOTALL)
FILE = re.compile(r"(?P<language>[A-Za-z][\w+#-]*):(?P<title>[^\s:{}]*[./][^\s{}]*)")


def read(info: str) -> tuple[Attr, str]:
    """The attributes of the block, and its title, which may be empty."""
    info = info.strip()
    if not info:
        return attr(), ""
    if info.startswith("{"):
        return _braced(info)
    named = TITLE.search(info)
    title = next((each for each in named.groupdict().values() if each), "") if named else ""
    first = BRACES.split(info, maxsplit=1)[0].split(maxsplit=1)[0] if not info.startswith("[") else ""
    first = first.split(",", 1)[0]
    if not title and (found := FILE.fullmatch(first)):
        return attr(classes=[found["language"]]), found["title"]
    given = attributes.at_end(info)
    identifier, classes, _ = given or attr()
    return attr(identifier, [one for one in (first, *classes) if one]), title


def _braced(info: str) -> tuple[Attr, str]:
    inside = info[1:].split("}", 1)[0]
    given = attributes.parsed(inside) if inside.lstrip().startswith((".", "#")) else None
    if given is not None:
        title = next((value for key, value in given[2] if key in {"title", "filename", "file", "name"}), "")
        return given, title
    chunk = CHUNK.match(info)
    return attr(classes=[chunk["language"]] if chunk else []), ""


def titled(given: Attr, code: str, title: str) -> list[pandoc_ast.Node]:
    """The block, its title as an attribute."""
    pairs = [pair for pair in given[2] if pair[0] not in TITLES] + ([["title", title]] if title else [])
    return [{"t": "CodeBlock", "c": [[given[0], given[1], pairs], code]}]
