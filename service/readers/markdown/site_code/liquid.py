"""Liquid and similar languages, of Jekyll, Hexo, GitBook, Markdoc and Eleventy: `{% name … %}` and `{{ page.title }}`.

`{{ 7*7 }}` and `{% for x in ().__class__ %}` of a text about templates are text: other code than Liquid stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.readers.markdown.site_code import variables
from service.readers.markdown.site_code.tags import Form, Tag, spans

HEAD = re.compile(r"-?\s*+(?P<closes>/|end_?(?=[a-z]))?\s*+(?P<name>[A-Za-z][\w-]*+)(?=[\s/-]|\Z)")
FOREIGN = re.compile(r"\(\)|__|\[\]|[^\s]\((?!\d)|;|\{\{")  # calls and names of Python, Ruby and Java
OUTPUT = re.compile(
    r"-?\s*+(?:(?P<double>\"[^\"]*+\")|(?P<single>'[^']*+')"
    r"|(?P<path>(?:site|page|layout|include|content|post|theme|paginator|jekyll|forloop|collection|user|config|frontmatter)"
    r"\b[\w.\[\]'\"-]*+)"
    # Vue's `$page` and Hugo's `$.Page`, whose dollars are masked, and Hugo's `.Title`
    r"|[$\U00010000-\U0010ffff](?P<vue>(?:page|frontmatter|site|theme|themeLocale|route|params|t)\b[\w.\[\]'\"-]*+)"
    r"|[$\U00010000-\U0010ffff]?(?P<hugo>\.[A-Z][\w.]*+))"
    r"(?P<filters>(?>(?:\s*+\|[^|{}]*+)*))\s*+-?\Z"
)
SHOWN = {"raw", "verbatim"}  # tags within are text


def found(text: str, data: Mapping[str, Any]) -> Iterator[Tag]:
    """The tags of `text`. `data` is its front matter: `{{ key }}` shows a key of it."""
    if "{%" in text:
        yield from _tags(text)
    if "{{" in text:
        for start, stop in spans(text, "{{", "}}", 400):
            if name := _output(text[start + 2 : stop - 2], data):
                yield Tag(start, stop, "liquid", "empty", *name)


def _output(inside: str, data: Mapping[str, Any]) -> tuple[str, str] | None:
    """The content of `{{ … }}`: ("output", text) or ("variable", path); None for text about templates."""
    if variables.value(data, inside.strip()):
        return "variable", inside.strip()
    output = OUTPUT.match(inside) if inside[:1] not in set("<%{") else None
    if output is None:
        return None
    if path := output["path"] or output["vue"] or output["hugo"]:
        return "variable", path
    return ("output", (output["double"] or output["single"])[1:-1]) if output["filters"] else None


def _tags(text: str) -> Iterator[Tag]:
    until = ""
    for start, stop in spans(text, "{%", "%}"):
        if text[start - 1 : start] == "{":  # `{{% … %}}`
            continue
        inside = text[start + 2 : stop - 2]
        head = HEAD.match(inside)
        if head is None or FOREIGN.search(inside):
            continue
        name, closes = head["name"].lower(), bool(head["closes"])
        if until and not (closes and name == until):
            continue
        until = "" if closes else name if name in SHOWN and f"end{name}" in text[stop:] else ""
        rest = inside[head.end() :].strip().removesuffix("-").rstrip()
        form: Form = "close" if closes else "empty" if rest.endswith("/") else "open"
        yield Tag(start, stop, "liquid", form, name, rest.removesuffix("/"))
