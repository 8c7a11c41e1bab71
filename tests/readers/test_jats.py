"""JATS: the front matter of a journal's article."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
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
    assert metadata.custom == {"issn": "1234-5678", "volume": "7", "license_text": ["x"]}
    assert markups.said(document) == "Abstract Of light. And of dark. First Plain text."


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.check_text(engines, conversion, "jats", "a.xml")
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt", "Li Wei"]
    assert markups.lost("jats", "a.xml", engines, conversion("pdf")) == ""


def article(body: str, back: str = "", front: str = "") -> str:
    return (
        "<article><front><article-meta><title-group><article-title>T</article-title></title-group>"
        f"{front}</article-meta></front><body>{body}</body><back>{back}</back></article>"
    )


def said(text: str, engines: Engines, conversion: markups.Recipe) -> str:
    document = markups.read(text, "a.jats", engines, conversion("pdf"))
    assert "text-missing" not in markups.codes(document)
    return markups.said(document)


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (
            "<label>7</label><mixed-citation><name><surname>Vogt</surname><given-names>A</given-names></name> "
            "(<year>1999</year>) <article-title>Of lamps</article-title>. <source>Harbour</source> <volume>2</volume>: "
            "<fpage>5</fpage>.</mixed-citation>",
            "7. Vogt A (1999) Of lamps. Harbour 2: 5.",
        ),
        (
            "<label>[7]</label><element-citation><person-group><name><surname>Vogt</surname><given-names>A</given-names></name>"
            "<name><surname>Li</surname><given-names>W</given-names></name><etal/></person-group><article-title>Of lamps"
            "</article-title><source>Harbour</source><year>1999</year><volume>2</volume><issue>3</issue><fpage>5</fpage>"
            '<lpage>9</lpage><pub-id pub-id-type="doi">10.1/x</pub-id></element-citation>',
            "[7] Vogt A, Li W, et al. (1999) Of lamps. Harbour 2 (3): 5–9. doi:10.1/x",
        ),
        ("<citation>Keepers of the North. <italic>Logbook</italic>, 1901.</citation>", "Keepers of the North. Logbook, 1901."),
    ],
)
def test_references(engines: Engines, conversion: markups.Recipe, reference: str, text: str) -> None:
    back = f'<ref-list><title>References</title><ref id="r7">{reference}</ref></ref-list>'
    body = '<p>As shown <xref ref-type="bibr" rid="r7">[7]</xref>.</p>'
    assert said(article(body, back), engines, conversion) == f"As shown [7]. References {text}"
    document = markups.read(article(body, back), "a.jats", engines, conversion("pdf"))
    assert "dead-internal-link" not in markups.codes(document)
    assert [node["c"][2][0] for node in pandoc_ast.query(document.blocks, {"Link"})] == ["#r7"]


def test_labels(engines: Engines, conversion: markups.Recipe) -> None:
    body = (
        "<sec><label>2</label><title>Ropes</title>"
        "<fig><label>Fig. 1</label><caption><title>A rope</title><p>On the quay.</p></caption><graphic/></fig>"
        "<table-wrap><label>Table 1</label><caption><p>Lengths.</p></caption><table><tr><td>9</td></tr></table></table-wrap>"
        "<boxed-text><label>Box 1</label><p>Tar.</p></boxed-text>"
        "<supplementary-material><label>Video 1</label><caption><p>A knot.</p></caption></supplementary-material></sec>"
    )
    wanted = "2 Ropes Fig. 1. A rope. On the quay. Table 1. Lengths. 9 Box 1. Tar. Video 1. A knot."
    assert said(article(body), engines, conversion) == wanted


def test_the_abstract_is_on_the_page(engines: Engines, conversion: markups.Recipe) -> None:
    front = "<abstract><sec><title>Aims</title><p>To see <italic>light</italic>.</p></sec></abstract>"
    front += "<trans-abstract><title>Résumé</title><p>Voir.</p></trans-abstract>"
    assert said(article("<p>Text.</p>", front=front), engines, conversion) == "Abstract Aims To see light. Résumé Voir. Text."


def test_notes_at_the_end_and_floats(engines: Engines, conversion: markups.Recipe) -> None:
    back = "<fn-group><title>Notes</title><fn><label>a</label><p>Paid by nobody.</p></fn></fn-group><ack><p>Thanks.</p></ack>"
    assert said(article("<p>Text.</p>", back), engines, conversion) == "Text. Notes a Paid by nobody. Thanks."


FRONT = """<contrib-group><contrib contrib-type="author"><name><surname>Vogt</surname><given-names>Ada</given-names>
<suffix>Jr</suffix></name><role>Drawing</role><xref ref-type="aff" rid="a1">1</xref><xref ref-type="fn" rid="con1"/></contrib>
<contrib contrib-type="author"><collab>Keepers<contrib-group><contrib><name><surname>Li</surname><given-names>Wei</given-names>
</name></contrib></contrib-group></collab></contrib><on-behalf-of>for the harbour</on-behalf-of>
<aff id="a1"><label>1</label><institution>North Bank</institution><country>Norway</country></aff></contrib-group>
<contrib-group content-type="editors"><contrib><name><surname>Held</surname><given-names>Ole</given-names></name>
<aff><institution>South Bank</institution></aff></contrib></contrib-group>
<author-notes><fn id="n1"><label>*</label><p>Equal work.</p></fn></author-notes><related-article related-article-type="reply"
xlink:href="10.1/r" xmlns:xlink="http://www.w3.org/1999/xlink"/><conference><conf-name>Lamp Days</conf-name></conference>
<permissions><copyright-statement>© Vogt</copyright-statement><copyright-holder>Vogt</copyright-holder><license><license-p>Free
to share.</license-p></license></permissions><kwd-group kwd-group-type="animals"><title>Animals</title><kwd>moth</kwd></kwd-group>
<funding-group><award-group><funding-source>Quay Fund</funding-source><award-id>Q7</award-id></award-group></funding-group>"""


def test_nothing_of_the_front_is_lost(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(article("<p>Text.</p>", front=FRONT), "a.jats", engines, conversion("pdf"))
    assert "text-missing" not in markups.codes(document)
    metadata = document.metadata
    assert [author.name for author in metadata.authors] == ["Ada Vogt Jr", "Keepers"]
    assert (metadata.authors[0].affiliation, metadata.license) == ("North Bank, Norway", "Free to share.")
    assert metadata.custom == {
        "contributors": [
            {"name": "Wei Li", "role": "member of Keepers"},
            {"name": "Ole Held", "affiliation": "South Bank", "role": "editors"},
        ],
        "contributions": ["Ada Vogt Jr: Drawing", "for the harbour"],
        "author_notes": ["* Equal work."],
        "funding": ["Quay Fund, Q7"],
        "keyword_groups": ["Animals: moth"],
        "related_articles": ["reply: 10.1/r"],
        "conference": ["Lamp Days"],
    }


def test_notes_that_only_the_front_refers_to(engines: Engines, conversion: markups.Recipe) -> None:
    back = '<fn-group><title>Shares</title><fn id="con1"><p>Drew the lamps.</p></fn></fn-group>'
    assert said(article("<p>Text.</p>", back, FRONT), engines, conversion) == "Text. Shares Drew the lamps."


def test_sub_articles(engines: Engines, conversion: markups.Recipe) -> None:
    stub = (
        "<front-stub><article-id pub-id-type='doi'>10.1/s</article-id><title-group><article-title>Letter</article-title>"
        "</title-group><contrib-group><contrib><name><surname>Held</surname><given-names>Ole</given-names></name>"
        "<role>Editor</role></contrib></contrib-group></front-stub>"
    )
    text = article("<sec><title>One</title><p>Text.</p></sec>")
    text = text.replace("</article>", f"<sub-article id='s'>{stub}<body><p>Dear Ada.</p></body></sub-article></article>")
    assert said(text, engines, conversion) == "One Text. Letter Ole Held, Editor doi: 10.1/s Dear Ada."


def test_permissions_and_foot_of_a_table(engines: Engines, conversion: markups.Recipe) -> None:
    body = (
        "<fig><caption><p>A rope.</p></caption><permissions><copyright-statement>© 2004, Vogt</copyright-statement>"
        "<copyright-year>2004</copyright-year><copyright-holder>Vogt</copyright-holder><license><license-p>Ask first."
        "</license-p></license></permissions></fig><table-wrap><table><tbody><tr><td>9</td></tr></tbody></table>"
        "<table-wrap-foot><fn><label>a</label><p>In metres.</p></fn></table-wrap-foot></table-wrap>"
    )
    assert said(article(body), engines, conversion) == "A rope. © 2004, Vogt Ask first. 9 a In metres."


def test_a_table_wider_by_spans_than_its_longest_row(engines: Engines, conversion: markups.Recipe) -> None:
    head = '<thead><tr><th rowspan="2">A</th><th colspan="4">B</th></tr>'
    head += '<tr><th colspan="2">C</th><th colspan="2">D</th></tr></thead>'
    rows = '<tbody><tr><td>1</td><td colspan="3">2</td><td>3</td></tr></tbody>'
    body = f"<table-wrap><table>{head}{rows}</table></table-wrap>"
    assert said(article(body), engines, conversion) == "A B C D 1 2 3"


def test_a_refusal_names_the_line(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(InvalidDocument) as refused:
        markups.read("<article>\n<body>\n<p>x</q></body></article>", "a.jats", engines, conversion("pdf"))
    assert refused.value.places[0].line == 3


def test_bombs(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(TooComplex):
        markups.read(
            "<article><body>" + "<sec>" * 300 + "</sec>" * 300 + "</body></article>", "a.jats", engines, conversion("pdf")
        )
    for broken in ("<article><body>", '<!DOCTYPE a [<!ENTITY x "y">]><article>&x;</article>', "no XML at all"):
        with pytest.raises(InvalidDocument):
            markups.read(broken, "a.jats", engines, conversion("pdf"))


def test_people_and_statements_of_the_front(engines: Engines, conversion: markups.Recipe) -> None:
    front = """<article-meta><title-group><article-title>T</article-title></title-group><contrib-group>
