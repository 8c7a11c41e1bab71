"""One article in every format that can be read, with everything in it that would run, phone home or read a file."""

from __future__ import annotations

import importlib
import re
import zipfile
from pathlib import Path

from tests import hostile_markup
from tests.bad_inputs import TYPES, packed
from tests.readers import ooxml

HOME = "http://127.0.0.1:9/phone-home"
SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9" onload="alert(1)">
<script>alert(1)</script><a xlink:href="javascript:alert(1)"><rect width="9" height="9"/></a><image href="{HOME}"/>
<style>@import "{HOME}"; rect {{ fill: url({HOME}) }}</style><foreignObject><body onload="alert(1)"/></foreignObject>
<animate attributeName="href" to="javascript:alert(1)"/><use href="{HOME}#a"/></svg>"""
FRONT = f"""---
title: "<script>alert(1)</script> & <img src=x onerror=alert(1)>"
subtitle: "{{=html}} $(id) ${{HOME}} <iframe src={HOME}>"
author: ["=cmd|' /C calc'!A0", "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe"]
url: javascript:alert(1)
source: "<b onmouseover=alert(1)>x</b>"
date: "2024-01-01\\" onload=\\"alert(1)"
lang: en
license: javascript:alert(1)
identifier: javascript:alert(1)
doi: "10.1/x\\"><script>alert(1)</script>"
cover: a.svg
css: {HOME}
header-includes: "<script>alert(1)</script>"
include-before: "<script>alert(1)</script>"
monobackgroundcolor: "red;}} body {{background:url({HOME})"
bibliography: /etc/passwd
---
"""
LINKS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#x0a;script:alert(1)", "&#106;avascript:alert(1)", "vbscript:msgbox(1)",
    "data:text/html;base64,PHNjcmlwdD4=", "file:///etc/passwd", "//127.0.0.1/x", "%5C%5Cserver%5Cshare", "ms-word:ofe|u|http://x/",
    "javascript&colon;alert(1)", "\x01javascript:alert(1)", "search-ms:query=x", "feed:javascript:alert(1)",
)  # fmt: skip
HTML = f"""
<script>alert(1)</script><script src="{HOME}"></script>
<p onclick="alert(1)" style="background:url({HOME})">paragraph</p>
<img src="x" onerror="alert(1)"><img src="{HOME}" srcset="{HOME} 2x"><img src="data:image/svg+xml;base64,PHN2Zy8+">
<iframe src="{HOME}"></iframe><object data="{HOME}"></object><embed src="{HOME}">
<form action="{HOME}"><input name="a" value="b"><button formaction="javascript:alert(1)">send</button></form>
<base href="{HOME}"><meta http-equiv="refresh" content="0;url={HOME}"><link rel="stylesheet" href="{HOME}">
<style>@import "{HOME}"; p {{ background: url({HOME}) }}</style>
<video src="{HOME}" poster="{HOME}"></video><audio src="javascript:alert(1)"></audio>
<math><mi href="javascript:alert(1)">x</mi></math><details ontoggle="alert(1)" open><summary>s</summary>t</details>
<a href="{HOME}" ping="{HOME}" onmouseover="alert(1)" rel="attachment">link</a>
{SVG}
<template><script>alert(1)</script></template><marquee onstart="alert(1)">m</marquee>
""" + "".join(f'<p><a href="{url}">a link</a></p>\n' for url in LINKS)
MARKDOWN = (
    FRONT
    + "\n# A heading {#a onclick=alert(1) style='background:url(x)'}\n\n"
    + "".join(f"[link](<{url}>) ![image](<{url}>)\n\n" for url in LINKS)
    + rf"""
<javascript:alert(1)> <vbscript:x> [reference][r]

[r]: javascript:alert(1) "title"

![picture](a.svg) ![far]({HOME} "t"){{width="1px;background:url({HOME})"}}

`code`{{=html}} `<w:fldSimple w:instr="DDEAUTO c:\\cmd"/>`{{=openxml}}

```{{=openxml}}
<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DDEAUTO c:\\windows\\system32\\cmd.exe</w:instrText></w:r></w:p>
```

```{{.python onclick="alert(1)" startFrom="1" style="background:url({HOME})"}}
code
```

\input{{/etc/passwd}} \href{{javascript:alert(1)}}{{x}}

$\href{{javascript:alert(1)}}{{x}}$ $\class{{x" onclick="alert(1)}}{{y}}$ $$\style{{background:url({HOME})}}{{z}}$$

::: {{.note onclick="alert(1)"}}
division
:::

