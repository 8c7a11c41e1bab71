"""A look as a style sheet for a screen: the few of its wishes that a reader's own page has room for."""

from __future__ import annotations

from service.model.document import Conversion, Notice
from service.model.notices import notice
from service.style import Look

# What has no meaning where the text flows into whatever page the reader has.
OF_PAPER = ("paper", "margin", "font_size", "header", "footer", "watermark")


def css(look: Look) -> str:
    """Empty where nothing is asked for."""
    rules = []
    if look.font:
        names = f'"{look.font.name}", "{look.font.wide} SC", {look.font.generic}'
        rules.append(f"body {{ font-family: {names} }}")
    if look.justify != "auto":
        align, hyphens = ("justify", "auto") if look.justify == "justified" else ("start", "manual")
        rules.append(f"body p, body li, body dd {{ text-align: {align}; -webkit-hyphens: {hyphens}; hyphens: {hyphens} }}")
        rules.append(".title-block p, td p, th p, p.picture { text-align: start }")
    return "\n".join(rules)


def ignored(conversion: Conversion, stage: str) -> tuple[Notice, ...]:
    """A notice for the options that this format can't follow."""
    names = [name for name in OF_PAPER if conversion[name]]
    names += ["cover"] * (stage == "html" and conversion["cover"] not in ("", "none"))
    if not names:
        return ()
    message = f"This format has no pages of its own: {', '.join(names)} has no effect."
    return (notice("option-ignored", message, stage=stage, data={"options": names}),)
