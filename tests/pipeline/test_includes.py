"""Files that chapters include, lines that a book hides, and words that its settings define."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.pipeline.collections import hidden_lines, includes, substitutions
from service.pipeline.collections.base import Changed, Collection
from tests.pipeline.test_collections import links, read, titles
from tests.readers import markups

LINES = b"one\ntwo\n// ANCHOR: part\nthree\n// ANCHOR_END: part\nfour\n"


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("", b"one\ntwo\nthree\nfour"),
        (":2", b"two"),
        (":1:2", b"one\ntwo"),
        ("::2", b"one\ntwo"),
        (":6:", b"four"),
        (":part", b"three"),
        (":gone", b"one\ntwo\nthree\nfour"),
    ],
)
def test_lines_and_parts_of_a_file(part: str, expected: bytes) -> None:
    files = {"src/a.md": b"<{{#include ../code.rs" + part.encode() + b"}}>", "code.rs": LINES}
    placed = includes.placed(files, Collection("mdbook", ["src/a.md"], content="src")).chapters
    assert placed == {"src/a.md": b"<" + expected + b">"}


@pytest.mark.parametrize(
    ("kind", "text"),
    [("quarto", b"A\n\n{{< include _b.md >}}\n"), ("mkdocs", b'A\n\n--8<-- "_b.md"\n'), ("mdbook", b"A\n\n{{#include _b.md}}\n")],
)
def test_text_of_another_file(kind: str, text: bytes) -> None:
    files = {"a.md": text, "_b.md": b"---\ntitle: Other\n---\n\nB\n"}
    assert includes.placed(files, Collection(kind, ["a.md"])).chapters["a.md"].split() == [b"A", b"B"]


def test_files_that_include_each_other_end(engines: Engines) -> None:
    files = {"a.md": b"a {{#include b.md}}", "b.md": b"b {{#include a.md}} {{#include b.md}}"}
    assert includes.placed(files, Collection("mdbook", ["a.md"])).chapters == {"a.md": b"a b {{#include a.md}} {{#include b.md}}"}


def test_what_is_not_in_the_collection_stays() -> None:
    files = {"a.md": b"{{#include ../../etc/passwd}} {{#include gone.rs}}", "b.md": b"B"}
    assert includes.placed(files, Collection("mdbook", ["a.md", "b.md"])).chapters == {}


def test_includes_do_not_multiply() -> None:
    files = {f"{n}.md": b"x" * 50_000 + b"{{#include %d.md}}" % (n + 1) * 40 for n in range(5)}
    found = includes.placed(files, Collection("mdbook", ["0.md"])).chapters
    assert len(found["0.md"]) < includes.MAX_ADDED * 2


def test_hidden_lines_of_rust() -> None:
    text = b"# Title\n\n```rust,ignore\n# use a;\n#\nlet b = 1;\n## c\n#[d]\n```\n\n```sh\n# shown\n```\n"
    shown = hidden_lines.removed({"a.md": text}, Collection("mdbook", ["a.md"]))
    assert shown.chapters["a.md"] == b"# Title\n\n```rust,ignore\nlet b = 1;\n# c\n#[d]\n```\n\n```sh\n# shown\n```\n"
    assert [each.data for each in shown.notices] == [{"lines": 2}]
    assert hidden_lines.removed({"a.md": text}, Collection("plain", ["a.md"])) == Changed()


def test_words_of_the_settings() -> None:
    files = {
        "_config.yml": b"sphinx:\n  config:\n    myst_substitutions:\n      place: Shore\n",
        "a.md": b"---\nmyst:\n  substitutions:\n    who: Ada\n---\n\n"
        b"{{ who }} {{place}} {{gone}} `{{ who }}`\n\n```\n{{who}}\n```\n",
    }
    found = substitutions.placed(files, Collection("jupyter-book", ["a.md"])).chapters["a.md"]
    assert found.partition(b"---\n\n")[2] == b"Ada Shore {{gone}} `{{ who }}`\n\n```\n{{who}}\n```\n"


def test_a_table_of_contents_of_many_levels(engines: Engines, conversion: markups.Recipe) -> None:
    files = {
        "_toc.yml": b"root: a\nparts:\n- chapters:\n  - file: b\n    sections:\n    - file: c\n      sections:\n      - file: d\n"
        b"        sections:\n        - file: e\n",
        "_config.yml": b"title: T\n",
    } | {f"{name}.md": f"# {name.upper()}\n".encode() for name in "edcba"}
    assert titles(read(files, engines, conversion)) == list("ABCDE")


def test_a_site_of_several_languages_is_a_book_of_one(engines: Engines, conversion: markups.Recipe) -> None:
    settings = b"title: T\ncontentDir: content/en\nlanguages:\n  en: {weight: 1}\n  fr: {contentDir: content/fr}\n"
    pages = {"content/en/a.md": b"# A", "content/en/a.fr.md": b"# A fr", "content/fr/a.md": b"# A fr", "content/en/b.md": b"# B"}
    assert titles(read({"hugo.yaml": settings, **pages}, engines, conversion)) == ["A", "B"]


def test_pages_next_to_the_folder_of_the_site(engines: Engines, conversion: markups.Recipe) -> None:
    files = {
        "website/docusaurus.config.js": b"module.exports = {title: 'T', presets: [{docs: {path: '../text'}}]}",
        "website/sidebars.json": b'{"docs": ["b", "a"]}',
        "text/a.md": b"# A\n\nText.",
        "text/b.md": b"# B\n\nText.",
        "README.md": b"# Read me",
    }
    assert titles(read(files, engines, conversion)) == ["B", "A"]


def test_a_vault_without_its_settings(engines: Engines, conversion: markups.Recipe) -> None:
    files = {"v/One.md": b"[[Two]] ![[a.gif]]", "v/x/Two.md": b"[[One]]", "v/files/a.gif": markups.PICTURE.read_bytes()}
    book = read(files, engines, conversion)
    assert [each.data["collection"] for each in book.notices if each.code == "collection-recognised"] == ["obsidian"]
    assert links(book) == ["#chapter-2", "#chapter-1"] and book.metadata.title == "v" and len(book.assets) == 1


def test_templates_of_a_vault_are_left_out(engines: Engines, conversion: markups.Recipe) -> None:
    files = {".obsidian/templates.json": b'{"folder": "T"}', "a.md": b"# A\n\nText.", "T/new.md": b"# {{title}}\n\nText."}
    assert titles(read(files, engines, conversion)) == ["A"]


def test_notes_of_one_name_are_known_by_their_folders(engines: Engines, conversion: markups.Recipe) -> None:
    files = {"a/Note.md": b"[[b/Note]]", "b/Note.md": b"[[a/Note|x]] [[Note]]"}
    assert links(read(files, engines, conversion)) == ["#chapter-2", "#chapter-1", "#chapter-1"]


def test_a_note_embeds_another_part_of_itself(engines: Engines, conversion: markups.Recipe) -> None:
    files = {".obsidian/app.json": b"{}", "a.md": b"![[a#Low]]\n\n## Low\n\nText of it.\n\n## High\n\n![[a#High]]\n"}
    book = read(files, engines, conversion)
    assert str(list(book.blocks)).count("'it.'") == 2
    assert [each.data["notes"] for each in book.notices if each.code == "embed-not-possible"] == [["a#High"]]


def test_links_as_the_pages_of_a_site_have_them(engines: Engines, conversion: markups.Recipe) -> None:
    files = {
        "hugo.toml": b'title = "T"\nbaseURL = "https://shore.example/"\n',
        "content/walks/a.md": b"# A\n\n[b](../b/) [b](https://shore.example/walks/b/#x) [site](https://shore.example/)\n",
        "content/walks/b.md": b"# B\n\n## x\n",
    }
    assert links(read(files, engines, conversion)) == ["#chapter-2", "#c2-x", "https://shore.example/"]
