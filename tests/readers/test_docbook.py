"""DocBook 4 and 5: the info, and inclusions that are not followed."""

from __future__ import annotations

import pytest

from service.engines import Engines
from tests.readers import markups

ARTICLE = """<?xml version="1.0"?>
<article xmlns="http://docbook.org/ns/docbook" xmlns:xi="http://www.w3.org/2001/XInclude" version="5.0" xml:lang="en"><info>
<title>Lamps at sea</title><subtitle>A history</subtitle>
<author>
<personname><firstname>Ada</firstname><surname>Vogt</surname></personname>
<email>ada@lamps.example</email></author><pubdate>2024-11-02</pubdate><abstract><para>Of light.</para></abstract>
<keywordset><keyword>lamps</keyword><keyword>sea</keyword></keywordset>
<publisher><publishername>North Bank</publishername></publisher>
<copyright><year>2024</year><holder>Ada Vogt</holder></copyright><biblioid class="doi">10.1234/lamps</biblioid>
<releaseinfo>draft</releaseinfo></info>
<section><title>First</title><para>Plain text.</para><xi:include href="/etc/passwd" parse="text"/></section></article>"""


def test_info(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(ARTICLE, "a.xml", engines, conversion("pdf"))
    metadata = document.metadata
    assert document.reader == "docbook"
    assert (metadata.title, metadata.subtitle, metadata.date, metadata.lang) == ("Lamps at sea", "A history", "2024-11-02", "en")
    assert [(author.name, author.email) for author in metadata.authors] == [("Ada Vogt", "ada@lamps.example")]
    assert (metadata.keywords, metadata.publisher, metadata.doi) == (("lamps", "sea"), "North Bank", "10.1234/lamps")
    assert (metadata.description, metadata.rights) == ("Of light.", "© 2024 Ada Vogt")
    assert metadata.custom == {"releaseinfo": "draft"}
    assert [each.data["file"] for each in document.notices if each.code == "include-ignored"] == ["/etc/passwd"]
    assert markups.said(document) == "First Plain text."


@pytest.mark.parametrize("target", ["docbook4", "docbook5"])
def test_pandocs_own(engines: Engines, conversion: markups.Recipe, target: str) -> None:
    document = markups.check_text(engines, conversion, target, "a.dbk")
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt", "Li Wei"]
    assert markups.lost(target, "a.dbk", engines, conversion("pdf")) == ""


@pytest.mark.parametrize("above", ["", "<!-- lamps -->\n<!DOCTYPE article>\n"])
def test_a_doctype_in_the_text_stays(engines: Engines, conversion: markups.Recipe, above: str) -> None:
    listing = "<programlisting><![CDATA[<!DOCTYPE html>\n<p>Light.</p>]]></programlisting>"
    text = f'<?xml version="1.0"?>\n{above}<article><title>Lamps</title><section><title>One</title>{listing}</section></article>'
    document = markups.read(text, "a.dbk", engines, conversion("pdf"))
    assert "<!DOCTYPE html>" in markups.said(document)
