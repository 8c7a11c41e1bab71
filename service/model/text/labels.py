"""The words that the service adds to a document, by language, and the lines of the title block.

PDF, EPUB and DOCX show the same title block; it is built here once, so that they cannot differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.model.metadata import Metadata
from service.model.text import byline, dates, journal, journal_labels, label_rows

FALLBACK = "en"
_WORDS: Mapping[str, Mapping[str, str]] = label_rows.WORDS | {
    "en": {
        "source_name": "Source", "authors": "By", "date": "Published", "modified": "Updated", "source_url": "Original",
        "fetched_at": "Retrieved", "contents": "Contents", "cover": "Cover", "start": "Text", "image": "Image",
        "abstract": "Abstract", "series": "Series", "doi": "DOI", "license": "Licence",
    },
    "zh-Hans": {
        "source_name": "来源", "authors": "作者", "date": "日期", "modified": "更新", "source_url": "原文",
        "fetched_at": "抓取", "contents": "目录", "cover": "封面", "start": "正文", "image": "图片",
        "abstract": "摘要", "series": "系列", "doi": "DOI", "license": "许可",
    },
    "zh-Hant": {
        "source_name": "來源", "authors": "作者", "date": "日期", "modified": "更新", "source_url": "原文",
        "fetched_at": "擷取", "contents": "目錄", "cover": "封面", "start": "正文", "image": "圖片",
        "abstract": "摘要", "series": "系列", "doi": "DOI", "license": "授權",
    },
    "ja": {
        "source_name": "出典", "authors": "著者", "date": "公開日", "modified": "更新日", "source_url": "原文",
        "fetched_at": "取得日", "contents": "目次", "cover": "表紙", "start": "本文", "image": "画像",
        "abstract": "要旨", "series": "シリーズ", "doi": "DOI", "license": "ライセンス",
    },
    "ko": {
        "source_name": "출처", "authors": "글", "date": "발행일", "modified": "수정일", "source_url": "원문",
        "fetched_at": "수집일", "contents": "차례", "cover": "표지", "start": "본문", "image": "그림",
        "abstract": "초록", "series": "시리즈", "doi": "DOI", "license": "이용 허락",
    },
    "it": {
        "source_name": "Fonte", "authors": "Di", "date": "Pubblicato", "modified": "Aggiornato", "source_url": "Originale",
        "fetched_at": "Consultato", "contents": "Indice", "cover": "Copertina", "start": "Testo", "image": "Immagine",
        "abstract": "Sommario", "series": "Collana", "doi": "DOI", "license": "Licenza",
    },
    "fr": {
        "source_name": "Source", "authors": "Par", "date": "Publié", "modified": "Mis à jour", "source_url": "Original",
        "fetched_at": "Consulté", "contents": "Sommaire", "cover": "Couverture", "start": "Texte", "image": "Image",
        "abstract": "Résumé", "series": "Collection", "doi": "DOI", "license": "Licence",
    },
    "de": {
        "source_name": "Quelle", "authors": "Von", "date": "Veröffentlicht", "modified": "Aktualisiert", "source_url": "Original",
        "fetched_at": "Abgerufen", "contents": "Inhalt", "cover": "Umschlag", "start": "Text", "image": "Bild",
        "abstract": "Zusammenfassung", "series": "Reihe", "doi": "DOI", "license": "Lizenz",
    },
    "es": {
        "source_name": "Fuente", "authors": "Por", "date": "Publicado", "modified": "Actualizado", "source_url": "Original",
        "fetched_at": "Consultado", "contents": "Índice", "cover": "Cubierta", "start": "Texto", "image": "Imagen",
        "abstract": "Resumen", "series": "Serie", "doi": "DOI", "license": "Licencia",
    },
}  # fmt: skip
WORDS: Mapping[str, Mapping[str, str]] = {tag: {**row, **journal_labels.WORDS[tag]} for tag, row in _WORDS.items()}
COLONS = {"zh-Hans": "：", "zh-Hant": "：", "ja": "：", "fr": "\u00a0: "}
# The possible lines under title and subtitle, in this order.
TITLE_FIELDS = (
    "authors", "affiliations", "orcid", "corresponding", "source_name", "series", "volume", "received", "accepted", "date",
    "modified", "source_url", "doi", "license", "fetched_at",
)  # fmt: skip
LABELS: Mapping[str, str] = {"orcid": "ORCID"}  # those that are one word in all languages
CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/(?P<name>[a-z-]{2,12})/(?P<version>\d\.\d)"
)
TRADITIONAL = ("hant", "tw", "hk", "mo")


@dataclass(frozen=True, slots=True)
class Line:
    """One line under the title: its metadata field, its label with the colon, its text and its link."""

    field: str
    label: str
    text: str
    href: str = ""


def language(tag: str) -> str:
    """The row of WORDS for a BCP 47 tag: zh-TW → zh-Hant, en-GB → en, unknown → en."""
    primary, *rest = tag.lower().replace("_", "-").split("-")
    if primary == "zh":
        return "zh-Hant" if any(part in TRADITIONAL for part in rest) else "zh-Hans"
    primary = label_rows.SAME.get(primary, primary)
    return primary if primary in WORDS else FALLBACK


def word(name: str, tag: str) -> str:
    return WORDS[language(tag)][name]


def authors(metadata: Metadata) -> str:
    """Every author's name in one line; Chinese and Japanese use their own comma."""
    return _joint(metadata).join(author.name for author in metadata.authors)


