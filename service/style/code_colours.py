"""The colours of code by one of pandoc's styles, as a style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
CLASSES: Mapping[str, str] = {
    "Keyword": "kw", "DataType": "dt", "DecVal": "dv", "BaseN": "bn", "Float": "fl", "Constant": "cn", "Char": "ch",
    "SpecialChar": "sc", "String": "st", "VerbatimString": "vs", "SpecialString": "ss", "Import": "im", "Comment": "co",
    "Documentation": "do", "Annotation": "an", "CommentVar": "cv", "Other": "ot", "Function": "fu", "Variable": "va",
    "ControlFlow": "cf", "Operator": "op", "BuiltIn": "bu", "Extension": "ex", "Preprocessor": "pp", "Attribute": "at",
    "RegionMarker": "re", "Information": "in", "Warning": "wa", "Alert": "al", "Error": "er",
}  # fmt: skip


def colour(theme: Mapping[str, Any], key: str) -> str:
    """`#rrggbb`, or nothing if the style uses the colour of the page."""
    value = str(theme.get(key) or "")
    return value if COLOUR.fullmatch(value) else ""


def css(theme: Mapping[str, Any] | None) -> str:
    """Rules that are stronger than a profile's own; empty without a style."""
    if theme is None:
        return ""
    ground, text = colour(theme, "background-color"), colour(theme, "text-color")
    look = "; ".join(
        [*([f"background: {ground}; border-color: {ground}"] if ground else []), *([f"color: {text}"] if text else [])]
    )
    rules = [f"body pre {{ {look} }}"] if look else []
    rules.append("code.sourceCode span[class] { color: inherit; font-weight: normal; font-style: normal }")
    for name, style in theme.get("text-styles", {}).items():
        if name in CLASSES and (said := _said(style)):
            rules.append(f"code.sourceCode span.{CLASSES[name]} {{ {said} }}")
    return "\n".join(rules)


def _said(style: Mapping[str, Any]) -> str:
    parts = {
        "color": colour(style, "text-color"), "background": colour(style, "background-color"),
        "font-weight": "bold" if style.get("bold") else "", "font-style": "italic" if style.get("italic") else "",
        "text-decoration": "underline" if style.get("underline") else "",
    }  # fmt: skip
    return "; ".join(f"{name}: {value}" for name, value in parts.items() if value)
