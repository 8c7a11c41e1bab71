"""An upload for a job taken apart: what is one article and what are many, and which pictures go with which."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping

import pytest

from service.input.articles import only_named
from service.model.document import Asset, Source
from service.model.errors import UnsafeArchive
from service.model.formats import SUFFIXES
from service.model.settings import Settings
from service.pipeline.collections.members import Members, split


def zipped(files: Mapping[str, bytes]) -> Source:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return Source("upload.zip", buffer.getvalue(), "application/zip")


def taken_apart(source: Source, settings: Settings, *named: str) -> dict[str, list[str]]:
    return {each.name: [asset.name for asset in each.assets] for each in split(source, settings, SUFFIXES, named)}


class Counted(dict[str, bytes]):
    """Counts how often all its names are read."""

    read = 0

    def __iter__(self) -> Iterator[str]:
        self.read += 1
        return super().__iter__()


def test_the_names_of_an_archive_are_not_read_again_for_each_article() -> None:
    """With 10,000 files that took ten milliseconds for each article."""
    linking = {f"a{number}.md": f"[next](a{(number + 1) % 20}.md) ![](p.png)".encode() for number in range(20)}
    files = Counted(linking | {"p.png": b"p", "colophon-fonts/f.ttf": b"f"})
    members = Members(files, SUFFIXES)
    assert {"p.png", "colophon-fonts/f.ttf"} <= {asset.name for asset in members.source("a0.md").assets}
    before = files.read
    for name in members.names:
        members.source(name)
    assert files.read == before


@pytest.mark.parametrize(
    "files",
    [
        {"a.md": b"x", "p.png": b"p"},
        {"a.md": b"x", "LICENSE.txt": b"l"},
        {"article.md": b"x", "b.md": b"y", "c/d.html": b"z"},
        {"book/article.md": b"x", "book/b.md": b"y"},
        {"p.png": b"no article at all"},
        {"[Content_Types].xml": b"", "a.md": b"x", "b.md": b"y"},
    ],
)
def test_one(settings: Settings, files: Mapping[str, bytes]) -> None:
    source = zipped(files)
    assert split(source, settings, SUFFIXES) == [source]


def test_what_is_no_archive(settings: Settings) -> None:
    source = Source("a.md", b"PK is no signature")
    assert split(source, settings, SUFFIXES) == [source]


@pytest.mark.parametrize(
    "names",
    [("a.md", "b.html"), ("index.md", "a.md"), ("a/article.md", "b/article.md"), ("a/article.md", "b.md"), ("a.txt", "b.txt")],
)
def test_many(settings: Settings, names: tuple[str, ...]) -> None:
    assert tuple(taken_apart(zipped(dict.fromkeys(names, b"x")), settings)) == names


def test_pictures_go_with_those_that_name_them(settings: Settings) -> None:
    files = {
        "deep/a.md": b"![](p.png) ![](../q%20r.png) ![](https://example.com/p.png)",
        "b.md": b'<img src="deep/p.png"> [a](deep/a.md)',
        "c.md": b"nothing", "deep/p.png": b"1", "q r.png": b"2", "refs.bib": b"3",
    }  # fmt: skip
    assert taken_apart(zipped(files), settings) == {
        "deep/a.md": ["p.png", "../q r.png"],
        "b.md": ["deep/a.md", "deep/p.png", "colophon-collection.json"],
        "c.md": [],
    }
    assert taken_apart(zipped(files), settings, "refs.bib")["c.md"] == ["refs.bib"]


def test_the_checks_of_bundles_hold(settings: Settings) -> None:
    with pytest.raises(UnsafeArchive):
        split(zipped({"../a.md": b"x", "b.md": b"y"}), settings, SUFFIXES)


def test_assets_of_the_job() -> None:
    assets = [Asset("img/p 1.png", b"1"), Asset("q.png", b"2"), Asset("style.csl", b"3")]
    found = only_named(Source("a.md", b"![](./img/p%201.png)"), assets, ["style.csl"])
    assert [asset.name for asset in found.assets] == ["img/p 1.png", "style.csl"]