"""
    + HTML
)

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def _relations(*each: tuple[str, str, str]) -> bytes:
    inside = "".join(
        f'<Relationship Id="r{number}" Type="{R}/{kind}" Target="{target}"{mode}/>'
        for number, (kind, target, mode) in enumerate(each)
    )
    return f'<Relationships xmlns="{RELATIONS}">{inside}</Relationships>'.encode()


def docx() -> bytes:
    """Fields, links and relations of every bad kind."""
    outside = ' TargetMode="External"'
    links = "".join(
        f'<w:p><w:hyperlink xmlns:r="{R}" r:id="r{number}"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>' for number in range(3)
    )
    fields = "".join(
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>{code}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>shown</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
        for code in (
            "DDEAUTO c:\\windows\\system32\\cmd.exe", f'INCLUDEPICTURE "{HOME}"', 'HYPERLINK "javascript:alert(1)"',
            "INCLUDETEXT /etc/passwd", 'HYPERLINK "file:///etc/passwd"',
        )
    )  # fmt: skip
    body = f'<w:document {W}><w:body>{links}{fields}<w:altChunk xmlns:r="{R}" r:id="r4"/></w:body></w:document>'
    relations = _relations(
        ("hyperlink", "javascript:alert(1)", outside), ("hyperlink", "file:///etc/passwd", outside),
        ("hyperlink", "https://good.example/", outside), ("image", HOME, outside), ("aFChunk", "a.html", ""),
        ("attachedTemplate", HOME, outside),
    )  # fmt: skip
    return packed(
        TYPES,
        ("_rels/.rels", _relations(("officeDocument", "word/document.xml", ""))),
        ("word/document.xml", body.encode()),
        ("word/_rels/document.xml.rels", relations),
        ("word/a.html", b"<script>alert(1)</script>"),
    )


CONTAINER = (
    b'<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    b'<rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
OPF = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>&lt;script&gt;alert(1)&lt;/script&gt;</dc:title><dc:source>javascript:alert(1)</dc:source></metadata>
<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>
<item id="s" href="a.svg" media-type="image/svg+xml"/></manifest><spine>{}</spine></package>"""


def epub(chapter: str = "", *, times: int = 1) -> bytes:
    """Scripts, frames and ways out in a chapter, which the spine may name several times."""
    inside = chapter or f'<html><body onload="alert(1)"><img src="../../../etc/passwd"/><img src="a.svg"/>{HTML}</body></html>'
    return packed(
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", CONTAINER),
        ("p.opf", OPF.format('<itemref idref="c"/>' * times).encode()),
        ("c.xhtml", inside.encode()),
        ("a.svg", SVG.encode()),
        method=zipfile.ZIP_STORED,
    )


ODT_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in (("office", "office"), ("text", "text"), ("draw", "drawing"), ("script", "script"))
)


STYLES = (
    f"<office:document-styles {ODT_SPACES}><office:font-face-decls/><office:styles/><office:automatic-styles/>"
    "<office:master-styles/></office:document-styles>"
)


def escaped(url: str) -> str:
    return re.sub("[&<\x01]", "", url)


def odt() -> bytes:
    links = "".join(f'<text:p><text:a xlink:href="{escaped(url)}">link</text:a></text:p>' for url in LINKS)
    content = (
        f'<office:document-content {ODT_SPACES} xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles/><office:body><office:text>'
        f'{links}<text:p><draw:frame><draw:image xlink:href="file:///etc/passwd"/></draw:frame>'
        f'<draw:frame><draw:image xlink:href="{HOME}"/></draw:frame><draw:frame><draw:object xlink:href="{HOME}"/></draw:frame>'
        '<text:script script:language="JavaScript">alert(1)</text:script>text</text:p>'
        "</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    return packed(
        ("mimetype", kind.encode()),
        ("META-INF/manifest.xml", manifest.encode()),
        ("content.xml", content.encode()),
        ("styles.xml", STYLES.encode()),
        method=zipfile.ZIP_STORED,
    )


def pptx() -> bytes:
    """Links that run, a linked picture, markup as text."""
    run = "<a:rPr><a:hlinkClick r:id='h'/></a:rPr>"
    shapes = ooxml.shape(ooxml.line("&lt;script&gt;alert(1)&lt;/script&gt;"), "title") + ooxml.shape(ooxml.line("x", run=run))
    shapes += (
        "<p:pic><p:nvPicPr><p:cNvPr id='1' name='' descr='&lt;b onload=alert(1)&gt;'/></p:nvPicPr><a:blip r:link='i'/></p:pic>"
    )
    return ooxml.presentation(shapes, links={"h": ("hyperlink", "javascript:alert(1)"), "i": ("image", HOME)})


def xlsx() -> bytes:
    """A formula of another program, a link that runs, markup as text."""
    cells = "<c t='inlineStr'><is><t>&lt;script&gt;alert(1)&lt;/script&gt;</t></is></c><c t='str'><v>=cmd|' /C calc'!A0</v></c>"
    sheet = f"<sheetData><row r='1'>{cells}</row></sheetData><hyperlinks><hyperlink ref='A1' r:id='h'/></hyperlinks>"
    return ooxml.workbook({"&lt;b&gt;": sheet}, links={"h": "javascript:alert(1)"})


SOURCES = {
    "markdown": ("a.zip", lambda: packed(("article.md", MARKDOWN.encode()), ("a.svg", SVG.encode()))),
    "html": (
        "a.html",
        f"<!DOCTYPE html><html><head><title>&lt;script&gt;</title></head><body>{HTML}</body></html>".encode,
    ),
    "docx": ("a.docx", docx),
    "epub": ("a.epub", epub),
    "pptx": ("a.pptx", pptx),
    "xlsx": ("a.xlsx", xlsx),
    "odt": ("a.odt", odt),
    **hostile_markup.SOURCES,
}
# A reader may have its hostile article in its own test: HOSTILE, a name and a function that gives the bytes.
OWN = re.compile(r"^HOSTILE = ", re.MULTILINE)
for file in sorted((Path(__file__).parent / "readers").glob("test_*.py")):
    if OWN.search(file.read_text(encoding="utf-8")):
        SOURCES[file.stem.removeprefix("test_")] = importlib.import_module(f"tests.readers.{file.stem}").HOSTILE
