"""The style sheet of a look for screens: the few changes that a reading system can apply."""

from __future__ import annotations

from service.style import Look

HEADINGS, CODE = "h1, h2, h3, h4, h5, h6, .title-block .title", "code, kbd, samp, pre"


def css(look: Look) -> str:
    """Empty where nothing is requested."""
    rules = []
    for family, where in ((look.font, "body"), (look.heading_font, HEADINGS), (look.code_font, CODE)):
        if family:
            rules.append(f'{where} {{ font-family: "{family.name}", "{family.wide} SC", {family.generic} }}')
    if look.justify != "auto":
        align, hyphens = ("justify", "auto") if look.justify == "justified" else ("start", "manual")
        rules.append(f"body p, body li, body dd {{ text-align: {align}; -webkit-hyphens: {hyphens}; hyphens: {hyphens} }}")
        rules.append(".title-block p, td p, th p, p.picture { text-align: start }")
    return "\n".join(rules)
