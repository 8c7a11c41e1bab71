"""Collections as a file for each article: a program follows every link of every produced file, in each format."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import orjson
import pikepdf
import pytest
from lxml import etree, html

from service.commands.local_files import zipped
from service.containers.packages import pack
from service.engines import Engines
from service.model.document import Notice, Source
from service.model.formats import SUFFIXES
from service.pipeline import steps
from service.pipeline.collections.members import DESCRIPTION, split
from tests.readers import markups

EXAMPLES = Path(__file__).parents[2] / "examples" / "collections"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
Produced = dict[str, bytes]
Links = Iterator[tuple[str, str]]  # path and part


def produced(files: Mapping[str, bytes], target: str, engines: Engines, recipe: markups.Recipe) -> tuple[Produced, list[Notice]]:
    """The files of each article by their paths, as a job or batch lays them out, and all notices."""
    made, notices = Produced(), list[Notice]()
    for each in split(Source("all.zip", pack(dict(files))), engines.settings, SUFFIXES):
        document = steps.read(Source(posixpath.basename(each.name), each.data, assets=each.assets), recipe(target), engines)
        artifact = steps.write(document, recipe(target), target, engines)
        made[posixpath.join(posixpath.dirname(each.name), artifact.name)] = artifact.data
        notices += artifact.notices
    return made, notices


def html_links(data: bytes) -> tuple[Links, set[str]]:
    page = html.fromstring(data)
    links = (each.get("href", "").partition("#")[::2] for each in page.iter("a"))
    return ((unquote(path), unquote(part)) for path, part in links), {each.get("id") for each in page.iter() if each.get("id")}


def pdf_links(data: bytes) -> tuple[Links, set[str]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        names = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests", pikepdf.Dictionary()).get("/Names", [])
        places = {str(each) for each in list(names)[::2]}
        found = [_of_annotation(each) for page in pdf.pages for each in page.get("/Annots", [])]
    return iter(found), places


def _of_annotation(each: Any) -> tuple[str, str]:
    if "/Dest" in each:
        return "", str(each.Dest)
    if each.A.S == "/GoToR":
        return str(each.A.F.UF), str(each.A.D) if isinstance(each.A.D, pikepdf.String) else ""
    return unquote(str(each.A.URI).partition("#")[0]), str(each.A.URI).partition("#")[2]


def docx_links(data: bytes) -> tuple[Links, set[str]]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        relations = etree.fromstring(package.read("word/_rels/document.xml.rels"))
        document = etree.fromstring(package.read("word/document.xml"))
    targets = {each.get("Id"): unquote(each.get("Target")) for each in relations}
    links = (
        (targets[each.get(f"{R}id")] if each.get(f"{R}id") else "", each.get(f"{W}anchor", ""))
        for each in document.iter(f"{W}hyperlink")
    )
    return links, {each.get(f"{W}name") for each in document.iter(f"{W}bookmarkStart")}


def markdown_links(data: bytes) -> tuple[Links, set[str]]:
    text = data.decode()
    links = (match[1].partition("#")[::2] for match in re.finditer(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)", text))
    headings = {re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-") for each in re.findall(r"^#+ (.*)$", text, re.M)}
    return ((unquote(path), unquote(part)) for path, part in links), headings


FOLLOWED = {"html": html_links, "pdf": pdf_links, "docx": docx_links, "markdown": markdown_links}


def followed(made: Produced, target: str) -> tuple[int, list[str]]:
    """The number of links to other produced files, and the dead links."""
    known = {name: FOLLOWED[target](data) for name, data in made.items()}
    places = {name: found for name, (_, found) in known.items()}
    count, dead = 0, list[str]()
    for name, (links, _) in known.items():
        for path, part in links:
            if re.match(r"[a-z]+:", path):
                continue
            other = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            count += bool(path)
            if other not in places or (part and part not in places[other]):
                dead.append(f"{name}: {path}#{part}")
    return count, dead


@pytest.mark.parametrize("target", FOLLOWED)
@pytest.mark.parametrize(
    ("folder", "kind"),
    [("vault", "obsidian"), ("mdbook", "mdbook"), ("hugo", "hugo"), ("docusaurus", "docusaurus"), ("notion", "notion")],
)
def test_every_link_leads_to_a_produced_file(
    folder: str, kind: str, target: str, engines: Engines, conversion: markups.Recipe
) -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(EXAMPLES / folder))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    made, notices = produced(files, target, engines, conversion)
    count, dead = followed(made, target)
    assert dead == []
    assert count >= 4
    assert [each.data["collection"] for each in notices if each.code == "collection-recognised"] == [kind]


SITE = {
    "hugo.toml": b'title = "Shore"\nbaseURL = "https://shore.example/"\nlanguageCode = "de"\n[params]\nauthor = "Ada Moor"\n',
    "content/_index.md": b"---\ntitle: Start\n---\n\n[a](posts/a.md#two) [b](posts/b.md#none) [c](gone.md) [d](posts/later/)\n",
    "content/posts/a.md": b"---\ntitle: A\n---\n\n## One\n\nText.\n\n## Two\n\n[top](/) ![](shell.png)\n",
    "content/posts/b.md": b"---\ntitle: B\nauthor: Bo\nlang: en\n---\n\n[A](../a/#one) [site](https://shore.example/posts/a/)\n",
    "content/posts/later.md": b"---\ntitle: Later\ndraft: true\n---\n\nNot yet.\n",
    "content/posts/name.md": b"\n",
    "README.md": b"# About the repository\n",
}


def test_what_is_not_produced_leads_to_the_site(engines: Engines, conversion: markups.Recipe) -> None:
    made, notices = produced(SITE, "html", engines, conversion)
    assert sorted(made) == ["content/_index.html", "content/posts/a.html", "content/posts/b.html"]
    assert re.findall(rb'<a href="([^"]*)"', made["content/_index.html"]) == [
        b"posts/a.html#two", b"posts/b.html", b"https://shore.example/gone.md", b"https://shore.example/posts/later/",
    ]  # fmt: skip
    assert re.findall(rb'<a href="([^"]*)"', made["content/posts/b.html"]) == [b"a.html#one", b"a.html"]
    reported = {each.code: each.data for each in notices}
    assert reported["draft-left-out"]["articles"] == ["content/posts/later.md"]
    assert reported["empty-left-out"]["articles"] == ["content/posts/name.md"]
    assert reported["chapter-left-out"]["articles"] == ["README.md"]
    assert reported["link-resolved"]["count"] == 2


def test_the_content_of_a_hugo_site_may_be_mounted(engines: Engines, conversion: markups.Recipe) -> None:
    mounts = b'[[module.mounts]]\nsource = "text/de"\ntarget = "content"\nlang = "de"\n'
    mounts += b'[[module.mounts]]\nsource = "text/en"\ntarget = "content"\n[module.mounts.sites.matrix]\nlanguages = ["en"]\n'
    files = {
        "hugo.toml": b'title = "Shore"\nbaseURL = "https://shore.example/"\n' + mounts,
        "text/en/a.md": b"---\ntitle: A\n---\n\n[b](/deep/the-b/#part)\n",
        "text/en/deep/The B.md": b"---\ntitle: B\n---\n\n## Part\n\n[a](/a/)\n",
    }
    made, _ = produced(files, "html", engines, conversion)
    assert followed(made, "html") == (2, [])


def test_metadata_falls_back_to_the_site(engines: Engines, conversion: markups.Recipe) -> None:
    files = split(Source("all.zip", pack(SITE)), engines.settings, SUFFIXES)
    found = {each.name: steps.read(each, conversion("html"), engines).metadata for each in files}
    own, other = found["content/posts/b.md"], found["content/posts/a.md"]
    assert ([each.name for each in own.authors], own.lang, own.source_name) == (["Bo"], "en", "Shore")
    assert ([each.name for each in other.authors], other.lang, other.title) == (["Ada Moor"], "de", "A")
    request = conversion("html", metadata_defaults={"author": "Cy"})
    asked = steps.read(next(each for each in files if each.name.endswith("a.md")), request, engines)
    assert [each.name for each in asked.metadata.authors] == ["Cy"]


def test_an_epub_links_to_the_site_or_keeps_the_text(engines: Engines, conversion: markups.Recipe) -> None:
    made, notices = produced(SITE, "epub", engines, conversion)
    pages = _pages(made["content/_index.epub"])
    assert b'href="https://shore.example/posts/a/#two"' in pages
    vault, reported = produced({"a.md": b"See [[b]].\n", "b.md": b"See [[a]].\n"}, "epub", engines, conversion)
    assert b"<a href=" not in _pages(vault["a.epub"]).partition(b"<body")[2]
    assert [each.data["files"] for each in reported if each.code == "file-link-replaced"] == [["b.epub"], ["a.epub"]]
    assert any(each.code == "file-link-replaced" for each in notices)


def _pages(epub: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(epub)) as package:
        return b"".join(package.read(name) for name in package.namelist() if name.endswith(".xhtml") and "nav" not in name)


NOTES = {
    ".obsidian/app.json": b"{}",
    "Top.md": b"Before.\n\n![[Inner]]\n\n![[Parts#Second]]\n\n[[Parts#^gone|gone]] [[nowhere]] [own](#here)\n\n## Here\n\nEnd.\n",
    "deep/Inner.md": b"Inside, see [[Parts#First]].\n\n![[shell.svg]]\n\n![[Top]]\n",
    "deep/Parts.md": b"## First\n\nOne.\n\n## Second\n\nTwo, as in [first](#first).\n",
    "files/shell.svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>',
}


@pytest.mark.parametrize("target", ["html", "pdf", "docx"])
def test_embedded_notes(target: str, engines: Engines, conversion: markups.Recipe) -> None:
    made, notices = produced(NOTES, target, engines, conversion)
    assert followed(made, target)[1] == []
    if target == "html":
        text = made["Top.html"].decode()
        assert "Inside, see" in text and "Two, as in" in text and "One." not in text
        links = re.findall(r'<a href="([^"]*)"', text)
        assert links == ["deep/Parts.html#first", "Top.html", "deep/Parts.html#first", "deep/Parts.html", "#here"]
        assert "data:image/svg+xml" in text
    assert sorted(each.data["notes"] for each in notices if each.code == "embed-not-possible") == [["Inner"], ["Top"]]
    assert {tuple(each.data["notes"]) for each in notices if each.code == "note-not-in-book"} == {("nowhere",)}


def test_articles_of_one_name_have_files_of_their_own(engines: Engines, conversion: markups.Recipe) -> None:
    files = {"a.md": b"[b](a.html)\n", "a.html": b'<title>B</title><p><a href="a.md">a</a>'}
    made, _ = produced(files, "docx", engines, conversion)
    assert sorted(made) == ["a-2.docx", "a.docx"]
    assert followed(made, "docx") == (2, [])


def test_long_identifiers_are_found_in_word(engines: Engines, conversion: markups.Recipe) -> None:
    heading = "A heading that is much longer than what Word takes for the name of a bookmark"
    slug = heading.lower().replace(" ", "-")
    files = {"a.md": f"[b](b.md#{slug})\n".encode(), "b.md": f"Text.\n\n## {heading}\n\n## 2 b\n\n[a](a.md)\n".encode()}
    made, _ = produced(files, "docx", engines, conversion)
    assert followed(made, "docx") == (2, [])
    assert next(docx_links(made["a.docx"])[0])[1]


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"{}", b'{"article": "a.md"}', b"\xff", b'{"articles": 3}'],
)
def test_a_description_of_someone_else_is_an_asset_like_others(said: bytes, engines: Engines, conversion: markups.Recipe) -> None:
    files = {"a.md": b"Text.\n", DESCRIPTION: said}
    document = steps.read(Source("a.zip", pack(files)), conversion("html"), engines)
    assert document.metadata.title == "a"


def test_no_link_of_a_description_leads_out(engines: Engines, conversion: markups.Recipe) -> None:
    articles = [{"path": "a.md", "stem": "a"}, {"path": "b.md", "stem": "../../etc/passwd"}]
    said = {
        "article": "a.md",
        "collection": "plain",
        "content": "",
        "address": "",
        "about": {},
        "notices": [],
        "articles": articles,
    }
    files = {"a.md": b"[b](b.md) [c](produced:../x)\n", DESCRIPTION: orjson.dumps(said)}
    document = steps.read(Source("a.zip", pack(files)), conversion("html"), engines)
    assert b"passwd" not in steps.write(document, conversion("html"), "html", engines).data
    assert b"<a " not in steps.write(document, conversion("html"), "html", engines).data
