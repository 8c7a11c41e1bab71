"""Styles of pseudo-elements, made when somebody asks for them.

WeasyPrint's own style sheet has rules for six of them that match every element: of the styles that it makes for an article,
four in five are of markers and footnote calls that no list or note has. `install` puts them off until they are asked for.
"""

from __future__ import annotations

from typing import Any

from weasyprint.css import StyleFor

LATER = frozenset({"marker", "footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"})


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    plain_set, plain_call = StyleFor.set_computed_styles, StyleFor.__call__
    if hasattr(plain_set, "plain"):
        return

    def set_computed_styles(styles: Any, element: Any, parent: Any, *rest: Any, **named: Any) -> None:
        pseudo_type = named.get("pseudo_type")
        cascaded = styles._cascaded_styles.get((element, pseudo_type), {}) if pseudo_type in LATER else {}
        if not cascaded or "anchor" in cascaded:  # an anchor is a target that must be known early
            plain_set(styles, element, parent, *rest, **named)
            return
        styles.__dict__.setdefault("later", {})[element, pseudo_type] = cascaded, parent, rest, named

    def call(styles: Any, element: Any, pseudo_type: str | None = None) -> Any:
        later = styles.__dict__.get("later", {}).pop((element, pseudo_type), None) if pseudo_type in LATER else None
        if later:
            cascaded, parent, rest, named = later
            styles._cascaded_styles[element, pseudo_type] = cascaded
            plain_set(styles, element, parent, *rest, **named)
            del styles._cascaded_styles[element, pseudo_type]
        return plain_call(styles, element, pseudo_type)

    set_computed_styles.plain = plain_set  # type: ignore[attr-defined]
    StyleFor.set_computed_styles, StyleFor.__call__ = set_computed_styles, call
