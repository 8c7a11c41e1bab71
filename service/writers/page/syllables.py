"""Line breaks of Khmer, Lao and Burmese: between syllables.

These scripts write no blanks between words, and neither Pango nor WeasyPrint has a dictionary for them: lines would break
anywhere, even within a stack of letters. `parted` puts a zero-width space between syllables. Copied text does not
contain it (`engines.weasyprint.composition.copied_text`). A word with the author's own such spaces does not change.
"""

from __future__ import annotations

import re

from service.ast.pandoc_ast import walk_blocks
from service.model.blocks import Blocks, Node

SCRIPTS = re.compile("[\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff]")
PLACE = "\u200b"
# A syllable begins with a consonant or independent vowel that no coeng (Khmer) or virama (Burmese) joins to the one before,
# and that is not followed by an asat (Burmese), which ends a syllable; in Lao, with a vowel written before its consonant.
BEGINNINGS = re.compile(
    "(?<=[\u1780-\u17d1\u17d3\u17dd])(?=[\u1780-\u17b3])"
    "|(?<=[\u1000-\u1038\u103a-\u1049\u1050-\u109d])(?=[\u1000-\u102a\u103f\u104c-\u104f](?![\u1039\u103a]))(?<!\u1039)"
    "|(?<=[\u0e81-\u0ebd\u0ec0-\u0ecd])(?=[\u0ec0-\u0ec4])"
)


def parted(blocks: Blocks) -> Blocks:
    """The same object for other scripts."""
    return walk_blocks(blocks, _visit, {"Str"}, lambda found: SCRIPTS.search(found.words) is not None)


def _visit(node: Node) -> Node:
    text = node["c"]
    if PLACE in text or SCRIPTS.search(text) is None:
        return node
    return {"t": "Str", "c": BEGINNINGS.sub(PLACE, text)}
