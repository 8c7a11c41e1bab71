"""Liquid and its relatives, as Jekyll, Hexo, GitBook, Markdoc and Eleventy have them: `{% name … %}` and `{{ page.title }}`.

`{{ 7*7 }}` and `{% for x in ().__class__ %}` of a text about templates are text: what no Liquid has stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.readers.markdown.site_code.tags import Form, Tag, spans

HEAD = re.compile(r"-?\s*+(?P<closes>/|end_?(?=[a-z]))?\s*+(?P<name>[A-Za-z][\w-]*+)(?=[\s/-]|\Z)")
FOREIGN = re.compile(r"\(\)|__|\[\]|[^\s]\((?!\d)|;|\{\{")  # calls and names of Python, Ruby and Java
OUTPUT = re.compile(
    r"-?\s*+(?:(?P<double>\"[^\"]*+\")|(?P<single>'[^']*+')"
    r"|(?:site|page|layout|include|content|post|theme|paginator|jekyll|forloop|collection|user|config"
    # Vue's `$page`, whose dollar is masked
    r"|(?:\$|[\U00010000-\U0010ffff])(?:page|frontmatter|site|theme|themeLocale|route|params|t))\b[\w.\[\]'\"-]*+)"
    r"(?P<filters>(?>(?:\s*+\|[^|{}]*+)*))\s*+-?\Z"
)
SHOWN = {"raw", "verbatim"}  # tags within are text


def found(text: str) -> Iterator[Tag]:
    if "{%" in text:
        yield from _tags(text)
    if "{{" in text:
        for start, stop in spans(text, "{{", "}}", 400):
            output = OUTPUT.match(text[start + 2 : stop - 2]) if text[start + 2] not in "<%{" else None
            if output and (output["filters"] or not (output["double"] or output["single"])):
                literal = (output["double"] or output["single"] or "")[1:-1]
                yield Tag(start, stop, "liquid", "empty", "output", literal)


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