def _joint(metadata: Metadata) -> str:
    return "、" if language(metadata.lang) in {"zh-Hans", "zh-Hant", "ja"} else ", "


def labelled(field: str, lang: str) -> str:
    """The label of a field with the colon of the language: `Keywords: `."""
    tag = language(lang)
    label = LABELS.get(field) or WORDS[tag].get(field, "")
    return label + COLONS.get(tag, ": ") if label else ""


def listed(words: Sequence[str], metadata: Metadata) -> str:
    return _joint(metadata).join(words)


def title_lines(metadata: Metadata, shown: Sequence[str] = TITLE_FIELDS) -> tuple[Line, ...]:
    """The lines under title and subtitle: the fields of `shown` in the order of TITLE_FIELDS. A missing field has no line."""
    texts = {**_by(metadata, shown), **_of_journal(metadata), **_of_article(metadata)}
    lines: list[Line] = []
    for field in (each for each in TITLE_FIELDS if each in shown):
        label = labelled(field, metadata.lang)
        lines += [Line(field, label, text, href) for text, href in texts[field] if text]
    return tuple(lines)


Texts = Mapping[str, Sequence[tuple[str, str]]]  # field → the text and the address of each line


def _by(metadata: Metadata, shown: Sequence[str]) -> Texts:
    """The authors with their affiliations and identifiers."""
    joint, authors = _joint(metadata), metadata.authors
    places = byline.affiliations(authors) if "affiliations" in shown else ()
    known = [author for author in authors if author.orcid]
    return {
        "authors": [(byline.people(authors, joint, places), "")],
        "affiliations": [(each, "") for each in byline.numbered(places)],
        "orcid": [
            (f"{author.orcid} ({author.name})" if len(authors) > 1 else author.orcid, f"https://orcid.org/{author.orcid}")
            for author in known
        ],
    }


def _of_journal(metadata: Metadata) -> Texts:
    """The place of the article in the journal, its dates, and the corresponding author."""
    said = journal.found(metadata)
    return {
        "corresponding": [byline.corresponding(metadata.authors, said, _joint(metadata))],
        "volume": [(journal.place(said), "")],
        "received": [(_day(said.get("received", ""), metadata), "")],
        "accepted": [(_day(said.get("accepted", ""), metadata), "")],
    }


def _of_article(metadata: Metadata) -> Texts:
    return {
        "source_name": [(metadata.source_name, "")],
        "series": [(_series(metadata), "")],
        "date": [(_day(metadata.date, metadata), "")],
        "modified": [(_day(metadata.modified, metadata), "")],
        "source_url": [(metadata.source_url, web_address(metadata.source_url))],
        "doi": [(metadata.doi, f"https://doi.org/{metadata.doi}")],
        "license": [(_license(metadata), web_address(metadata.license))],
        "fetched_at": [(_day(metadata.fetched_at, metadata), "")],
    }


def _day(text: str, metadata: Metadata) -> str:
    """A date in the words of the language; its region may have digits of its own."""
    tag = language(metadata.lang)
    return dates.shown(text, tag if tag in dates.FORMS else metadata.lang)


def _series(metadata: Metadata) -> str:
    series = metadata.series
    return ", ".join(filter(None, (series.name, series.index))) if series else ""


def _license(metadata: Metadata) -> str:
    """The name of a Creative Commons licence for its address; else the text of the article."""
    found = CREATIVE_COMMONS.match(metadata.license)
    if not found:
        return metadata.license or metadata.rights
    name = {"zero": "CC0", "mark": "Public Domain Mark"}.get(found["name"], f"CC {found['name'].upper()}")
    return f"{name} {found['version']}"


def web_address(url: str) -> str:
    """`url` if it can be a link, else empty."""
    return url if url.lower().startswith(("http://", "https://")) else ""
