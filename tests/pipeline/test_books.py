"""Several articles as one book: over HTTP, as a job's source, and in this very process."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pytest
from lxml import etree
from PIL import Image

from schemas import options
from service import inspect
from service.containers.packages import pack
from service.conversion import driver
from service.engines import Engines
from service.model.document import Asset, Document, Source
from service.model.errors import InvalidFrontMatter, TooComplex, ValidationFailed
from service.pipeline import books, steps
from tests.writers.conftest import PICTURE
from tests.writers.conftest import epubcheck as epubcheck  # noqa: PLC0414 (a fixture)
from tests.writers.test_pdf_variants import failures

COLOPHON = Path(sys.executable).parent / "colophon"
FIRST = (
    "---\ntitle: First light\nauthor: Ada\nsource: The Lamp Post\ndate: 2024-01-02\nurl: https://e.example/1\n---\n\n"
    "# First light\n\nSee [below](#sub) and a note.[^1]\n\n## Sub\n\nText ![pic](img/a.png)\n\n[^1]: Note one.\n"
)
SECOND = (
    "---\ntitle: 第二章灯塔\nauthor: 陈灯\nsource: The Lamp Post\nfoo: {bar: 1}\n---\n\n"
    "## Sub\n\n正文在这里，看[下面](#sub)。 注[^1] ![pic](img/a.png)\n\n[^1]: Note two.\n"
)
Formats = Mapping[str, bytes]


def other_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 40), (10, 120, 60)).save(out, "PNG")
    return out.getvalue()


def sources() -> list[Source]:
    return [
        Source("b.md", FIRST.encode(), assets=(Asset("img/a.png", PICTURE.read_bytes()),)),
        Source("a.md", SECOND.encode(), assets=(Asset("./img/a.png", other_picture()),)),
    ]


def book(engines: Engines, source: Source, **given: object) -> Document:
    return steps.read(source, options.load(("epub",), {"combine": True, **given}), engines)


@pytest.fixture(scope="module")
def made(engines: Engines) -> Formats:
    conversion = options.load(("pdf", "epub", "docx"), {"combine": True, "toc": True, "metadata": {"title": "Two lights"}})
    document = steps.read(driver.gather(sources()), conversion, engines)
    return {target: steps.write(document, conversion, target, engines).data for target in conversion.to}


def test_order_is_the_given_one(engines: Engines) -> None:
    titles = [each["metadata"]["title"] for each in book(engines, driver.gather(sources())).chapters]
    assert titles == ["First light", "第二章灯塔"]


def test_zip_is_in_natural_order(engines: Engines) -> None:
    files = {f"{n}-x.md": f"---\ntitle: T{n}\n---\n\nText.\n".encode() for n in (10, 2, 1)}
    document = book(engines, Source("lights.zip", pack(files | {"metadata.yaml": b"title: Whole\nauthor: Ed\n"})))
    assert [each["metadata"]["title"] for each in document.chapters] == ["T1", "T2", "T10"]
    assert document.metadata.title == "Whole" and [each.name for each in document.metadata.authors] == ["Ed"]


def test_title_is_derived_with_a_notice(engines: Engines) -> None:
    document = book(engines, driver.gather(sources()))
    assert document.metadata.title == "First light (+1)"
    assert document.metadata.source_name == "The Lamp Post"
    assert document.notices[0].code == "title-missing"
    assert {each.data["chapter"] for each in document.notices if each.code == "title-heading-removed"} == {1}


def test_what_many_chapters_report_is_one_notice(engines: Engines) -> None:
    text = "# Heading {}\n\nThe keeper of the lamp writes in English about the harbour and the tide.\n"
    files = {f"{number}.md": text.format(number).encode() for number in range(1, 6)}
    document = book(engines, Source("site.zip", pack(files)))
    for code in ("title-missing", "lang-detected", "title-heading-removed"):
        (found,) = [each for each in document.notices if each.code == code and "chapters" in each.data]
        assert found.data["count"] == 5
        assert [each["source"] for each in found.data["chapters"]] == [f"{number}.md" for number in range(1, 6)]


def test_names_stay_apart(engines: Engines) -> None:
    document = book(engines, driver.gather(sources()))
    assert set(document.assets) == {"c1/img/a.png", "c2/img/a.png"}
    text = json.dumps(document.blocks, ensure_ascii=False)
    assert '"#c1-sub"' in text and '"#c2-sub"' in text and '"c1-sub"' in text and '"c2-sub"' in text


@pytest.mark.parametrize("target", ["pdf", "epub", "docx"])
def test_inspect_gives_it_all_back(target: str, made: Formats, engines: Engines) -> None:
    report = inspect.inspect(made[target])
    assert report["metadata"]["title"] == "Two lights"
    chapters = report["record"]["chapters"]
    assert [each["metadata"]["title"] for each in chapters] == ["First light", "第二章灯塔"]
    assert chapters[1]["front_matter"]["foo"] == {"bar": 1}
    source = inspect.extract_source(made[target])
    with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
        assert [archive.read(name).decode() for name in json.loads(archive.read("chapters.json"))] == [FIRST, SECOND]
    again = book(engines, Source("again.zip", source.data))
    assert [each["metadata"] for each in again.chapters] == [each["metadata"] for each in chapters]


def test_epub(made: Formats, epubcheck: Callable[..., dict[str, list[str]]], tmp_path: Path) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes(made["epub"])
    assert epubcheck([path]) == {str(path): []}
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert len([name for name in names if name.startswith("EPUB/media/")]) == 2
        nav = etree.fromstring(archive.read("EPUB/nav.xhtml"))
        second = archive.read("EPUB/text/ch003.xhtml").decode()
    lines = [text for text in ("".join(link.itertext()) for link in nav.iter("{*}a")) if text.strip()]
    assert [line for line in lines if line in ("First light", "Sub", "第二章灯塔")] == ["First light", "Sub", "第二章灯塔", "Sub"]
    assert "Note two" in second and "Note one" not in second and 'lang="zh-Hans"' in second


def test_pdf(made: Formats, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(made["pdf"])
    assert failures([f"ua1={path}"]) == {f"ua1={path}": []}
    with pikepdf.open(path) as file, file.open_outline() as outline:
        assert [each.title for each in outline.root[0].children] == ["First light", "第二章灯塔"]


def test_too_much_is_refused(engines: Engines) -> None:
    many = [Source(f"{n}.md", b"text") for n in range(books.MOST + 1)]
    with pytest.raises(TooComplex, match="exceed the limit of a book"):
        book(engines, Source("a.zip", pack({each.name: each.data for each in many})))


def test_one_article_is_a_book_of_one(engines: Engines) -> None:
    assert [each["metadata"]["title"] for each in book(engines, Source("a.md", FIRST.encode())).chapters] == ["First light"]


def test_command(tmp_path: Path) -> None:
    for name, text in (("b.md", FIRST), ("a.md", SECOND)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    argv = [COLOPHON, "convert", "b.md", "a.md", "--combine", "--to", "epub", "--out", "out", "--quiet", "--workers", "1"]
    subprocess.run(argv, check=True, cwd=tmp_path, timeout=120)
    report = inspect.inspect((tmp_path / "out" / "book.epub").read_bytes())
    assert [each["metadata"]["title"] for each in report["record"]["chapters"]] == ["First light", "第二章灯塔"]


def test_every_file_that_is_sent_is_a_chapter(engines: Engines) -> None:
    """In a zip plain text is a read-me more often than a chapter; what is sent alone is meant."""
    sent = [Source("a.md", b"# A\n\ntext"), Source("b.txt", b"B\n\ntext."), Source("c.csv", b"x,y\n1,2\n"), Source("d", b"# D")]
    names = [each["source"]["name"] for each in book(engines, driver.gather(sent)).chapters]
    assert [name.rsplit("/", 1)[-1] for name in names] == ["a.md", "b.txt", "c.csv", "d.md"]


def test_a_file_that_a_chapter_refers_to_is_no_chapter(engines: Engines) -> None:
    first = Source("a.md", b"# A\n\n[next](b.md)", assets=(Asset("b.md", b"# B\n\ntext"),))
    document = book(engines, driver.gather([first, Source("b.md", b"# B\n\ntext")]))
    assert [each["metadata"]["title"] for each in document.chapters] == ["A", "B"]


@pytest.mark.parametrize(
    ("name", "data"),
    [("./metadata.yaml", b"title: Whole\nauthor: Ed\n"), ("metadata.json", b'{"title": "Whole", "author": "Ed"}')],
)
def test_metadata_next_to_the_articles_is_of_the_whole(name: str, data: bytes, engines: Engines) -> None:
    about = (Asset(name, data),)
    document = book(engines, Source("book.zip", driver.gather(sources()).data, assets=about))
    assert document.metadata.title == "Whole" and [each.name for each in document.metadata.authors] == ["Ed"]
    assert document.chapters[0]["metadata"]["title"] == "First light"


@pytest.mark.parametrize("target", ["pdf", "epub", "docx"])
def test_a_book_of_ours_is_converted_again(target: str, made: Formats, engines: Engines) -> None:
    """With its title, chapters, and, where the artifact has them as they came, its pictures; without being asked to combine."""
    conversion = options.load(("epub",), {})
    document = steps.read(Source(f"lights.{target}", made[target]), conversion, engines)
    before, after = inspect.inspect(made[target])["record"], document
    assert [each.code for each in after.notices if each.code in ("source-reused", "title-missing")] == ["source-reused"]
    assert after.metadata.title == "Two lights" and after.reader == "combined"
    assert [each["metadata"] for each in after.chapters] == [each["metadata"] for each in before["chapters"]]
    assert set(after.assets) == (set() if target == "pdf" else {"c1/img/a.png", "c2/img/a.png"})
    again = options.load(("epub",), {"metadata": {"title": "Anew", "author": "Ed"}})
    renamed = steps.read(Source(f"lights.{target}", made[target]), again, engines).metadata
    assert renamed.title == "Anew" and [each.name for each in renamed.authors] == ["Ed"]


def test_a_book_of_ours_as_a_chapter_is_read_as_it_stands(made: Formats, engines: Engines) -> None:
    document = book(engines, driver.gather([Source("a.epub", made["epub"]), Source("b.md", b"# B\n\ntext")]))
    assert [each["metadata"]["title"] for each in document.chapters] == ["Two lights", "B"]
    assert "正文在这里" in json.dumps(document.blocks, ensure_ascii=False)


@pytest.mark.parametrize("given", [{"cover": "front.png"}, {"metadata": {"cover": "./front.png"}}])
def test_cover_by_name(given: Mapping[str, object], engines: Engines) -> None:
    packed = driver.gather(sources()).data
    upload = Source("book.zip", packed, assets=(Asset("front.png", PICTURE.read_bytes()), Asset("other.png", other_picture())))
    document = book(engines, upload, **given)
    artifact = steps.write(document, options.load(("epub",), {"combine": True, **given}), "epub", engines)
    assert "image-missing" not in [each.code for each in artifact.notices]
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as archive:
        assert archive.read("EPUB/media/cover.png") == PICTURE.read_bytes()


@pytest.mark.parametrize("words", ["auto", "first"])
def test_a_word_for_the_cover_leaves_the_one_of_the_metadata(words: str, engines: Engines) -> None:
    packed = driver.gather(sources()).data
    upload = Source("book.zip", packed, assets=(Asset("front.png", PICTURE.read_bytes()),))
    given = {"cover": words, "metadata": {"cover": "front.png"}}
    assert book(engines, upload, **given).assets["front.png"].data == PICTURE.read_bytes()


@pytest.mark.parametrize("source", [driver.gather(sources()), sources()[0]])
def test_a_named_cover_that_is_not_there_is_refused(source: Source, engines: Engines) -> None:
    with pytest.raises(ValidationFailed) as caught:
        book(engines, source, cover="none.png")
    assert [place.pointer for place in caught.value.places] == ["/cover"]


def test_a_book_of_one_finds_its_cover(engines: Engines) -> None:
    upload = Source("a.md", FIRST.encode(), assets=(Asset("front.png", PICTURE.read_bytes()),))
    assert book(engines, upload, cover="./front.png").assets["./front.png"].data == PICTURE.read_bytes()


def test_a_refusal_names_the_chapter(engines: Engines) -> None:
    """Its places keep their lines, which are those of the chapter."""
    broken = Source("two.md", b"---\ntitle: a: b\n---\n\ntext\n")
    with pytest.raises(InvalidFrontMatter) as caught:
        book(engines, driver.gather([Source("one.md", b"# One\n\ntext"), broken]), strict=True)
    assert caught.value.detail.startswith("Chapter 2, two.md: ")
    assert caught.value.places[0].line == 2 and caught.value.extra["chapter"] == 2
