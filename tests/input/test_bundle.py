"""Bundles: what is picked, what is kept, what is refused before it is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Mapping

import pytest

from service.input.bundle import ignored, unbundle
from service.model.document import Asset, Source
from service.model.errors import AmbiguousArticle, ArchiveTooLarge, InvalidArchive, NoArticle, UnsafeArchive
from service.model.references import Uploads
from service.model.settings import Settings

SUFFIXES = (".md", ".html", ".txt")
LIMITS = Settings(bundle_entries=50, bundle_unpacked=5_000_000)


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, data)
    return target.getvalue()


def opened(data: bytes, settings: Settings = LIMITS) -> Source:
    return unbundle(Source("upload.zip", data, "application/zip"), settings, SUFFIXES)


@pytest.mark.parametrize(
    ("names", "article"),
    [
        (["article.md", "other.md"], "article.md"),
        (["post/index.md", "post/a.png", "post/notes.md"], "index.md"),
        (["a/article.md", "article.html"], "article.html"),
        (["Article.MD"], "Article.MD"),
        (["标题.md", "a.png"], "标题.md"),
        (["x.md", "LICENSE.txt"], "x.md"),
        (["only.txt"], "only.txt"),
        (["x.md", "__MACOSX/._x.md", "__MACOSX/x.md", ".DS_Store"], "x.md"),
    ],
)
def test_which_file_is_the_article(names: list[str], article: str) -> None:
    source = opened(packed({name: name.encode() for name in names}))
    assert source.name == article
    assert source.data.decode().endswith(article)
    assert source.media_type == ""


def test_the_rest_are_assets_named_from_the_articles_folder() -> None:
    source = opened(packed({"p/article.md": b"x", "p/img/a.png": b"1", "p/b.png": b"2", "c.png": b"3", "p/": b""}))
    assert {asset.name: asset.data for asset in source.assets} == {"img/a.png": b"1", "b.png": b"2", "../c.png": b"3"}


def test_uploaded_assets_stay() -> None:
    source = Source("u.zip", packed({"a.md": b"x", "b.png": b"2"}), assets=(Asset("c.png", b"3"),))
    assert [asset.name for asset in unbundle(source, LIMITS, SUFFIXES).assets] == ["c.png", "b.png"]


@pytest.mark.parametrize("data", [b"# text", b"", b"%PDF-1.7", packed({"[Content_Types].xml": b"", "word/document.xml": b""}),
                                  packed({"mimetype": b"application/epub+zip"}, zipfile.ZIP_STORED)])  # fmt: skip
def test_what_is_no_bundle_comes_back_as_it_is(data: bytes) -> None:
    source = Source("a.bin", data)
    assert unbundle(source, LIMITS, SUFFIXES) is source


@pytest.mark.parametrize(
    "name",
    ["../x.md", "a/../../x.md", "/etc/x.md", "C:/x.md", "a\\x.md", "a//x.md", "./x.md", "a\nb.md", "x" * 1_001],
)
def test_unsafe_names(name: str) -> None:
    with pytest.raises(UnsafeArchive):
        opened(packed({"article.md": b"x", name: b"y"}))


def test_nul_in_a_name() -> None:
    data = packed({"article.md": b"x", "bZmd": b"y"}).replace(b"bZmd", b"b\0md")
    with pytest.raises(UnsafeArchive):
        opened(data)


@pytest.mark.parametrize("names", [["a.md", "A.md"], ["\u00e9.md", "e\u0301.md"], ["b", "b/"]])
def test_names_that_are_the_same(names: list[str]) -> None:
    with pytest.raises(UnsafeArchive, match="twice"):
        opened(packed(dict.fromkeys(names, b"")))


def test_links() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("article.md")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, b"/etc/passwd")
    with pytest.raises(UnsafeArchive, match="link"):
        opened(target.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods(method: int) -> None:
    with pytest.raises(UnsafeArchive, match="deflate"):
        opened(packed({"article.md": b"x"}, method))


def test_encrypted() -> None:
    data = bytearray(packed({"article.md": b"x"}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, central + 8, 1)
    with pytest.raises(UnsafeArchive, match="encrypted"):
        opened(bytes(data))


def test_too_much() -> None:
    with pytest.raises(ArchiveTooLarge, match="entries"):
        opened(packed({f"{number}.md": b"" for number in range(51)}))
    with pytest.raises(ArchiveTooLarge, match="bytes"):
        opened(packed({f"{number}.md": bytes(900_000) for number in range(6)}))
    with pytest.raises(ArchiveTooLarge, match="times"):
        opened(packed({"a.md": bytes(4_000_000)}))


def test_a_directory_that_lies_about_sizes() -> None:
    data = bytearray(packed({"a.md": bytes(3_000_000)}))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 10)
    with pytest.raises(InvalidArchive):
        opened(bytes(data))


@pytest.mark.parametrize("cut", [10, 60, -1, -30])
def test_damaged(cut: int) -> None:
    with pytest.raises(InvalidArchive):
        opened(packed({"article.md": b"x" * 500})[:cut])


def test_damaged_content() -> None:
    data = packed({"article.md": b"hello"}, zipfile.ZIP_STORED).replace(b"hello", b"jello")
    with pytest.raises(InvalidArchive):
        opened(data)


def test_no_article_and_several() -> None:
    with pytest.raises(NoArticle, match=r"\.md"):
        opened(packed({"a.png": b""}))
    with pytest.raises(NoArticle):
        opened(packed({}))
    with pytest.raises(AmbiguousArticle, match=r"a\.md, b\.md"):
        opened(packed({"a.md": b"", "b.md": b""}))


def test_names_in_gbk() -> None:
    mark = "ZZZZ"
    data = packed({"article.md": b"x", f"{mark}.png": b"1"}).replace(mark.encode(), "图片".encode("gbk"))
    assert [asset.name for asset in opened(data).assets] == ["图片.png"]


@pytest.mark.parametrize(
    ("name", "code_page"),
    [("Größe", "cp437"), ("café", "cp437"), ("фото", "cp866"), ("写真", "cp932"), ("フネ", "cp932"), ("фото", "utf-8"),
     ("größe", "cp1252"), ("사진", "cp949"), ("燈塔", "cp950")],
)  # fmt: skip
def test_a_picture_is_found_in_any_code_page(name: str, code_page: str) -> None:
    mark = "Z" * len(name.encode(code_page))
    data = packed({"article.md": b"x", f"{mark}.png": b"1", "b.png": b"2"}).replace(mark.encode(), name.encode(code_page))
    found = Uploads(opened(data).assets).find(f"{name}.png")
    assert found is not None and found.data == b"1"


def test_a_name_that_no_archive_has_is_not_found() -> None:
    assert Uploads([Asset("größe.png", b"1")]).find("große.png") is None


def test_archives_in_the_archive_are_reported() -> None:
    source = Source("upload.zip", packed({"article.md": b"x", "more/a.zip": b"PK", "b.tar.gz": b"", "__MACOSX/._a.zip": b""}))
    (reported,) = ignored(source)
    assert reported.code == "archive-ignored" and reported.data["names"] == ["more/a.zip", "b.tar.gz"]
    assert ignored(Source("a.docx", packed({"[Content_Types].xml": b"", "a.zip": b""}))) == ()
    with pytest.raises(NoArticle, match=r"a\.zip"):
        opened(packed({"a.zip": b"PK"}))
