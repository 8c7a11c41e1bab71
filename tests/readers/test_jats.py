"""JATS: the front matter of a journal's article."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.model.errors import InvalidDocument, TooComplex
from tests.readers import markups

ARTICLE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) Journal Publishing DTD v1.2//EN" "JATS-journalpublishing1.dtd">
<article article-type="research-article" xml:lang="en" xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title-group><journal-title>Of Light</journal-title></journal-title-group><issn>1234-5678</issn>
<publisher><publisher-name>North Bank</publisher-name></publisher></journal-meta>
<article-meta><article-id pub-id-type="doi">10.1234/lamps</article-id>
<article-categories><subj-group><subject>Optics</subject></subj-group></article-categories>
<title-group><article-title>Lamps <italic>at</italic>&nbsp;sea</article-title><subtitle>A history</subtitle></title-group>
<contrib-group><contrib contrib-type="author">
<contrib-id contrib-id-type="orcid">https://orcid.org/0000-0002-1825-0097</contrib-id>
<name><surname>Vogt</surname><given-names>Ada</given-names></name><email>ada@lamps.example</email></contrib>
<contrib contrib-type="author"><collab>The Keepers</collab></contrib></contrib-group>
<pub-date date-type="pub"><day>2</day><month>11</month><year>2024</year></pub-date><volume>7</volume>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"><p>x</p></license></permissions>
<abstract><p>Of light.</p><p>And of dark.</p></abstract><kwd-group><kwd>lamps</kwd><kwd>sea</kwd></kwd-group>
</article-meta></front>
<body><sec><title>First</title><p>Plain text.</p></sec></body></article>"""


def test_front(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.xml", engines, conversion("pdf"))
    metadata = document.metadata
    assert document.reader == "jats"
    assert (metadata.title, metadata.subtitle, metadata.date, metadata.lang) == ("Lamps at sea", "A history", "2024-11-02", "en")
    assert [author.name for author in metadata.authors] == ["Ada Vogt", "The Keepers"]
    assert (metadata.authors[0].orcid, metadata.authors[0].email) == ("0000-0002-1825-0097", "ada@lamps.example")
    assert (metadata.doi, metadata.source_name, metadata.publisher) == ("10.1234/lamps", "Of Light", "North Bank")
    assert (metadata.keywords, metadata.categories) == (("lamps", "sea"), ("Optics",))
    assert metadata.description == "Of light.\n\nAnd of dark."
    assert metadata.license == "https://creativecommons.org/licenses/by/4.0/"
    assert metadata.custom == {"issn": "1234-5678", "volume": "7"}
    assert markups.said(document) == "First Plain text."


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.check_text(engines, conversion, "jats", "a.xml")
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt", "Li Wei"]
    assert markups.lost("jats", "a.xml", engines, conversion("pdf")) == ""


def test_bombs(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(TooComplex):
        markups.read(
            "<article><body>" + "<sec>" * 300 + "</sec>" * 300 + "</body></article>", "a.jats", engines, conversion("pdf")
        )
    for broken in ("<article><body>", '<!DOCTYPE a [<!ENTITY x "y">]><article>&x;</article>', "no XML at all"):
        with pytest.raises(InvalidDocument):
            markups.read(broken, "a.jats", engines, conversion("pdf"))
