"""Round trips: an artifact of this service is converted again from the article that it carries, unless someone edited it."""

from __future__ import annotations

import pytest

from service.ast import pandoc_ast
from service.containers import packages
from service.engines import Engines
from service.model.document import Asset, Source
from service.model.errors import UnsupportedFormat
from service.model.settings import Settings
from service.passes.title import key
from service.pipeline import own_artifacts, steps
from tests.readers import markups, office

ARTICLE = b"---\ntitle: Lamps\nlang: en\nshelf: {row: 2}\n---\n\nText with *marks*.\n\n![A lamp](a%20lamp.png)\n"


def made(engines: Engines, conversion: markups.Recipe, target: str, **options: object) -> bytes:
    recipe = conversion(target, metadata={"title": "Lamps again", "authors": ["Ada Vogt"], "year": 7}, **options)
    source = Source("a.md", ARTICLE, assets=(Asset("a lamp.png", office.PICTURE.read_bytes()),))
    return steps.write(steps.read(source, recipe, engines), recipe, target, engines).data


@pytest.mark.parametrize("target", ["pdf", "epub", "docx"])
def test_the_article_is_read_with_what_the_request_said(engines: Engines, conversion: markups.Recipe, target: str) -> None:
    document = steps.read(Source(f"b.{target}", made(engines, conversion, target)), conversion("epub"), engines)
    assert (document.reader, document.source.name, document.source.data) == ("markdown", "b.md", ARTICLE)
    assert (document.metadata.title, document.metadata.authors[0].name) == ("Lamps again", "Ada Vogt")
    assert document.metadata.custom == {"shelf": {"row": 2}, "year": 7}
    assert "source-reused" in markups.codes(document)
    if target != "pdf":  # whose pictures cannot be distinguished from what is printed
        artifact = steps.write(document, conversion("epub"), "epub", engines)
        assert office.PICTURE.read_bytes() in packages.unpack(artifact.data).values()
        assert "image-missing" not in {each.code for each in artifact.notices}


@pytest.mark.parametrize("target", ["pdf", "epub", "docx"])
def test_an_upload_is_looked_into_once(
    engines: Engines, conversion: markups.Recipe, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, seen, of = made(engines, conversion, target), [], own_artifacts.of

    def counted(upload: Source, declared: str, settings: Settings) -> own_artifacts.Artifact | None:
        seen.append(upload.name)
        return of(upload, declared, settings)

    monkeypatch.setattr(own_artifacts, "of", counted)
    steps.read(Source(f"b.{target}", data), conversion("epub"), engines)
    assert seen == [f"b.{target}"]


@pytest.mark.parametrize(("target", "part"), [("docx", "word/document.xml"), ("epub", "EPUB/text/article.xhtml")])
def test_an_edited_text_wins(engines: Engines, conversion: markups.Recipe, target: str, part: str) -> None:
    parts = packages.unpack(made(engines, conversion, target))
    name = (
        part if part in parts else next(name for name in parts if name.startswith("EPUB/text/") and b"Text with" in parts[name])
    )
    parts[name] = parts[name].replace(b"Text", b"Words")
    stored = frozenset({"mimetype"})
    document = markups.read(packages.pack(parts, stored), f"b.{target}", engines, conversion("pdf"))
    assert document.reader == target
    assert "Words with marks." in markups.said(document)
    assert "source-outdated" in markups.codes(document)
    assert document.metadata.custom["shelf"] == {"row": 2}


def test_edited_properties_win(engines: Engines, conversion: markups.Recipe) -> None:
    parts = packages.unpack(made(engines, conversion, "docx"))
    parts["docProps/core.xml"] = parts["docProps/core.xml"].replace(b"Lamps again", b"Other lamps")
    document = markups.read(packages.pack(parts), "b.docx", engines, conversion("pdf"))
    assert (document.metadata.title, document.metadata.custom["shelf"]) == ("Other lamps", {"row": 2})


def test_who_names_the_reader_gets_the_text(engines: Engines, conversion: markups.Recipe) -> None:
    data = made(engines, conversion, "docx")
    document = steps.read(Source("b.docx", data), conversion("pdf", reader="docx"), engines)
    assert (document.reader, markups.codes(document) & {"source-reused", "source-outdated"}) == ("docx", set())


@pytest.mark.parametrize("options", [{"embed_source": False}, {"pdf_variant": "pdf/a-2b"}])
def test_a_pdf_without_its_article_is_refused(engines: Engines, conversion: markups.Recipe, options: dict[str, object]) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        markups.read(made(engines, conversion, "pdf", **options), "b.pdf", engines, conversion("epub"))
    assert "without an embedded article" in caught.value.detail


def test_again_and_again_it_is_the_same(engines: Engines, conversion: markups.Recipe) -> None:
    first = steps.read(Source("b.pdf", made(engines, conversion, "pdf")), conversion("pdf"), engines)
    recipe = conversion("pdf")
    again = steps.read(Source("c.pdf", steps.write(first, recipe, "pdf", engines).data), recipe, engines)
    assert again.metadata == first.metadata
    assert pandoc_ast.text(again.blocks) == pandoc_ast.text(first.blocks)
    assert key(again.metadata.title) == "lampsagain"
