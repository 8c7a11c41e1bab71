"""Style sheets for an e-reader: finds and removes the declarations and rules that break on a device.

The names are those of the rules in `service.model.devices`. Writers leave the parts out, checks report them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import tinycss2

LAYOUTS = frozenset({"flex", "inline-flex", "grid", "inline-grid"})
FIXED = frozenset({"fixed", "absolute", "sticky"})
FUNCTIONS = frozenset({"var", "light-dark", "env"})
KNOWN_RULES = frozenset({"font-face", "media", "namespace", "charset", "import", "page"})
MEDIA = frozenset({"", "all", "print", "screen", "amzn-kf8", "amzn-mobi", "not amzn-mobi"})
ROOTS = frozenset({"html", "body", ":root"})
DEEPEST = 20


class Part(NamedTuple):
    """A part of a sheet that breaks `rule`: its line, and its text (at most 120 characters)."""

    rule: str
    line: int
    text: str


class Declared(NamedTuple):
    """A declaration, the selectors of its rule, and the other properties of the same block."""

    name: str
    value: Sequence[Any]
    selectors: frozenset[str]
    together: frozenset[str]


def adapted(css: str, device: str) -> tuple[str, tuple[Part, ...]]:
    """The sheet without the parts that break on the device, and those parts."""
    dropped: list[Part] = []
    if device not in BREAKS:
        return css, ()
    written = [_rule(each, device, dropped, 0) for each in tinycss2.parse_stylesheet(css, skip_comments=True)]
    return ("".join(written).strip() + "\n", tuple(dropped)) if dropped else (css, ())


def adapted_style(style: str, device: str) -> tuple[str, tuple[Part, ...]]:
    """As `adapted`, for the attribute style of an element."""
    dropped: list[Part] = []
    if device not in BREAKS:
        return style, ()
    kept = _declarations(tinycss2.parse_blocks_contents(style), frozenset(), device, dropped, 0)
    return (kept.strip(), tuple(dropped)) if dropped else (style, ())


def found(css: str, device: str) -> tuple[Part, ...]:
    """The parts that break on the device."""
    return adapted(css, device)[1]


def _rule(rule: Any, device: str, dropped: list[Part], depth: int) -> str:
    if rule.type == "error":  # reading systems ignore it
        return ""
    if rule.type == "at-rule" and _is_unknown(rule, device):
        dropped.append(Part("css-rules", rule.source_line, _shown(rule)))
        return ""
    if rule.type not in ("qualified-rule", "at-rule") or rule.content is None or depth > DEEPEST:
        return str(rule.serialize())
    head = tinycss2.serialize(rule.prelude).strip()
    name = f"@{rule.at_keyword} " if rule.type == "at-rule" else ""
    if name and rule.lower_at_keyword == "media":
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True)
        return f"{name}{head} {{{''.join(_rule(each, device, dropped, depth + 1) for each in inner)}}}"
    selectors = frozenset() if name else frozenset(each.strip() for each in head.split(","))
    parts = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    return f"{name}{head} {{ {_declarations(parts, selectors, device, dropped, depth).strip()} }}"


def _is_unknown(rule: Any, device: str) -> bool:
    if device not in WITHOUT_RULES:
        return False
    if rule.lower_at_keyword == "media":
        return tinycss2.serialize(rule.prelude).strip().lower() not in MEDIA
    return rule.lower_at_keyword not in KNOWN_RULES


def _declarations(parts: Sequence[Any], selectors: frozenset[str], device: str, dropped: list[Part], depth: int) -> str:
    together = frozenset(each.lower_name for each in parts if each.type == "declaration")
    written = []
    for each in parts:
        if each.type != "declaration":
            written.append(_rule(each, device, dropped, depth + 1))
            continue
        declared = Declared(each.lower_name, each.value, selectors, together)
        broken = next((name for name, breaks in BREAKS[device].items() if breaks(declared)), "")
        if broken:
            dropped.append(Part(broken, each.source_line, _shown(each)))
        else:
            written.append(each.serialize() + "; ")
    return "".join(written)


def _words(declared: Declared) -> Iterator[str]:
    return (token.lower_value for token in declared.value if token.type == "ident")


def _is_layout(declared: Declared) -> bool:
    unfit = LAYOUTS if declared.name == "display" else FIXED if declared.name == "position" else frozenset()
    return any(word in unfit for word in _words(declared))


def _is_hidden(declared: Declared) -> bool:
    return declared.name == "display" and "none" in _words(declared)


def _is_negative(declared: Declared) -> bool:
    if not any(token.type in ("number", "dimension", "percentage") and token.value < 0 for token in declared.value):
        return False
    if declared.name == "text-indent":
        return not declared.together & {"padding", "padding-left", "padding-inline-start", "margin-left"}
    return declared.name.startswith("margin")


def _has_variables(declared: Declared) -> bool:
    if declared.name.startswith("--"):
        return True
    todo = list(declared.value)
    while todo:
        token = todo.pop()
        if token.type == "function" and token.lower_name in FUNCTIONS:
            return True
        todo += getattr(token, "arguments", None) or getattr(token, "content", None) or ()
    return False


def _sizes_root(declared: Declared) -> bool:
    is_share = any(token.type == "percentage" for token in declared.value)
    return declared.name == "font-size" and is_share and bool(declared.selectors & ROOTS)


def _fills_root(declared: Declared) -> bool:
    return declared.name in ("background", "background-color", "background-image") and bool(declared.selectors & ROOTS)


def _shown(node: Any) -> str:
    return " ".join(str(node.serialize()).split())[:120]


BREAKS: dict[str, dict[str, Callable[[Declared], bool]]] = {
    "kindle": {
        "css-layout": _is_layout, "css-negative": _is_negative, "css-variables": _has_variables, "hidden-text": _is_hidden,
    },
    "kobo": {"css-root-size": _sizes_root, "css-background": _fills_root},
}  # fmt: skip
WITHOUT_RULES = frozenset({"kindle"})