<contrib contrib-type="author"><name><surname>Vogt</surname><given-names>Ada</given-names></name><role>Ropes</role>
<xref ref-type="aff" rid="a1">1</xref></contrib>
<contrib contrib-type="editor"><name><surname>Li</surname><given-names>Wei</given-names></name><role>Editor</role></contrib>
</contrib-group><aff id="a1"><label>1</label>House of Lamps, Quay</aff><aff id="a2"><label>2</label>House of Tar</aff>
<author-notes><fn><p>Ada tied the ropes.</p></fn></author-notes>
<funding-group><funding-statement>Paid by the sea.</funding-statement>
</funding-group><history><date date-type="received"><day>3</day><month>5</month><year>2001</year></date></history>
<custom-meta-group><custom-meta><meta-name>Data</meta-name><meta-value>In the log.</meta-value></custom-meta></custom-meta-group>
</article-meta>"""
    text = f"<article><front>{front}</front><body><p>Lamps burn.</p></body></article>"
    metadata = markups.read(text, "a.jats", engines, conversion("pdf")).metadata
    assert [(author.name, author.affiliation) for author in metadata.authors] == [("Ada Vogt", "House of Lamps, Quay")]
    assert metadata.custom["contributors"] == [{"name": "Wei Li", "role": "Editor"}]
    assert metadata.custom["contributions"] == ["Ada Vogt: Ropes"]
    assert metadata.custom["affiliations"] == ["House of Tar"]
    assert metadata.custom["author_notes"] == ["Ada tied the ropes."]
    assert metadata.custom["funding"] == ["Paid by the sea."]
    assert metadata.custom["history"] == ["received 2001-05-03"]
    assert metadata.custom["statements"] == ["Data: In the log."]
