"""The count of letters: what is in the upload and not in the document is reported with its place, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.ast.pandoc_ast import header, para, words
from service.engines import Engines
from service.model.blocks import Blocks
from service.model.document import Document, Metadata, Notice, Source
from service.pipeline import steps
from service.readers.shared import letters
from service.readers.shared.letters import Passage
from tests.readers import markups

PLACES = ["The lamp burns all night.", "Nobody keeps it any more.", "Ships pass far out at sea."]


def document(*paragraphs: str, **fields: object) -> Document:
    blocks = Blocks([para(words(each)) for each in paragraphs])
    return Document(Metadata(**fields), blocks, Source("a.txt", b""))  # type: ignore[arg-type]


def reported(given: list[str], found: Document, recipe: markups.Recipe) -> list[Notice]:
    passages = [Passage(text, number) for number, text in enumerate(given, 1)]
    return list(letters.checked(found, recipe("epub"), lambda *_: passages).notices)


def test_nothing_is_reported_where_all_is_there(conversion: markups.Recipe) -> None:
    assert reported(PLACES, document(*PLACES), conversion) == []
    assert reported(PLACES, document(*reversed(PLACES)), conversion) == []
    assert reported(["The l", "amp burns all night."], document(PLACES[0]), conversion) == []
    assert reported(["Café, naïve", "ﬁre"], document("Cafe\u0301, nai\u0308ve", "fire"), conversion) == []


def test_a_missing_passage_is_named_with_its_line(conversion: markups.Recipe) -> None:
    (notice,) = reported(PLACES, document(PLACES[0], PLACES[2]), conversion)
    assert (notice.code, notice.severity, notice.line) == ("text-missing", "warning", 2)
    assert notice.data == {"missing": 20, "letters": 60, "passage": PLACES[1]}
    assert "20 of 60 letters" in notice.message and PLACES[1] in notice.message


def test_a_long_passage_is_never_missing_in_silence(conversion: markups.Recipe) -> None:
    many = [f"Line {number} of a long text about lamps and the sea." for number in range(2_000)]
    lost = "Quiet harbours fill with boats when autumn storms arrive, "
    lost += "and every quay smells of tar, of rope, of fish and of old wood once again."
    (notice,) = reported([*many[:700], lost, *many[700:]], document(*many), conversion)
    assert notice.line == 701
    assert reported([*many, "Quay"], document(*many), conversion) == []


def test_chinese_is_compared_letter_by_letter(conversion: markups.Recipe) -> None:
    given = ["灯塔整夜亮着。", "没有人再看守它了。", "船只在远处的海上驶过。"]
    assert reported(given, document("".join(given)), conversion) == []
    (notice,) = reported(given, document(given[0], given[2]), conversion)
    assert notice.line == 2


def test_metadata_and_what_notices_list_count(conversion: markups.Recipe) -> None:
    assert reported(PLACES, document(*PLACES[1:], title=PLACES[0]), conversion) == []
    found = document(*PLACES[1:])
    listed = Notice("title-heading-removed", "x", data={"removed": [PLACES[0]]})
    with_notice = Document(found.metadata, found.blocks, found.source, notices=(listed,))
    assert reported(PLACES, with_notice, conversion) == [listed]


def test_raw_markup_that_no_writer_shows_does_not_count(conversion: markups.Recipe) -> None:
    raw = {"t": "RawBlock", "c": ["latex", PLACES[1]]}
    found = Document(Metadata(), Blocks([header(1, words(PLACES[0])), raw]), Source("a.tex", b""))
    assert [each.line for each in reported(PLACES[:2], found, conversion)] == [2]


def test_xml_is_read_without_the_elements_of_metadata() -> None:
    data = '<a xmlns:m="x"><m:info>hidden <b>too</b></m:info>\n<p>one</p>\n<p>two &amp; three</p></a>'
    assert list(letters.of_xml(data, skipped={"info"})) == [("one", 2, ""), ("two & three", 3, "")]
    assert [each.text for each in letters.of_xml(data, "word/document.xml", only={"b"})] == ["too"]
    assert [each.text for each in letters.of_xml("<a><p>one</p><p>broken")] == ["one"]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.md", "---\ntitle: x\n---\n\n# First\n\nA lamp.\n", None),
        ("a.md", "Go to [the shore](https://a.example/very/long/address/of/the/page) `now`.[^1]\n\n[^1]: A note.\n", None),
        ("a.md", "```python\nprint(1)\n```\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| c | d |\n", None),
        ("a.html", "<html><head><title>t</title><script>var code = 1;</script></head><body><p>A lamp.<p>Two", None),
        ("a.txt", "A lamp.\n\nTwo lamps.\n", None),
        ("a.csv", 'a,b\n"c ""d""",e\n', None),
    ],
)
def test_sound_texts(engines: Engines, conversion: markups.Recipe, name: str, text: str, line: int | None) -> None:
    found = steps.read(Source(name, text.encode()), conversion("epub"), engines)
    assert [each.line for each in found.notices if each.code == "text-missing"] == [line] * (line is not None)


@pytest.mark.parametrize("target", ["html", "docbook5", "jats", "ipynb", "markdown"])
def test_pandocs_own_files_give_no_warning(engines: Engines, conversion: markups.Recipe, target: str) -> None:
    name = {"docbook5": "a.dbk", "markdown": "a.md"}.get(target, f"a.{target}")
    found = markups.read(markups.made(target), name, engines, conversion("epub"))
    assert "text-missing" not in markups.codes(found)


def test_real_articles_give_no_warning(engines: Engines, conversion: markups.Recipe, corpus: list[Path]) -> None:
    wrong = [
        path.name
        for path in corpus[::8]
        if "text-missing" in markups.codes(markups.read(path.read_bytes(), path.name, engines, conversion("epub")))
    ]
    assert wrong == []
