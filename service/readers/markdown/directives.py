"""Blocks of code with braces: MyST's directives, Quarto's and R Markdown's chunks, raw blocks of pandoc."""

from __future__ import annotations

import re

from service.ast import pandoc_ast
from service.ast.pandoc_ast import attr, div, para
from service.readers.markdown import callouts, code_info, figures, myst
from service.readers.markdown.parser import Node
from service.readers.markdown.reading import Block, Reading

DIRECTIVE = re.compile(r"\{(?P<name>[A-Za-z][\w:-]*)\}[ \t]*+(?P<rest>[^\n]*+)\Z")
CHUNK = re.compile(r"\{[ \t]*+(?>(?P<language>[A-Za-z][\w+#-]*)\b)(?P<options>[^{}]*+)\}")
AS_CODE = re.compile(
    r"(?:ad-(?P<ad>[A-Za-z][\w-]{0,40})|admonish(?![\w-])[ \t]*+(?P<kind>[a-z-]{1,40}(?![\w=]))?[ \t]*+(?P<rest>[^\n]*+))\Z"
)
AD_OPTION = re.compile(r"(?P<key>title|collapse|icon|color):(?P<value>[^\n]*)\Z")
RAW = re.compile(r"\{=(?P<format>\w+)\}")
DIRECTIVE_OPTION = re.compile(r":(?P<key>[\w-]+):[ \t]*+(?P<value>[^\n]*+)\Z")
CHUNK_OPTION = re.compile(r"(?:#|//|--|%%)\|[ \t]*+(?P<key>[\w.-]+)[ \t]*+:[ \t]*+(?P<value>[^\n]*+)\Z")
HIDDEN = re.compile(r"\b(?:include|echo)\s*[=:]\s*(?:FALSE|F|false)\b")
BREAKS_PAGE = re.compile(r"\\(?:newpage|pagebreak|clearpage)\b|w:br[^>]{0,100}w:type=.page|page-break-")


def made(reading: Reading, node: Node, info: str, code: str) -> list[Block] | None:
    """The blocks of a directive or chunk; None for code with attributes (`{.python}`)."""
    if raw := RAW.match(info):
        return _raw(reading, node, raw["format"].lower(), code)
    if (head := DIRECTIVE.match(info)) and (
        blocks := _directive(reading, node, head["name"].lower(), head["rest"].strip(), code)
    ) is not None:
        return blocks
    if head and head["rest"].strip():
        return code_info.titled(attr(classes=[head["name"]]), code, head["rest"].strip())
    chunk = CHUNK.match(info)
    return _chunk(reading, node, chunk["language"].lower(), chunk["options"], code) if chunk else None


def callout_as_code(reading: Reading, node: Node, info: str, code: str) -> list[Block]:
    """A callout that a plugin of Obsidian (`ad-note`) or mdBook (`admonish note "Title"`) reads; nothing for code."""
    found = AS_CODE.match(info)
    if found is None:
        return []
    lines = code.split("\n")
    said: dict[str, str] = {}
    while found["ad"] and lines and (option := AD_OPTION.match(lines[0])):
        said[option["key"]] = option["value"].strip()
        line = lines.pop(0)
        if option["key"] != "title":
            reading.gone.note("site-code-removed", "option of a callout", _line(reading, node) + len(said), line)
    name = (found["ad"] or found["kind"] or "note").lower()
    title = said.get("title", "") or (found["rest"] and (code_info.titled_as(found["rest"]) or found["rest"].strip().strip('"')))
    title = "" if "=" in (title or "") else title
    first = node.sourcepos.start.line + 1 + code.count("\n") + 1 - len(lines)
    return callouts.shaped(name, reading.inline_text(title) if title else None, reading.sub_document(lines, first))


def _raw(reading: Reading, node: Node, name: str, code: str) -> list[Block]:
    if BREAKS_PAGE.search(code):
        return [div([], attr(classes=["page-break"]))]
    if name in {"html", "html5"}:
        return [{"t": "RawBlock", "c": ["html", code]}]
    reading.gone.note("site-code-unknown", f"raw {name}", _line(reading, node), code)
    return []


