"""CSS in an SVG picture: parsed, reduced to allow-lists of properties and functions, and written again from its tokens.

Readers get exactly what the parser saw: escapes (`u\\72l(…)`), comments and nesting (CSS Syntax Level 3) hide nothing. Nothing
is fetched: an address is a fragment of the picture itself, and imports, fonts, namespaces and variables are removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import tinycss2

DEEPEST = 8
LONGEST = 200_000  # characters of style in one picture
PROPERTIES = frozenset(
    """
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin stroke-miterlimit
    stroke-dasharray stroke-dashoffset opacity color stop-color stop-opacity flood-color flood-opacity lighting-color paint-order
    clip-path clip-rule mask mask-type filter marker marker-start marker-mid marker-end display visibility overflow
    font font-family font-size font-size-adjust font-stretch font-style font-variant font-weight line-height letter-spacing
    word-spacing text-anchor text-align text-decoration text-decoration-line text-decoration-color text-rendering text-transform
    text-overflow white-space dominant-baseline alignment-baseline baseline-shift direction unicode-bidi writing-mode
    glyph-orientation-vertical glyph-orientation-horizontal kerning x y cx cy r rx ry width height transform transform-origin
    transform-box vector-effect mix-blend-mode isolation shape-rendering image-rendering color-interpolation
    color-interpolation-filters color-rendering pointer-events background background-color
    """.split()  # noqa: SIM905
)
FUNCTIONS = frozenset(
    """
    rgb rgba hsl hsla hwb lab lch oklab oklch color-mix calc min max clamp
    matrix matrix3d translate translatex translatey rotate scale scalex scaley skew skewx skewy
    blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia
    """.split()  # noqa: SIM905
)


class TooLong(Exception):
    """More style than a picture needs."""


def sheet(text: str, shared: frozenset[str]) -> str:
    """The allowed part of a style sheet. Only addresses of fragments in `shared` are kept: a rule can give them to
    every element, so they must cost nothing to draw. Raises TooLong.
    """
    rules = tinycss2.parse_stylesheet(_bounded(text), skip_comments=True, skip_whitespace=True)
    return "\n".join(_rules(rules, shared, 0)).replace("<", "\\3c ")


def declarations(text: str) -> str:
    """The allowed part of a `style` attribute. Raises TooLong."""
    parsed = tinycss2.parse_declaration_list(_bounded(text), skip_comments=True, skip_whitespace=True)
    return " ".join(_declared(parsed, None))


def is_taken(value: str) -> bool:
    """Whether the value of a presentation attribute refers to nothing outside the picture. Raises TooLong."""
    return _is_taken(tinycss2.parse_component_value_list(_bounded(value), skip_comments=True), None)


def fragments(value: str) -> Iterator[str]:
    """The identifiers that a value refers to by `url(#…)`."""
    todo = list(tinycss2.parse_component_value_list(value, skip_comments=True))
    while todo:
        token = todo.pop()
        if address := address_in(token):
            yield address[1:]
        todo += getattr(token, "arguments", None) or getattr(token, "content", None) or ()


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise TooLong
    return text


def _rules(rules: Sequence[Any], shared: frozenset[str], depth: int) -> Iterator[str]:
    for rule in rules:
        if (
            depth > DEEPEST
            or rule.type not in ("qualified-rule", "at-rule")
            or rule.content is None
            or not _selects(rule.prelude)
        ):
            continue
        head = tinycss2.serialize(rule.prelude).strip()
        if rule.type == "qualified-rule":
            inner = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            yield f"{head} {{ {' '.join(_declared(inner, shared))} }}"
        elif rule.lower_at_keyword == "media":
            nested = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            yield f"@media {head} {{ {' '.join(_rules(nested, shared, depth + 1))} }}"


def _selects(prelude: Sequence[Any]) -> bool:
    return all(token.type not in ("url", "error") and not address_in(token) for token in prelude)


def _declared(parsed: Sequence[Any], shared: frozenset[str] | None) -> Iterator[str]:
    for each in parsed:
        if each.type == "declaration" and each.lower_name in PROPERTIES and _is_taken(each.value, shared):
            important = " !important" if each.important else ""
            yield f"{each.lower_name}: {tinycss2.serialize(each.value).strip()}{important};"


def _is_taken(tokens: Sequence[Any], shared: frozenset[str] | None) -> bool:
    """`shared` are the fragments that may be named; None for any of the picture."""
    todo = [(token, 0) for token in tokens]
    while todo:
        token, depth = todo.pop()
        if token.type == "url" or (token.type == "function" and token.lower_name == "url"):
            address = address_in(token)
            if not address.startswith("#") or (shared is not None and address[1:] not in shared):
                return False
            continue
        if token.type in ("error", "at-keyword", "{} block") or depth > DEEPEST:
            return False
        if token.type == "function" and token.lower_name not in FUNCTIONS:
            return False
        todo += [(each, depth + 1) for each in getattr(token, "arguments", None) or getattr(token, "content", None) or ()]
    return True


def address_in(token: Any) -> str:
    """The address in `url(x)` or `url("x")`; empty for any other token."""
    if token.type == "url":
        return str(token.value)
    if token.type == "function" and token.lower_name == "url":
        inside = [each for each in token.arguments if each.type not in ("whitespace", "comment")]
        return str(inside[0].value) if len(inside) == 1 and inside[0].type == "string" else ""
    return ""
