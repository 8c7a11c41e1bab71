"""DocBook 4 and 5: the info, and inclusions that are not followed."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.model.errors import InvalidDocument
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
    assert markups.said(document) == "Abstract Of light. First Plain text."


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


def docbook(body: str, info: str = "") -> str:
    return f'<article xmlns="http://docbook.org/ns/docbook" version="5.0"><info><title>T</title>{info}</info>{body}</article>'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            '<informaltable><tgroup cols="1"><tbody><row><entrytbl cols="1"><tbody><row><entry>Rope</entry></row></tbody>'
            "</entrytbl></row></tbody></tgroup></informaltable>",
            "Rope",
        ),
        (
            '<informaltable><tgroup cols="1"><colspec/><tbody><row><entry>a</entry><entry>Tar</entry></row></tbody></tgroup>'
            "</informaltable>",
            "a Tar",
        ),
        (
            "<bibliography><biblioentry><abbrev>V1</abbrev><title>Of lamps</title><author><personname><firstname>Ada</firstname>"
            "<surname>Vogt</surname></personname></author><pubdate>1999</pubdate></biblioentry></bibliography>",
            "Bibliography [V1] Ada Vogt. Of lamps. 1999",
        ),
        (
            '<para>See <xref linkend="v"/>.</para><bibliography><title>Works</title><bibliomixed xml:id="v"><abbrev>V1</abbrev>'
            "<author><firstname>Ada</firstname><surname>Vogt</surname></author>, <title>Of lamps</title>."
            "</bibliomixed></bibliography>",
            "See [V1]. Works [V1] Ada Vogt, Of lamps.",
        ),
        ("<procedure><title>To moor</title><step><title>First</title><para>Tie.</para></step></procedure>", "To moor First Tie."),
        (
            '<informaltable><tgroup cols="1"><tfoot><row><entry>Sum</entry></row></tfoot><tbody><row><entry>Rope</entry></row>'
            "</tbody></tgroup></informaltable>",
            "Rope Sum",
        ),
        (
            "<glossary><title>Words</title><glossdiv><title>L.</title><glossentry><glossterm>Lamp</glossterm><glossdef>"
            "<para>A light.</para></glossdef></glossentry></glossdiv></glossary>",
            "Words L.Lamp A light.",
        ),
        (
            '<informalfigure><mediaobject><imageobject><imagedata fileref="a.png"/></imageobject><caption><para>A lamp.</para>'
            "</caption></mediaobject></informalfigure>",
            "A lamp.",
        ),
        ("<note><info><title>Mind</title></info><para>Tar burns.</para></note>", "Mind Tar burns."),
        ("<example><info><title>Mooring</title></info><para>Tie.</para></example>", "Mooring Tie."),
        ("<orderedlist><para>Take these:</para><listitem><para>tar</para></listitem></orderedlist>", "Take these: tar"),
        (
            "<informaltable><colgroup><col/></colgroup><tfoot><tr><td>sum</td></tr></tfoot><tbody><tr><td>tar</td><td>rope</td></tr>"
            "</tbody></informaltable>",
            "tar rope sum",
        ),
        ("<equation><title>A law</title><mathphrase>a=b</mathphrase></equation>", "A law a=b"),
        ("<dedication><title>To all</title><para>Keepers.</para></dedication>", "To all Keepers."),
    ],
)
def test_nothing_is_passed_over(engines: Engines, conversion: markups.Recipe, body: str, text: str) -> None:
    document = markups.read(docbook(body), "a.dbk", engines, conversion("pdf"))
    assert markups.said(document) == text
    assert not {"text-missing", "dead-internal-link"} & markups.codes(document)


def test_the_abstract_is_on_the_page(engines: Engines, conversion: markups.Recipe) -> None:
    text = docbook("<para>Text.</para>", "<abstract><para>Of light.</para></abstract>")
    document = markups.read(text, "a.dbk", engines, conversion("pdf"))
    assert (markups.said(document), document.metadata.description) == ("Abstract Of light. Text.", "Of light.")


def test_the_abstract_keeps_its_title(engines: Engines, conversion: markups.Recipe) -> None:
    info = "<abstract><title>In short</title><para>Of light.</para></abstract>"
    document = markups.read(docbook("<para>Lamps burn.</para>", info), "a.dbk", engines, conversion("pdf"))
    assert markups.said(document) == "In short Of light. Lamps burn."


def test_entities_are_refused_with_their_line(engines: Engines, conversion: markups.Recipe) -> None:
    text = '<?xml version="1.0"?>\n<!DOCTYPE article [\n<!ENTITY a "lamp">\n]>\n<article><para>&a;</para></article>'
    with pytest.raises(InvalidDocument) as refused:
        markups.read(text, "a.dbk", engines, conversion("pdf"))
    assert [place.line for place in refused.value.places] == [3]


INFO = """<info><title>Ropes</title><author><personname><honorific>Dr</honorific><firstname>Ada</firstname><surname>Vogt</surname>
</personname><affiliation><jobtitle>Keeper</jobtitle><orgname>North Bank</orgname></affiliation><personblurb>
<para>Born at sea.</para></personblurb></author>
<othercredit class="translator"><personname>Li Wei</personname><contrib>From the Norse</contrib></othercredit>
<copyright><year>2001</year><holder>Vogt</holder></copyright><copyright><year>2002</year><holder>Li</holder></copyright>
<revhistory><revision><revnumber>2</revnumber><date>2002-03-04</date><revremark>More tar</revremark></revision></revhistory>
<productname>Lamp</productname><bibliomisc>Found in a bottle</bibliomisc></info>"""


def test_nothing_of_the_front_is_lost(engines: Engines, conversion: markups.Recipe) -> None:
    text = f'<article xmlns="http://docbook.org/ns/docbook">{INFO}<para>Text.</para></article>'
    document = markups.read(text, "a.dbk", engines, conversion("pdf"))
    assert "text-missing" not in markups.codes(document)
    metadata = document.metadata
    assert [(each.name, each.affiliation) for each in metadata.authors] == [("Dr Ada Vogt", "Keeper, North Bank")]
    assert metadata.rights == "© 2001 Vogt; © 2002 Li"
    custom = {key: value for key, value in metadata.custom.items() if key not in ("modified", "version")}
    assert custom == {
        "contributors": [{"name": "Li Wei", "role": "translator"}],
        "history": ["2 2002-03-04 More tar"],
        "about_authors": ["Born at sea."],
        "contributions": ["From the Norse"],
        "productname": ["Lamp"],
        "bibliomisc": ["Found in a bottle"],
    }


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (
            "<glosslist><glossentry><glossterm>Tar</glossterm><acronym>T</acronym><glossdef><para>Sticky.</para><glossseealso>Pitch"
            "</glossseealso></glossdef></glossentry><glossentry><glossterm>Pitch</glossterm><glosssee>Tar</glosssee></glossentry>"
            "</glosslist>",
            "Tar (T) Sticky. See also Pitch. Pitch See Tar.",
        ),
        (
            "<index><title>Index</title><indexdiv><title>R</title><indexentry><primaryie>Rope, 3</primaryie><secondaryie>wet, 4"
            "</secondaryie></indexentry></indexdiv></index>",
            "Index R Rope, 3, wet, 4",
        ),
        ("<para>Text.</para><index/>", "Text."),
        (
            '<table><title>Ropes</title><tgroup cols="1"><tbody><row><entry>9</entry></row></tbody></tgroup>'
            "<caption><para>In metres.</para></caption></table>",
            "Ropes 9 In metres.",
        ),
        ('<para>See <xref linkend="far"/>.</para>', "See [far]."),
    ],
)
def test_lists_and_references(engines: Engines, conversion: markups.Recipe, body: str, shown: str) -> None:
    text = f'<article xmlns="http://docbook.org/ns/docbook"><title>T</title><para>A.</para>{body}</article>'
    document = markups.read(text, "a.dbk", engines, conversion("pdf"))
    assert markups.said(document).replace(".Tar", ". Tar").replace(".Pitch", ". Pitch") == f"A. {shown}"


@pytest.mark.parametrize("name", ["table", "procedure", "mediaobject", "itemizedlist", "glossentry", "index", "biblioentry"])
def test_any_element_at_the_top(engines: Engines, conversion: markups.Recipe, name: str) -> None:
    text = f"<{name}><title>Rope</title><caption><para>Tar.</para></caption><para>Sail.</para></{name}>"
    assert markups.read(text, "a.dbk", engines, conversion("pdf")).reader == "docbook"


@pytest.mark.parametrize(
    ("inside", "entries"),
    [
        ("<para>Sand<indexterm><primary>Dune</primary><secondary>low</secondary></indexterm>.</para>", ["Dune, low"]),
        ("<para>Sand<indexterm><primary>Dune</primary><see>Hill</see></indexterm>.</para>", ["Dune, Hill"]),
        ("<section><title>Long</title><titleabbrev>Short</titleabbrev><para>Sand.</para></section>", ["Short"]),
        ("<table><title>Long</title><titleabbrev>Short</titleabbrev><tgroup cols='1'><tbody>"
         "<row><entry>Sand.</entry></row></tbody>"
         "</tgroup></table>", ["Short"]),
    ],
)  # fmt: skip
def test_index_entries_and_short_titles_are_reported(
    inside: str, entries: list[str], engines: Engines, conversion: markups.Recipe
) -> None:
    document = markups.read(f"<article><title>T</title>{inside}</article>", "a.dbk", engines, conversion("pdf"))
    assert [each.data["entries"] for each in document.notices if each.code == "index-entry-removed"] == [entries]
    assert "Sand" in markups.said(document) and entries[0] not in markups.said(document)
    assert "text-missing" not in markups.codes(document)


@pytest.mark.parametrize(
    "part",
    [
        "<section><title>Dunes</title><subtitle>Of sand</subtitle><para>Text.</para></section>",
        "<section><info><title>Dunes</title><subtitle>Of sand</subtitle></info><para>Text.</para></section>",
        "<chapter><title>Dunes</title><subtitle>Of sand</subtitle><para>Text.</para></chapter>",
    ],
)
def test_subtitles_of_parts(part: str, engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(f"<book><title>T</title><subtitle>Own</subtitle>{part}</book>", "a.dbk", engines, conversion("pdf"))
    assert document.metadata.subtitle == "Own"
    assert markups.said(document) == "Dunes Of sand Text."
