"""What each HTML element and attribute means to us: the one list that the HTML converter and the attribute filter go by."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

# Element → pandoc's inline.
MARKUP: Mapping[str, str] = {
    "b": "Strong", "strong": "Strong", "i": "Emph", "em": "Emph", "cite": "Emph", "var": "Emph", "dfn": "Emph",
    "u": "Underline", "ins": "Underline", "s": "Strikeout", "strike": "Strikeout", "del": "Strikeout",
    "sub": "Subscript", "sup": "Superscript",
}  # fmt: skip
CODE = frozenset({"code", "kbd", "samp", "tt"})
SPANS: Mapping[str, str] = {
    "mark": "mark",
    "small": "small",
    "big": "big",
    "abbr": "abbr",
    "acronym": "abbr",
    "rt": "rt",
    "rp": "rp",
}
PLAIN_SPANS = frozenset({
    "span", "font", "time", "data", "bdi", "bdo", "label", "nobr", "blink", "output", "meter", "progress", "rb", "rtc", "button",
    "slot", "map",
})  # fmt: skip
DIVISIONS = frozenset({
    "div", "section", "article", "main", "header", "footer", "nav", "aside", "center", "address", "form", "fieldset", "hgroup",
    "search", "dialog", "menuitem", "picture", "noscript", "noframes", "body", "html", "select", "optgroup", "datalist",
    "marquee", "legend", "option", "summary", "figcaption", "caption", "noembed",
})  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset({"ul", "ol", "menu", "dir", "dl", "li", "dt", "dd"})
TABLES = frozenset({"table", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "col"})
BLOCKS = (
    DIVISIONS | frozenset(HEADINGS) | LISTS | TABLES | {"p", "pre", "blockquote", "hr", "details", "figure", "listing", "xmp"}
)
EMBEDDED = frozenset({"iframe", "video", "audio", "embed", "object", "source", "track", "frame", "frameset", "applet", "param"})
# Their content is no text of the article.
INVISIBLE = frozenset({"script", "style", "head", "title", "meta", "link", "base", "template", "canvas", "svg", "area"})
VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "frame",
})  # fmt: skip
OTHERS = frozenset({"a", "br", "img", "wbr", "q", "ruby", "input", "textarea", "math", "annotation", "semantics"})
KNOWN = frozenset(MARKUP) | CODE | frozenset(SPANS) | PLAIN_SPANS | BLOCKS | EMBEDDED | INVISIBLE | VOID | OTHERS
# Elements whose end tag may be left out.
OPTIONAL_END = frozenset({"p", "li", "dt", "dd", "td", "th", "tr", "thead", "tbody", "tfoot", "option", "colgroup", "rt", "rp"})

CLASS = re.compile(r"[\w-]{1,64}")
ATTRIBUTES: Mapping[str, re.Pattern[str]] = {
    "lang": re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "width": re.compile(r"\d{1,5}(\.\d{1,4})?(px|%|em|cm|mm|in|pt)?"),
    "height": re.compile(r"\d{1,5}(\.\d{1,4})?(px|%|em|cm|mm|in|pt)?"),
    "start": re.compile(r"\d{1,6}"),
    "startFrom": re.compile(r"\d{1,6}"),
    "number": re.compile(r"\d{1,6}"),
    "title": re.compile(r"[^\x00-\x1f]{1,500}"),
    "datetime": re.compile(r"[0-9TZ:.+\-]{4,40}"),
}


def clean_attr(attributes: Sequence[Any]) -> list[Any]:
    """The identifier, classes and pairs that may stay: a list of what is allowed, for what is not can't be listed."""
    identifier, classes, pairs = attributes
    names = {"xml:lang": "lang"}
    kept: dict[str, str] = {}
    for key, value in pairs:
        name = names.get(key, key)
        if name in ATTRIBUTES and ATTRIBUTES[name].fullmatch(value):
            kept.setdefault(name, value)
    identifier = identifier if len(identifier) <= 200 and not re.search(r"[\s\x00-\x1f\"'<>]", identifier) else ""
    return [identifier, [name for name in classes if CLASS.fullmatch(name)], [[key, value] for key, value in kept.items()]]
