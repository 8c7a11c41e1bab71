"""The text behind the fence of a code block: a language, a file name or title, attributes (`js:src/a.js {1,3}`)."""

from __future__ import annotations

import re

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Attr, attr
from service.readers.markdown import attributes

TITLES = frozenset({"title", "filename", "file", "name", "caption", "path"})
BRACES = re.compile(r"\{[^{}]*\}|\[[^\[\]]*\]")
TITLE = re.compile(
    rf"(?<![\w.-])(?:{'|'.join(sorted(TITLES))})(?:=|:[ ]?)"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s{}\"',]+))"
)
# Names with characters that classes cannot have → the names of highlighters.
OTHER_NAMES = {"c++": "cpp", "c#": "cs", "f#": "fsharp", "objective-c++": "objectivecpp"}
CHUNK = re.compile(r"\{\s*(?P<language>[A-Za-z][\w+#.-]*)\s*(?:[\s,}].*)?\}?$", re.DOTALL)
# Texts that begin with the name of a file, one row per spelling: `js:src/a.js`, `12:30:src/a.js` (lines of it), `src/a.js`,
# `js [a.js]` (VitePress), `js a.js` (Hexo).
LANGUAGE, NAME = r"(?P<language>[A-Za-z][\w+#-]*+)", r"(?P<title>[^\s:={}\"'\[\]()<>]*\.[A-Za-z]\w{0,9})(?!\S)"
FILES = (
    re.compile(rf"\A{LANGUAGE}:(?P<title>[^\s:{{}}]*[./][^\s{{}}]*)(?![^\s{{])"),
    re.compile(rf"\A\d{{1,9}}:\d{{1,9}}:{NAME}"),
    re.compile(rf"\A(?=[^\s/]*+/){NAME}"),
    re.compile(rf"\A{LANGUAGE}[ ]++\[(?=[^\[\]A-Za-z]*[A-Za-z])(?P<title>[^\[\]]++)\]"),
    re.compile(rf"\A{LANGUAGE}[ ]++{NAME}"),
)


def read(info: str) -> tuple[Attr, str]:
    """The attributes of the block, and its title, which may be empty."""
    info = info.strip()
    if not info:
        return attr(), ""
    title, named = titled_as(info), TITLE.search(info)
    if info.startswith("{"):
        return _braced(info), title
    given = attributes.at_end(info)
    identifier, classes, _ = given or attr()
    for spelling in () if title else FILES:
        if found := spelling.match(info):
            language = found.groupdict().get("language") or found["title"].rpartition(".")[2]
            return attr(identifier, [language, *classes]), found["title"]
    first = BRACES.split(info, maxsplit=1)[0].split(maxsplit=1)[0] if not info.startswith("[") else ""
    if named and named.start() and first.endswith(named[0]):  # Gatsby's `js:title=a.js`
        first = first.removesuffix(named[0]).rstrip(":")
    first = first.split(",", 1)[0]
    first = OTHER_NAMES.get(first.lower(), first)
    return attr(identifier, [one for one in (first, *classes) if one]), title


def titled_as(info: str) -> str:
    """The title among the attributes, in whichever notation; empty for none."""
    named = TITLE.search(info)
    return next((each for each in named.groupdict().values() if each), "") if named else ""


def _braced(info: str) -> Attr:
    inside = info[1:].split("}", 1)[0]
    given = attributes.parsed(inside) if inside.lstrip().startswith((".", "#")) else None
    if given is not None:
        return given
    chunk = CHUNK.match(info)
    return attr(classes=[chunk["language"]] if chunk else [])


def titled(given: Attr, code: str, title: str) -> list[pandoc_ast.Node]:
    """The block, its title as an attribute."""
    pairs = [pair for pair in given[2] if pair[0] not in TITLES] + ([["title", title]] if title else [])
    return [{"t": "CodeBlock", "c": [[given[0], given[1], pairs], code]}]
