"""Roles of MyST within a line, `{abbr}`HTML (Hyper Text)``: the parser reads a name in braces and code behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node, attr
from service.readers.markdown import formulas, parser
from service.readers.markdown.text import Inline, words

if TYPE_CHECKING:
    from service.readers.markdown.reading import Reading

RAW_FORMAT = re.compile(r"\{=(\w{1,30})\}")
NAME = re.compile(r"(?<![A-Za-z0-9_}])\{(?P<name>[a-z][a-z0-9_.:+-]{0,40})\}\Z")
TARGET = re.compile(r"(?P<text>[^<>]*)<(?P<target>[^<>]+)>\Z")
ABBREVIATION = re.compile(r"(?P<text>[^()]+)\((?P<title>[^()]+)\)\Z")


def _reference(content: str) -> list[Node]:
    """A link within the document."""
    found = TARGET.match(content)
    text, target = (found["text"].strip() or found["target"], found["target"]) if found else (content, content)
    return [pandoc_ast.link(words(text), f"#{target}")]


def _page(content: str) -> list[Node]:
    """The words of a link to another page, which is not in the file."""
    found = TARGET.match(content)
    return words(found["text"].strip() or found["target"]) if found else words(content)


def _file(content: str) -> list[Node]:
    found = TARGET.match(content)
    text, target = (found["text"].strip() or found["target"], found["target"]) if found else (content, content)
    return [pandoc_ast.link(words(text), target)]


def _abbreviation(content: str) -> list[Node]:
    found = ABBREVIATION.match(content)
    pairs = {"title": found["title"]} if found else {}
    return [pandoc_ast.span(words(found["text"].strip() if found else content), attr(classes=["abbr"], pairs=pairs))]


def _inside(tag: str) -> Callable[[str], list[Node]]:
    return lambda content: [{"t": tag, "c": words(content)}]


ROLES: Mapping[str, Callable[[str], list[Node]]] = {
    **dict.fromkeys(("ref", "numref", "eq"), _reference),
    **dict.fromkeys(("doc", "term", "any", "index", "cite", "cite:p", "cite:t", "rfc", "pep", "guilabel", "menuselection"),
                    _page),
    "download": _file,
    **dict.fromkeys(("abbr", "abbreviation"), _abbreviation),
    "math": lambda content: [{"t": "Math", "c": [{"t": "InlineMath"}, content]}],
    **dict.fromkeys(("sub", "subscript"), _inside("Subscript")),
    **dict.fromkeys(("sup", "superscript"), _inside("Superscript")),
    **dict.fromkeys(("strong", "bold"), _inside("Strong")),
    **dict.fromkeys(("emphasis", "italic"), _inside("Emph")),
    **dict.fromkeys(("del", "strike"), _inside("Strikeout")),
    **dict.fromkeys(("u", "underline"), _inside("Underline")),
    "kbd": lambda content: [pandoc_ast.span(words(content), attr(classes=["kbd"]))],
    **dict.fromkeys(("code", "literal", "file", "command", "program", "samp", "envvar", "option", "eval", "py:func", "func",
                     "class", "meth", "mod", "attr", "data", "py:class", "py:meth", "py:mod"),
                    lambda content: [{"t": "Code", "c": [attr(), content]}]),
}  # fmt: skip


def next_to_code(reading: Reading, inlines: list[Inline], node: parser.Node, kind: str) -> list[Inline] | None:
    """`inlines` and `node` together, if one is code and the other a role before it or a raw format behind it; else None."""
    if not inlines:
        return None
    last = inlines[-1]
    if kind == "Code" and last["t"] == "Str" and last["c"].endswith("}") and (name := NAME.search(last["c"])):
        before = [*inlines[:-1], *([{"t": "Str", "c": last["c"][: name.start()]}] if name.start() else [])]
        return [*before, *_role(reading, name["name"], node)]
    if kind == "Text" and last["t"] == "Code" and (raw := RAW_FORMAT.match(node.node_value.value)):
        return [*inlines[:-1], *_raw(reading, raw[1].lower(), last, node), *reading.words(raw.string[raw.end() :])]
    if kind == "Text" and last.get("t") == "Code" and len(inlines) > 1 and inlines[-2].get("t") == "Str":
        return _formula(reading, inlines, node)
    return None


def _formula(reading: Reading, inlines: list[Inline], node: parser.Node) -> list[Inline] | None:
    """GitHub's and GitLab's formula, code between dollar signs: `$`x^2`$`."""
    before, after, tex = inlines[-2]["c"], reading.words(node.node_value.value), inlines[-1]["c"][1]
    closing = after[0]["c"] if after and after[0]["t"] == "Str" else ""
    if not (before.endswith("$") and closing.startswith("$") and formulas.looks_like_tex(tex)):
        return None
    if before.endswith("$$") or closing[1:2].isalnum() or closing[1:2] == "$":
        return None
    rest = [{"t": "Str", "c": closing[1:]}] if closing[1:] else []
    opening = [{"t": "Str", "c": before[:-1]}] if before[:-1] else []
    return [*inlines[:-2], *opening, {"t": "Math", "c": [{"t": "InlineMath"}, tex]}, *rest, *after[1:]]


def _role(reading: Reading, name: str, node: parser.Node) -> list[Inline]:
    """The result of a role for the code behind its name; the code if the role is unknown."""
    content = reading.verbatim(node.node_value.value.literal)
    reading.may_link = True
    if name in ROLES:
        return ROLES[name](content)
    reading.gone.note("site-code-unknown", "role", reading.line + node.sourcepos.start.line - 1, f"{{{name}}}`{content}`")
    return reading.makers.inlines["Code"](reading, node)


def _raw(reading: Reading, name: str, code: Inline, node: parser.Node) -> list[Inline]:
    """pandoc's `<b>`{=html}: raw HTML as such; another raw format is left out with a notice."""
    text = code["c"][1]
    if name in {"html", "html5"}:
        return [{"t": "RawInline", "c": ["html", text]}]
    reading.gone.note("site-code-unknown", f"raw {name}", reading.line + node.sourcepos.start.line - 1, text)
    return []
