"""The language of code in the output of several programs, and code without the line numbers next to it.

Sources, seen in their output: Sphinx and Jekyll (class of a division around), Hugo (data-lang, a table with numbers), GitHub
(highlight-source-…, lang), pandoc, highlight.js, Prism, SyntaxHighlighter, Confluence, Mermaid.
"""

from __future__ import annotations

import re

from service.ast.html.tree import Element

LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?|highlight(?:-(?:source|text))?|brush)[-:]\s*([\w+#.-]+)")
# A separate class next to the name of the highlighter.
HIGHLIGHTERS = frozenset({"sourceCode", "hljs", "prettyprint", "CodeMirror", "shiki", "codehilite", "chroma"})
NO_LANGUAGES = frozenset({
    "numberSource", "numberLines", "lineAnchors", "linenums", "code", "highlight", "wrap", "notranslate", "copyable",
    "nohighlight", "line-numbers", "default", "hljs", "sourceCode", "prettyprint", "prettyprinted", "chroma", "shiki", "table",
})  # fmt: skip
NAME = re.compile(r"[a-z][a-z0-9+#-]{0,20}")
# `lang` of <pre> can be a natural language: of the short names, only these are programming languages.
SHORT = frozenset(
    {"c", "r", "d", "go", "js", "ts", "sh", "py", "rb", "cs", "cpp", "css", "php", "sql", "xml", "yml", "tex", "lua"}
)
ATTRIBUTES = ("data-lang", "data-language", "data-syntaxhighlighter-params", "data-code-language")
DIAGRAM = "mermaid"


def settle(page: Element) -> None:
    for element in list(page.iter("div", "figure", "table", "pre")):
        if element.tag == "table":
            _unnumber(element)
        elif element.tag == "div" and element.get("class").split() == [DIAGRAM] and not any(element.elements()):
            element.tag, element.attributes = "pre", {"class": f"language-{DIAGRAM}"}
        elif element.tag != "pre" and (around := LANGUAGE.search(element.get("class"))):
            blocks = list(element.below("pre"))
            if len(blocks) == 1 and not of(blocks[0]) and around[1] not in NO_LANGUAGES:
                blocks[0].attributes = blocks[0].attributes | {"data-lang": around[1]}


def of(pre: Element) -> str:
    """The language of a block of code; empty if unknown."""
    for element in dict.fromkeys((pre, next(pre.iter("code"), pre))):
        for name in ATTRIBUTES:
            if value := element.get(name).strip():
                found = LANGUAGE.search(value)
                return (found[1] if found else value.split()[0]).lower()
        if found := LANGUAGE.search(element.get("class")):
            return found[1].lower()
        if language := _next_to_highlighter(element.get("class").split()):
            return language
    lang = pre.get("lang").lower()
    return lang if NAME.fullmatch(lang) and (lang in SHORT or len(lang) > 3) else ""


def _next_to_highlighter(classes: list[str]) -> str:
    if DIAGRAM in classes:
        return DIAGRAM
    if HIGHLIGHTERS.isdisjoint(classes):
        return ""
    return next((name.lower() for name in classes if name not in NO_LANGUAGES and NAME.fullmatch(name)), "")


def _unnumber(table: Element) -> None:
    """Replaces a table of one row, with numbers and code, by the code with numbered lines."""
    cells = list(table.below("td"))
    numbers = cells[0].text().split() if len(cells) == 2 else []
    if not numbers or not all(map(str.isdecimal, numbers)):
        return
    blocks = list(cells[1].iter("pre"))
    if len(blocks) != 1 or cells[1].text().strip() != blocks[0].text().strip():
        return
    table.tag, table.children = "div", [blocks[0]]
    table.attributes = {key: value for key, value in table.attributes.items() if key == "id"}
    blocks[0].attributes = blocks[0].attributes | {"data-first-line": numbers[0]}
