"""Identifiers that cross-references name: `fig:dunes`, `tbl-birds`, `eq:model` (pandoc-crossref, Quarto)."""

from __future__ import annotations

import re

IDENTIFIER = re.compile(r"(?P<kind>fig|tbl|tab|eq|lst|sec)[:-]")
