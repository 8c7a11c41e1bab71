"""The text of MediaWiki without markup, templates and notes, for the count of letters."""

from __future__ import annotations

import html
import re

from service.readers.shared import letters

TAG = re.compile(r"</?[A-Za-z!][^<>]*>")
HIDDEN = re.compile(
    r"<(math|ref|references|timeline|score|imagemap|includeonly|chem|ce|hiero)\b[^<>]*(?:/>|>.*?(?:</\1\s*>|\Z))|<!--.*?(?:-->|\Z)",
    re.S | re.I,
)
TABLE = re.compile(r"^[ \t:*]*(?:\{\||\|-).*$", re.M)
CELL = re.compile(r"^([|!])[^|\n\[]*+\|(?![|])|(?<=\|\||!!)[^|!\n\[]*+\|(?![|])", re.M)
FILE = re.compile(
    r"\[\[(?:File|Image|Datei|Fichier|Archivo|Bild|Immagine|Category|Kategorie)\s*:[^\[\]]*(?:\[\[[^\[\]]*\]\][^\[\]]*)*\]\]",
    re.I,
)
PAGE = re.compile(r"\[\[[^\[\]|\n]*\||\[(?:https?:|//|mailto:)\S*")
INNER = re.compile(r"\{\{[^{}]*\}\}")
SWITCH = re.compile(r"__[A-Z]{3,30}__")
# Nested templates, from the inside.
DEEPEST = 6


def plain(text: str) -> str:
    """The text of the page without markup."""
    for _ in range(DEEPEST):
        text = letters.without(text, INNER)
    text = letters.without(text, HIDDEN, FILE, TABLE, CELL, PAGE, TAG, SWITCH)
    return html.unescape(text.replace("''", ""))
