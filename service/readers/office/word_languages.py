"""The languages of the runs of a DOCX (`w:lang`), which pandoc ignores: text in another language than the rest is marked.

The main language is that of most letters. A run in another one has a stand-in before and after its text, between which the
blocks that pandoc made get a span with the language.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lxml import etree

from service.ast.pandoc_ast import Node, attr, span, string
from service.containers import packages
from service.readers.office.inserts import Inserts
from service.readers.office.word_names import RUN, TEXT, w
from service.readers.office.word_package import KNOWN

PROPERTIES = w("rPr")


class Languages:
    """The languages of one document. `mark` changes the trees of its parts in place, `placed` the blocks of pandoc."""

    def __init__(self, parts: Mapping[str, bytes], tops: Sequence[etree._Element], inserts: Inserts) -> None:
        self.default = _default(parts)
        self.starts: dict[str, str] = {}  # language → stand-in
        self.end = ""
        self._inserts = inserts
        letters = Counter[str]()
        for top in tops:
            for run in top.iter(RUN):
                letters[_primary(self._language(run))] += sum(map(_letters, run.iter(TEXT)))
        self.main = letters.most_common(1)[0][0] if letters else ""

    def mark(self, top: etree._Element) -> None:
        for run in top.iter(RUN):
            language = self._language(run)
            texts = [text for text in run.iter(TEXT) if _letters(text)]
            if texts and language and _primary(language) != self.main:
                self.end = self.end or self._inserts.mark()
                if language not in self.starts:
                    self.starts[language] = self._inserts.mark()
                texts[0].text = self.starts[language] + (texts[0].text or "")
                texts[-1].text = (texts[-1].text or "") + self.end

    def placed(self, blocks: Sequence[Node]) -> list[Node]:
        """`blocks` with a span around the text in each other language."""
        if not self.starts:
            return list(blocks)
        languages = {mark: language for language, mark in self.starts.items()}
        gone = str.maketrans("", "", "".join(languages) + self.end)

        def changed(value: Any) -> Any:
            if isinstance(value, str):
                return value.translate(gone)
            if isinstance(value, dict):
                return value if value.get("t") == "Str" else {key: changed(each) for key, each in value.items()}
            if not isinstance(value, list):
                return value
            items = [changed(each) for each in value]
            if any(each.get("t") == "Str" for each in items if isinstance(each, dict)):
                return _merged(self._spanned(items, languages))
            return items

        return [changed(block) for block in blocks]

    def _spanned(self, inlines: Iterable[Node], languages: Mapping[str, str]) -> Iterator[Node]:
        held: list[Node] | None = None
        language = ""
        for inline in inlines:
            for part in _divided(inline, languages, self.end):
                if not isinstance(part, str):
                    yield from [part] if held is None else []
                    held = None if held is None else [*held, part]
                elif part != self.end:
                    yield from held or ()
                    held, language = [], languages[part]
                elif held is not None:
                    yield span(held, attr("", [], {"lang": language}))
                    held = None
        yield from held or ()

    def _language(self, run: etree._Element) -> str:
        properties = run.find(PROPERTIES)
        said = properties.find(w("lang")) if properties is not None else None
        is_right_to_left = properties is not None and properties.find(w("rtl")) is not None
        name = said.get(w("bidi" if is_right_to_left else "val"), "") if said is not None else ""
        return name or ("" if is_right_to_left else self.default)


def _default(parts: Mapping[str, bytes]) -> str:
    """The language of the styles' defaults."""
    data = parts.get(KNOWN["styles"], b"")
    top = packages.parse(data) if data.strip() else None
    said = top.find(f"{w('docDefaults')}/{w('rPrDefault')}/{PROPERTIES}/{w('lang')}") if top is not None else None
    return said.get(w("val"), "") if said is not None else ""


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _letters(text: etree._Element) -> int:
    return sum(map(str.isalpha, text.text or ""))


def _divided(inline: Node, starts: Mapping[str, str], end: str) -> Iterator[Node | str]:
    """A Str as its parts and the stand-ins between them; other inlines unchanged."""
    if inline.get("t") != "Str" or (end not in inline["c"] and starts.keys().isdisjoint(inline["c"])):
        yield inline
        return
    held = ""
    for char in inline["c"]:
        if char == end or char in starts:
            yield from [string(held)] if held else []
            yield char
            held = ""
        else:
            held += char
    yield from [string(held)] if held else []


def _merged(inlines: Iterable[Node]) -> list[Node]:
    """Spans of the same language that follow each other as one, also across a blank."""
    out: list[Node] = []
    for inline in inlines:
        before = out[-1] if out else None
        blank = out[-1] if out and out[-1]["t"] == "Space" else None
        before = out[-2] if blank is not None and len(out) > 1 else before
        if _is_language(inline) and before is not None and _is_language(before) and before["c"][0] == inline["c"][0]:
            del out[-2 if blank is not None else -1 :]
            out.append(span([*before["c"][1], *([blank] if blank else []), *inline["c"][1]], before["c"][0]))
        else:
            out.append(inline)
    return out


def _is_language(node: Node) -> bool:
    return bool(node["t"] == "Span" and node["c"][0][:2] == ["", []] and [key for key, _ in node["c"][0][2]] == ["lang"])
