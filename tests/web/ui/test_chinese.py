"""The page in Chinese: all reports of the service are in Chinese too, by the catalogue. Names and values stay as they are."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Server
from tests.web.ui.conftest import Visit, give

HAN = re.compile(r"[\u4e00-\u9fff]")
ARTICLES = {
    "broken.md": "---\ntitle: Watch: a\nlost\nlang: xx-no-language-at-all\ndate: 2025-13-45\nauthor: [{orcid: 1}]\n---\n\n"
    "![](a.png)\n",
    "odd.md": "---\ntitle: A\ntitle: B\nurl: nowhere\ndoi: x\nisbn: 12\nseries: {index: 1}\n---\n\n"
    "[x](#none) {{< foo >}}\n\n[^m]: y\n",
    "plain.md": "No title\n\n<!-- a comment -->\n\n<blink>x</blink> <script>1</script>\n\n![far](http://x.example/a.png)\n",
    "table.csv": "a,b\n1\n",
    "empty.ipynb": "{}",
    "broken.epub": "no zip",
    "broken.docx": "PK",
    "not.xml": "<a",
    "page.html": "<html><body><form><input></form><iframe src=x></iframe><p>t</p></body></html>",
    "macro.tex": "\\documentclass{article}\\begin{document}\\foo{x}\\input{other}\\end{document}",
    "nul.txt": "a\0b",
}
FIELDS: tuple[dict[str, str], ...] = (
    {}, {"to": "pfd"}, {"to": "pdf", "paper": "a99"}, {"to": "pdf", "toc": "maybe"}, {"to": "pdf", "toc_depth": "99"},
    {"to": "pdf", "tocc": "1"}, {"to": "pdf", "csl": "x"}, {"to": "pdf", "metadata": "[]"}, {"to": "pdf", "metadata": "{"},
    {"to": "pdf", "profile": "novel"}, {"to": "pdf", "cover": "gone.png"}, {"to": "pdf", "css": "p{"},
    {"to": "pdf", "lang": "??"},    {"to": "pdf", "pdf_variant": "pdf/a-9"}, {"to": "docx", "reference_doc": "gone.docx"},
)  # fmt: skip


def post(server: Server, path: str, files: dict[str, str], fields: dict[str, str]) -> Any:
    parts = [f'name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    parts += [f'name="file"; filename="{name}"\r\n\r\n{text}' for name, text in files.items()]
    body = "".join(f"--b\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Accept": "application/json"}
    request = urllib.request.Request(f"{server.base}{path}", body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.load(error)


def texts(value: Any) -> list[str]:
    """The messages in a report or a problem: `detail` and `message`, at any depth."""
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    if not isinstance(value, dict):
        return []
    here = [value[name] for name in ("detail", "message") if isinstance(value.get(name), str)]
    return here + [text for each in value.values() for text in texts(each)]


@pytest.fixture(scope="module")
def said(server: Server) -> list[str]:
    article = {"a.md": "---\ntitle: A\n---\n\nText.\n"}
    found = [text for name, body in ARTICLES.items() for text in texts(post(server, "/v1/validate", {name: body}, {}))]
    found += [
        text for name, body in ARTICLES.items() for text in texts(post(server, "/v1/convert", {name: body}, {"to": "epub"}))
    ]
    for fields in FIELDS:
        found += texts(post(server, "/v1/convert", article, fields))
    found += texts(post(server, "/v1/convert", {}, {"to": "pdf"})) + texts(post(server, "/v1/check", article, {}))
    found += texts(post(server, "/v1/inspect", {"x.pdf": "%PDF-1.7 broken"}, {}))
    return sorted(set(found))


def test_each_message_is_in_chinese(visit: Visit, said: list[str]) -> None:
    page = visit(locale="zh-CN")
    page.wait_for_function("document.documentElement.lang === 'zh-Hans'")
    give(page, ("a.md", "---\ntitle: Watch: a\n---\n\nText.\n"))
    page.locator("#notices li").first.wait_for()  # the catalogue is loaded
    translate = """async (texts) => {
        const { translation } = await import('/static/details.js'), { state } = await import('/static/model.js');
        const meanings = new Set(Object.values(state.meanings));
        return texts.map((each) => [each, meanings.has(each) ? '按代码' : translation(each)]);
    }"""
    found = page.evaluate(translate, said)
    assert len(found) > 40, "the inputs are reported"
    english = [text for text, words in found if not words or not HAN.search(words)]
    assert english == []


def test_nothing_of_a_report_is_marked_as_english(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    give(page, ("broken.md", ARTICLES["broken.md"]))
    page.locator("#notices li").first.wait_for()
    assert page.locator("#notices [lang=en]").all_inner_texts() == []


def test_the_words_of_the_page_are_in_both_tables() -> None:
    static = Path(__file__).parents[3] / "service" / "web" / "ui" / "static"
    names = [
        set(re.findall(r"^  \"?([\w.]+)\"?:", (static / f"words-{each}.js").read_text("utf-8"), re.M)) for each in ("en", "zh")
    ]
    assert names[0] - {name for name in names[0] if name.endswith(".one")} == names[1] - {
        name for name in names[1] if name.endswith(".one")
    }
