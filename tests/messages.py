"""The messages in the source code: details of problems, doubts and notices, with `{}` for values. Found from the syntax tree."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from service.inspect import docx_rules, epub_rules, pdf_rules
from service.inspect.signatures import RULES as SIGNATURE_RULES
from service.model.errors import error_classes
from service.web import application

ROOT = Path(__file__).resolve().parent.parent
WORDS = re.compile(r"[A-Za-z]{2,}.* .*[A-Za-z{]", re.DOTALL)  # two words: one alone is a name
# What a message is given to: an error, a place in a request or file, a doubt about a value, a notice.
CALLS = frozenset({
    *(cls.__name__ for cls in error_classes().values()), "Place", "Doubt", "notice", "recovered", "refused", "_refused",
    "_refusal", "_refuse", "refuse", "Refused", "Unreadable", "Broken", "Regexp", "OneOf", "TextMissing", "_finding",
})  # fmt: skip
NAMES = frozenset({"message", "detail", "problem", "place", "places", "NO_KEY", "OUT_OF_MEMORY", "TEXTS"})
LOGS = frozenset({"debug", "info", "warning", "error", "exception"})
PLACEHOLDER = re.compile(r"\{\w*\}")
OTHERS = ("commands", "migrations")  # the command line is in English
NOT_SHOWN = frozenset({  # the help of OpenAPI, and parts of a sentence that a longer message contains
    "Texts or maps; `;`, `，` and `、` divide a text.", "A list, or a text with commas, `#` marks or the like.", "As keywords.",
})  # fmt: skip


@cache
def shown() -> frozenset[str]:
    """Every message that a caller can meet in a problem, a notice or the report of a check."""
    assert application, "all classes of errors are imported"
    rules = [*docx_rules.RULES, *epub_rules.RULES, *pdf_rules.RULES, *SIGNATURE_RULES]
    found = {text for rule in rules for text in (rule.message, rule.fix)}
    for folder in ("service", "schemas"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not set(OTHERS).intersection(path.parts):
                found |= set(_messages(ast.parse(path.read_text(encoding="utf-8")), ()))
    return frozenset(found - NOT_SHOWN)


def _messages(node: ast.AST, around: tuple[str, ...]) -> Iterator[str]:
    text = _text(node)
    if text is not None:
        if (
            WORDS.search(text)
            and CALLS.union(NAMES).intersection(around)
            and not LOGS.intersection(around)
            and "<" not in text[:1]
        ):
            yield text
        return
    if isinstance(node, ast.Call):
        around = (*around, getattr(node.func, "id", getattr(node.func, "attr", "")))
    if isinstance(node, ast.Assign):
        around = (*around, getattr(node.targets[0], "id", ""))
    if isinstance(node, ast.AnnAssign):
        around = (*around, getattr(node.target, "id", ""))
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Expr) and isinstance(child, ast.Constant)):  # docstrings
            yield from _messages(child, around)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return PLACEHOLDER.sub("{}", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None
