"""PASSES, in order: those of stage "read" run once a source, those of stage "write" once a target.
Imports: the rooms from model to readers, and schemas.
Start with `base.py`, then `headings.py`.
"""

from __future__ import annotations

from service.passes import (
    abstract,
    alerts,
    assets,
    boilerplate,
    cross_references,
    figures,
    floats,
    formulas,
    headings,
    icons,
    identifiers,
    images,
    limits,
    links,
    metadata,
    nested_notes,
    page_breaks,
    raw,
    smart_typography,
    statements,
    table_captions,
    tables,
    target_titles,
    tex,
    title,
    typography,
)
from service.passes.base import Pass

PASSES: tuple[Pass, ...] = (
    Pass("page_breaks", "read", page_breaks.run),
    Pass("raw", "read", raw.run),
    Pass("metadata", "read", metadata.run),
    Pass("nested_notes", "read", nested_notes.run),
    Pass("formulas", "read", formulas.run),
    Pass("typography", "read", typography.run),
    Pass("icons", "read", icons.run),
    Pass("title", "read", title.run),
    Pass("abstract", "read", abstract.run),
    Pass("boilerplate", "read", boilerplate.run),
    Pass("headings", "read", headings.run),
    Pass("target_titles", "read", target_titles.run),
    Pass("links", "read", links.run),
    Pass("images", "read", images.run),
    Pass("figures", "read", figures.run),
    Pass("floats", "read", floats.run),
    Pass("table_captions", "read", table_captions.run),
    Pass("cross_references", "read", cross_references.run),
    Pass("tables", "read", tables.run),
    Pass("identifiers", "read", identifiers.run),
    Pass("smart_typography", "write", smart_typography.run),
    Pass("statements", "write", statements.run),
    Pass("tex", "write", tex.run),
    Pass("alerts", "write", alerts.run),
    Pass("assets", "write", assets.run),
    Pass("limits", "write", limits.run),
)
