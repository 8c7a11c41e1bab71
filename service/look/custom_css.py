"""A style sheet of the caller's own, cut down to what only styles: parsed, and written anew from its parts.

Nothing in it may fetch: no address, no import, no font of its own. What is left out is told.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import tinycss2

from service.document import Conversion, Document, Notice
from service.errors import Place, ValidationFailed
from service.notices import notice
from service.references import normal_reference

NAME = re.compile(r"[^{}\n]{1,200}\.css", re.I)
BUNDLED = "style.css"
LARGEST = 200_000
DEEPEST = 20
NESTING, DECLARING = frozenset({"media", "supports"}), frozenset({"page", "counter-style"})
MARGIN_BOX = re.compile(r"(top|bottom)-(left|center|right)(-corner)?|(left|right)-(top|middle|bottom)")
FETCHING = frozenset({
    "url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "element", "-moz-element",
    "expression", "paint", "url-prefix", "domain",
})  # fmt: skip
RUNNING = frozenset({"behavior", "-moz-binding", "-ms-behavior"})
LARGEST_NUMBER = 20_000.0
Dropped = list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`css` is safe everywhere, in a `style` element too; `dropped` are the parts that were left out."""

    css: str = ""
    dropped: tuple[str, ...] = field(default=())


def of(document: Document, conversion: Conversion) -> Sheet:
    """The caller's sheets: a bundled style.css, then the option's. Raises ValidationFailed for one that is not there."""
    asked = conversion["css"].strip()
    files = {normal_reference(asset.name): asset.data for asset in document.source.assets}
    texts = [files[BUNDLED].decode("utf-8", "replace")] if BUNDLED in files else []
    if NAME.fullmatch(asked):
        name = normal_reference(asked)
        if name not in files:
            detail = f"No style sheet {asked!r} was uploaded with the article."
            raise ValidationFailed(detail, places=[Place(detail, "/css")])
        texts += [files[name].decode("utf-8", "replace")] if name != BUNDLED else []
    elif asked:
        texts.append(asked)
    return cleaned("\n".join(texts)) if texts else Sheet()


def told(sheet: Sheet, stage: str) -> tuple[Notice, ...]:
    if not sheet.dropped:
        return ()
    return (notice("css-dropped", stage=stage, data={"dropped": list(sheet.dropped[:50]), "count": len(sheet.dropped)}),)


def refuse_large(text: str) -> None:
    if len(text) > LARGEST:
        detail = f"A style sheet may have {LARGEST:,} characters."
        raise ValidationFailed(detail, places=[Place(detail, "/css")])


@functools.lru_cache(maxsize=16)
def cleaned(text: str) -> Sheet:
    """The sheet without what is not taken. Raises ValidationFailed for one that is too large."""
    refuse_large(text)
    dropped: Dropped = []
    rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    css = "\n".join(_rules(rules, dropped, 0))
    return Sheet(css.replace("</", "<\\/").replace("<!", "<\\!"), tuple(dropped))


def _rules(rules: Sequence[Any], dropped: Dropped, depth: int) -> Iterator[str]:
    for rule in rules:
        written = _rule(rule, dropped, depth)
        if written is None:
            dropped.append(_shown(rule))
        else:
            yield written


def _rule(rule: Any, dropped: Dropped, depth: int) -> str | None:
    """The rule anew; None for one that is not taken."""
    if depth > DEEPEST or rule.type not in ("qualified-rule", "at-rule") or _is_fetching(rule.prelude) or rule.content is None:
        return None
    head = tinycss2.serialize(rule.prelude).strip()
    if rule.type == "qualified-rule":
        return _block(head, _declared(rule.content, dropped, depth))
    name = rule.lower_at_keyword
    if name in NESTING:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        return _block(f"@{name} {head}", _rules(inner, dropped, depth + 1))
    if name in DECLARING or MARGIN_BOX.fullmatch(name):
        return _block(f"@{name} {head}".strip(), _declared(rule.content, dropped, depth))
    return None


def _block(head: str, parts: Iterator[str]) -> str:
    return f"{head} {{ {' '.join(parts)} }}"


def _declared(content: Sequence[Any], dropped: Dropped, depth: int) -> Iterator[str]:
    for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if each.type != "declaration":
            yield from _rules([each], dropped, depth + 1)
        elif each.lower_name in RUNNING or _is_fetching(each.value):
            dropped.append(_shown(each))
        else:
            important = " !important" if each.important else ""
            yield f"{each.name}: {tinycss2.serialize(each.value).strip()}{important};"


def _is_fetching(tokens: Sequence[Any]) -> bool:
    """Whether the tokens name an address, or a number that no page has."""
    todo = list(tokens)
    while todo:
        token = todo.pop()
        if token.type in ("url", "error") or (token.type == "function" and token.lower_name in FETCHING):
            return True
        if token.type in ("number", "dimension", "percentage") and not abs(token.value) <= LARGEST_NUMBER:
            return True
        todo += getattr(token, "arguments", None) or getattr(token, "content", None) or ()
    return False


def _shown(node: Any) -> str:
    if node.type == "error":
        return str(node.message)[:200]
    return str(node.serialize())[:200]
