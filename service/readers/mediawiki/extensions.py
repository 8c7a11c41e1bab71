"""Elements of MediaWiki's extensions that pandoc prints as text: poems, chemistry, image maps, parts that are transcluded.

Drawings (timelines, scores, maps) are dropped and counted. Unknown elements stay text, as in the wiki.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from service.model.document import Notice
from service.model.notices import notice
from service.readers.mediawiki import limits
from service.readers.shared.spans import gaps, spans

NAMES = (
    "poem", "chem", "ce", "imagemap", "includeonly", "timeline", "score", "hiero", "graph", "mapframe", "maplink", "templatedata",
    "indicator", "inputbox", "categorytree", "phonos",
)  # fmt: skip
OPENS = re.compile(rf"<({'|'.join(NAMES)})\b[^<>]*+(?<!/)>", re.I)
ENDS = {name: re.compile(rf"</{name}\s*+>", re.I) for name in NAMES}
EMPTY = re.compile(rf"<(?:{'|'.join(NAMES)})\b[^<>]*+(?<=/)>", re.I)
# Marks without content: the text around them stays.
MARK = re.compile(r"</?(?:noinclude|onlyinclude|section|templatestyles|languages|translate|tvar|nowiki\s*+/)\b[^<>]*+>", re.I)
BLOCK_FORMULA = re.compile(
    r"^[ \t]*+<math\b[^<>]*\bdisplay\s*+=\s*+[\"']?block[\"']?[^<>]*+>([^<>\n]*+)</math>[ \t]*+$", re.M | re.I
)
MOST_REPORTED = 10_000  # characters of removed text in a notice
LINK = re.compile(r"\[\[[^\[\]\n]++\]\]")


def settled(text: str) -> tuple[str, list[Notice]]:
    """The text without these elements, and a notice with the content of those that have no equivalent."""
    dropped: list[tuple[str, str]] = []

    def element(name: str, content: str) -> str:
        if name == "poem":
            return _poem(content)
        if name in ("chem", "ce"):
            return rf"<math>\ce{{{content}}}</math>"
        if name == "imagemap":
            return _image_map(content)
        dropped.append((f"<{name}>", content.strip()))
        return "\n" * content.count("\n")

    text = BLOCK_FORMULA.sub(r":<math>\1</math>", text)
    parts, last = [], 0
    for start, end in gaps(text, limits.apart(text)):
        parts += [text[last:start], MARK.sub("", EMPTY.sub("", _changed(text[start:end], element)))]
        last = end
    return "".join([*parts, text[last:]]), _reported(dropped)


def _changed(text: str, change: Callable[[str, str], str]) -> str:
    """The text with each of the elements changed by its name and content."""
    parts, last = [], 0
    for each in spans(text, OPENS, lambda found: ENDS[found[1].lower()]):
        parts += [text[last : each.start], change(each.opening[1].lower(), text[each.opening.end() : each.inner_end])]
        last = each.end
    return "".join([*parts, text[last:]])


def _reported(dropped: Sequence[tuple[str, str]]) -> list[Notice]:
    if not dropped:
        return []
    names = Counter(name for name, _ in dropped)
    shown = ", ".join(f"{name} ({count})" if count > 1 else name for name, count in names.items())
    removed = "\n".join(filter(None, (content for _, content in dropped)))[:MOST_REPORTED]
    data = {"markup": "elements", "count": len(dropped), "removed": removed}
    message = f"Elements that have no equivalent were removed with their content: {shown}."
    return [notice("raw-html-dropped", message, stage="read", data=data)]


def _poem(content: str) -> str:
    """The lines of the poem as lines, with their indent."""
    lines = [re.sub(r"^[ :]+", lambda found: "&nbsp;" * len(found.group()), line) for line in content.strip("\n").split("\n")]
    return '<div class="poem">\n' + "<br />\n".join(line or "&nbsp;" for line in lines) + "\n</div>"


def _image_map(content: str) -> str:
    """The picture of the map, and the places that it leads to as a list."""
    lines = [line.strip() for line in content.splitlines() if line.strip() and not line.startswith("#")]
    picture = f"[[{lines[0]}]]" if lines else ""
    places = [found.group() for line in lines[1:] if (found := LINK.search(line))]
    return "\n".join([picture, "", *(f"* {place}" for place in places)]) + "\n"
