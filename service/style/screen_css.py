"""A look as a style sheet for a screen: the few of its wishes that a reader's own page has room for."""

from __future__ import annotations

from service.style import Look


def css(look: Look) -> str:
    """Empty where nothing is requested."""
    rules = []
    if look.font:
        names = f'"{look.font.name}", "{look.font.wide} SC", {look.font.generic}'
        rules.append(f"body {{ font-family: {names} }}")
    if look.justify != "auto":
        align, hyphens = ("justify", "auto") if look.justify == "justified" else ("start", "manual")
        rules.append(f"body p, body li, body dd {{ text-align: {align}; -webkit-hyphens: {hyphens}; hyphens: {hyphens} }}")
        rules.append(".title-block p, td p, th p, p.picture { text-align: start }")
    return "\n".join(rules)
