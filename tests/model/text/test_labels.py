"""The title block's lines and the service's own words."""

from __future__ import annotations

import pytest

from service.model.document import Author, Metadata, Series
from service.model.text import dates, labels


@pytest.mark.parametrize(
    ("tag", "row"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh_Hant_HK", "zh-Hant"),
        ("en-GB", "en"),
        ("sv", "sv"),
        ("ar-EG", "ar"),
        ("no", "nb"),
        ("tlh", "en"),
        ("", "en"),
    ],
)
def test_language(tag: str, row: str) -> None:
    assert labels.language(tag) == row


def test_every_language_has_every_word_and_a_date_form() -> None:
    words = labels.WORDS["en"].keys()
    assert all(row.keys() == words for row in labels.WORDS.values())
    assert set(dates.FORMS) < set(labels.WORDS)


def test_title_lines() -> None:
    metadata = Metadata(
        lang="zh-CN", source_name="报", authors=(Author("甲"), Author("乙")), date="2024-11-21", source_url="https://e.example/a",
        fetched_at="2025-10-06T19:16:36.499828",
    )  # fmt: skip
    shown = [(line.label + line.text, line.href) for line in labels.title_lines(metadata)]
    assert shown == [
        ("作者：甲、乙", ""),
        ("来源：报", ""),
        ("日期：2024年11月21日", ""),
        ("原文：https://e.example/a", "https://e.example/a"),
        ("抓取：2025年10月6日", ""),
    ]


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("ar", "نُشر في: 4 مارس 2024"),
        ("ar-EG", "نُشر في: ٤ مارس ٢٠٢٤"),
        ("fa", "تاریخ انتشار: ۴ مارس ۲۰۲۴"),
        ("he-IL", "פורסם: 4 במרץ 2024"),
        ("pt-BR", "Publicado: 4 de março de 2024"),
        ("nl-x-own", "Gepubliceerd: 4 maart 2024"),
        ("tlh", "Published: 4 March 2024"),
    ],
)
def test_dates_and_labels_are_in_the_language(lang: str, shown: str) -> None:
    (line,) = labels.title_lines(Metadata(lang=lang, date="2024-03-04"))
    assert line.label + line.text == shown


def test_only_web_addresses_are_linked() -> None:
    (line,) = labels.title_lines(Metadata(lang="en", source_url="javascript:alert(1)"))
    assert line.text == "javascript:alert(1)"
    assert line.href == ""
    assert labels.title_lines(Metadata()) == ()


def test_people_with_what_they_are_and_where() -> None:
    authors = (Author("Mara Vogt", affiliation="University of X"), Author("Tom Reed", role="editor"), Author("Li", role="author"))
    lines = labels.title_lines(Metadata(authors=authors, lang="en"), ("authors", "affiliations"))
    assert [line.label + line.text for line in lines] == ["By: Mara Vogt, Tom Reed (editor), Li", "University of X"]
    assert labels.authors(Metadata(authors=authors)) == "Mara Vogt, Tom Reed, Li"


def test_series_doi_and_licence() -> None:
    metadata = Metadata(
        lang="de", doi="10.1000/xyz", license="https://creativecommons.org/licenses/by-nc-sa/4.0/deed.de", rights="Alle Rechte",
        series=Series("Hefte", "3"),
    )  # fmt: skip
    assert [(line.label + line.text, line.href) for line in labels.title_lines(metadata)] == [
        ("Reihe: Hefte, 3", ""),
        ("DOI: 10.1000/xyz", "https://doi.org/10.1000/xyz"),
        ("Lizenz: CC BY-NC-SA 4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/deed.de"),
    ]
    (line,) = labels.title_lines(Metadata(lang="en", rights="All rights reserved"), ("license", "date"))
    assert line.text == "All rights reserved"
    assert labels.title_lines(metadata, ("authors",)) == ()