def _directive(reading: Reading, node: Node, name: str, rest: str, code: str) -> list[Block] | None:
    options, body = _options(code)
    first = node.sourcepos.start.line + 1 + code.count("\n") - body.count("\n")
    if name in callouts.KINDS or name in {"dropdown", "topic", "sidebar"}:
        kind = next((one for one in options.get("class", "").split() if one in callouts.KINDS), name)
        kind = {"admonition": "note", "dropdown": "details", "topic": "note", "sidebar": "note"}.get(kind, kind)
        if rest and name in callouts.KINDS - {"admonition", "details"} and not options and not body.strip():
            body, rest = rest, ""
        return callouts.shaped(kind, reading.inline_text(rest) if rest else None, reading.sub_document(body.split("\n"), first))
    if name in {"figure", "image"}:
        alt = reading.inline_text(options["alt"]) if options.get("alt") else []
        pairs = {key: value for key, value in options.items() if key in {"width", "height"}}
        picture = pandoc_ast.image(alt, rest, attributes=attr(pairs=pairs))
        caption = reading.sub_document(body.split("\n"), first) if body.strip() else []
        return [figures.figure([picture], caption, attr(options.get("name", "")))] if caption else [para([picture])]
    if name in {"code-block", "code", "sourcecode", "code-cell"}:
        return code_info.titled(attr(classes=[rest.split()[0]] if rest else []), body, options.get("caption", ""))
    if name == "math":
        return [para([{"t": "Math", "c": [{"t": "DisplayMath"}, body.strip() or rest]}])]
    if name in myst.GONE:
        reading.gone.note(*myst.GONE[name], _line(reading, node), f"{{{name}}} {rest}".rstrip())
        return []
    make = myst.DIRECTIVES.get(name)
    return make(reading, rest, options, body.split("\n"), first) if make else None


def in_colons(reading: Reading, node: Node, info: str) -> list[Block] | None:
    """MyST's directive between fences of colons; None for other containers, and for those of callouts."""
    head = DIRECTIVE.match(info)
    name = head["name"].lower() if head else ""
    if head is None or name in callouts.KINDS:
        return None
    place = node.sourcepos
    lines = reading.parsed.source_lines(place.start.line + 1, place.end.line)
    last = len(lines) - 1 if lines and lines[-1].strip(" \t>").startswith(":::") else len(lines)
    code = "\n".join(line[place.start.column - 1 :] for line in lines[:last])
    blocks = _directive(reading, node, name, head["rest"].strip(), code)
    if blocks is None:  # a directive of an extension: its words
        options, body = _options(code)
        blocks = myst.titled(reading, head["rest"].strip(), options, body.split("\n"), place.start.line + 1)
    return blocks


def _options(code: str) -> tuple[dict[str, str], str]:
    """`:key: value` lines at the start of a directive, and its body."""
    lines = code.split("\n")
    options: dict[str, str] = {}
    while lines and (found := DIRECTIVE_OPTION.match(lines[0].strip())):
        options[found["key"]] = found["value"].strip()
        lines.pop(0)
    return options, "\n".join(lines)


def _chunk(reading: Reading, node: Node, language: str, options: str, code: str) -> list[Block]:
    lines = code.split("\n")
    said: dict[str, str] = {}
    while lines and (found := CHUNK_OPTION.match(lines[0].strip())):
        said[found["key"]] = found["value"].strip().strip("\"'")
        lines.pop(0)
    title = said.get("filename") or said.get("code-summary") or code_info.titled_as(options)
    if HIDDEN.search(options) or any(HIDDEN.match(f"{key}: {value}") for key, value in said.items()):
        reading.gone.note("site-code-removed", "chunk of code that its author hides", _line(reading, node), code)
        return []
    for number, key in enumerate(said, 1):
        if said[key] != title:
            reading.gone.note(
                "site-code-removed", "option of a chunk of code", _line(reading, node) + number, f"{key}: {said[key]}"
            )
    if language in {"mermaid", "dot", "plantuml"} or lines:
        return code_info.titled(attr(classes=[language]), "\n".join(lines), title)
    return []


def _line(reading: Reading, node: Node) -> int:
    return reading.line + int(node.sourcepos.start.line) - 1
