"""Inputs that were made to hurt: what is sent, and the right answer. A row is a name, a file, fields, and one code.

`OK` is a conversion that was served, the harm taken out; a code is a problem, and `place` the field (a pointer) or the line
that it names. A good article is converted after each.
"""

from __future__ import annotations

import io
import random
import struct
import warnings
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.canary import URL

OK = "ok"
Part = tuple[str, bytes]


@dataclass(frozen=True)
class Row:
    name: str
    file: Part
    expected: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    to: str = "docx"
    path: str = "/v1/convert"
    place: str | int = ""


def md(text: str | bytes) -> Part:
    return "a.md", text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


def front(lines: str, body: str = "text") -> Part:
    return md(f"---\n{lines}\n---\n\n{body}\n")


def packed(*entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED, **info: Any) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore", UserWarning)  # of a name that occurs twice: that is what is wanted
        for name, data in entries:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            for key, value in info.items():
                setattr(entry, key, value)
            archive.writestr(entry, data)
    return out.getvalue()


def bundle(*entries: tuple[str, bytes], **info: Any) -> Part:
    return "a.zip", packed(*entries, **info)


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def lying_zip() -> bytes:
    """An archive whose directory says that a member has ten bytes."""
    data = bytearray(packed(("article.md", b"a" * 100_000)))
    place = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, place + 24, 10)
    return bytes(data)


ALIASES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "\n".join(
    f"{b}: &{b} [{','.join(['*' + a] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
USES = '<svg xmlns="http://www.w3.org/2000/svg"><g id="a0"><rect width="1" height="1"/></g>' + "".join(
    f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 10)
) + '<use href="#a9"/></svg>'  # fmt: skip
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="4000">'
VARIABLES = "--v0: x;" + "".join(f"--v{n}: var(--v{n - 1}) var(--v{n - 1});" for n in range(1, 60))
SVG_FETCHES = (
    SVG + f'<style>@\\69mport "{URL}"; rect {{ fill: u\\72l({URL}) }} @font-face {{ src: u\\72l({URL}) }}</style>'
    f'<style><title/>@import "{URL}";</style><rect style="fill: image-set(\'{URL}\' 1x)" filter="u\\72l({URL}#a)" xml:base="{URL}"/></svg>'
)
NAMES = (
    "http://a..b/x.png",
    "http://.example/x",
    f"http://{'h' * 64}.example/x",
    "http://[::1/x",
    "http://℀.x/",
    "http://[/x",
    "//[",
)
HUGE = 1_000_000_000
SVG_HREF = '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/><script>alert(1)</script></svg>'
SVG_ENTITY = b'<!DOCTYPE s [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
NOISE = bytes(random.Random(7).randrange(256) for _ in range(4096))
PRIVATE = (
    "http://127.0.0.1/a.png", URL, "http://2130706433/a.png", "http://0x7f000001/", "http://127.1/", "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://169.254.169.254/latest/meta-data", "http://localhost:22/", "http://①②⑦.⓪.⓪.①/", "http://user@127.0.0.1/", "http://0/", "file:///etc/passwd",
)  # fmt: skip

TIFF, ICON = b"II*\0\x08\0\0\0\0\0", b"\0\0\x01\0\x01\0\x10\x10" + bytes(60)
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n"
XXE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
TYPES = ("[Content_Types].xml", b"<Types/>")


LAUGHS = b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;">' % (now, *[before] * 8) for before, now in zip(b"abcdefgh", b"bcdefghi", strict=True)
) + b"]><d>&i;</d>"  # fmt: skip


def encrypted(data: bytes) -> bytes:
    """The same archive with the flag of encryption on its first entry."""
    out = bytearray(data)
    out[6] |= 1
    out[out.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(out)


def office(suffix: str, *entries: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Part:
    return f"a.{suffix}", packed(*entries, method=method)


def odt(body: str) -> Part:
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text", "table"))
    content = (
        f"<office:document-content{spaces}><office:automatic-styles/><office:body><office:text>{body}</office:text></office:body>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    )
    parts = {
        "mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": f"{content}</office:document-content>",
        "styles.xml": f"<office:document-styles{spaces}/>",
    }  # fmt: skip
    return office("odt", *((name, text.encode()) for name, text in parts.items()), method=zipfile.ZIP_STORED)


def cited(front: str = "", style: str = "", works: str = "@book{a,title={T},year=2000}") -> Part:
    """An article with one citation, its bibliography and its style."""
    article = f"---\nbibliography: w.bib\n{front}\n---\n\nText [@a].\n"
    return bundle(("article.md", article.encode()), ("w.bib", works.encode()), ("c.csl", style.encode()))


def styled(macros: str) -> str:
    """A citation style that calls the macro `a`."""
    info = "<info><title>t</title><id>t</id><updated>2020-01-01T00:00:00Z</updated></info>"
    layout = '<citation><layout><text macro="a"/></layout></citation>'
    return f'<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">{info}{macros}{layout}</style>'


def xlsx(rows: str, after: str = "") -> Part:
    sheet, kinds = "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org"
    relation = (
        f'<Relationships xmlns="{kinds}/package/2006/relationships"><Relationship Id="r1" Type="{kinds}/officeDocument/2006/'
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/package/2006/content-types"><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{relation}relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{sheet}" xmlns:r="{kinds}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{relation}relationships/worksheet" Target="worksheets/a.xml"/></Relationships>',
        "xl/worksheets/a.xml": f'<worksheet xmlns="{sheet}"><sheetData>{rows}</sheetData>{after}</worksheet>',
    }
    return office("xlsx", *((name, text.encode()) for name, text in parts.items()))


def layers(kind: str, element: str) -> str:
    """A drawing of 300 layers, each as large as itself and inside the one before."""
    whole = '<rect width="4000" height="4000"/>'
    made = "".join(f'<{kind} id="m{n}" {element}="url(#m{n - 1})">{whole}</{kind}>' for n in range(300))
    return f'{SVG}<defs>{made}</defs><g {element}="url(#m299)">{whole}</g></svg>'


def page(body: str) -> Part:
    return "a.html", f"<!DOCTYPE html><html><body>{body}".encode()


STYLED = {"bibliography": "w.bib", "csl": "c.csl"}
ROWS: tuple[Row, ...] = (
    Row("HTML: lists left open", page("<ul><li>" * 400 + "x"), "too-complex", place=1),
    Row("HTML: divisions nested", page("<div>" * 20_000 + "x"), "too-complex", place=1),
    Row("HTML: bold nested", page("<b>" * 20_000 + "x"), "too-complex", place=1),
    Row("HTML: files and frames", page(f'<img src="file:///etc/passwd"><iframe src="{URL}"></iframe>x'), OK, to="epub"),
    Row("HTML: fonts left open", page("<p>" + "".join(f"<font color={n}>" for n in range(3_000)) + "</p>" + "<p>x</p>" * 20_000), "too-complex", place=1),
    Row("HTML: body tags", page("".join(f"<body a{n}=1>" for n in range(20_000)) + "x"), "too-complex", place=1),
    Row("HTML: attributes", page("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x"), OK),
    Row("HTML: nothing", page(""), "empty-document", place=1),
    Row("DOCX that is a bomb", office("docx", TYPES, ("word/document.xml", b" " * 120_000_000)), "archive-too-large"),
    Row("DOCX with entities", office("docx", TYPES, ("word/document.xml", XXE)), "invalid-document", place=1),
    Row("DOCX of nothing", office("docx", TYPES, ("word/x", b"")), "invalid-document"),
    Row("DOCX cut short", ("a.docx", packed(TYPES, ("word/document.xml", b"<a/>" * 999))[:200]), "invalid-archive"),
    Row("EPUB with a way out", office("epub", ("mimetype", b"application/epub+zip"), ("META-INF/container.xml", XXE)), "invalid-document", place=1),
    Row("XLSX with entities", office("xlsx", TYPES, ("xl/workbook.xml", XXE)), "invalid-document", place=1),
    Row("XLSX that is a bomb", office("xlsx", TYPES, ("xl/workbook.xml", b" " * 120_000_000)), "archive-too-large"),
    Row("XLSX of nothing", office("xlsx", TYPES, ("xl/x", b"")), "invalid-document"),
    Row("PPTX with entities", office("pptx", TYPES, ("ppt/presentation.xml", XXE)), "invalid-document", place=1),
    Row("PPTX that is nested", office("pptx", TYPES, ("ppt/presentation.xml", b"<a>" * 100_000)), "too-complex", place=1),
    Row("PPTX of nothing", office("pptx", TYPES, ("ppt/x", b"")), "invalid-document"),
    Row("AsciiDoc: code that nothing closes", ("a.adoc", b"----\na\n\n....\nb\n\n```c\nd\n"), OK),
    Row("AsciiDoc: backticks", ("a.adoc", b"`" * 20_000 + b"a"), "too-complex", place=1),
    Row("AsciiDoc: blocks that end below a blank line", ("a.adoc", b"--\nlamp\n\n--\n\n" * 200), OK),
    Row("AsciiDoc: brackets", ("a.adoc", b"[" * 20_000 + b"a"), "too-complex", place=1),
    Row("AsciiDoc: files", ("a.adoc", b"a\n\ninclude::/etc/passwd[]\n"), OK),
    Row("message: only attachments", ("a.eml", b"MIME-Version: 1.0\nSubject: x\nContent-Type: application/pdf\n\n%PDF"), "empty-document", place=1),
    Row("message: containers in containers", ("a.eml", b"MIME-Version: 1.0\n" + b"Content-Type: multipart/mixed; boundary=a\n\n--a\n" * 2_000), "too-complex", place=302),
    Row("message: a header without end", ("a.eml", b"MIME-Version: 1.0\nSubject: " + b"=?utf-8?q?a" * 200_000 + b"\n\nx"), OK),
    Row("message: a boundary that never comes", ("a.eml", b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\nx"), "empty-document", place=1),
    Row("Evernote: a file that is none", ("a.enex", b"<en-export><note><title>a</title><content>&lt;en-note>x&lt;/en-note></content><resource><data>!!</data></resource></note></en-export>"), OK),
    Row("Evernote: without notes", ("a.enex", b"<en-export/>"), "empty-document", place=1),
    Row("Textile: marks left open", ("a.textile", b"*_-a " * 4_000), OK),
    Row("Textile: marks between quotation marks", ("a.textile", b'lamp ' + b'"%' * 200), "too-complex", place=1),
    Row("Textile: percent signs", ("a.textile", b"%" * 20_000), "too-complex", place=1),
    Row("Typst: a loop", ("a.typ", b"#while true {}\na"), "too-complex", place=1),
    Row("Typst: a count", ("a.typ", b"#for i in range(100000000) [a]\n"), "too-complex", place=1),
    Row("Typst: files", ("a.typ", b'#read("/etc/passwd")\na'), OK),
    Row("Typst: brackets", ("a.typ", b"[" * 5_000 + b"a"), "too-complex", place=1),
    Row("Djot: marks", ("a.dj", b"_" * 20_000), "too-complex", place=1),
    Row("Djot: quotations", ("a.dj", b"> " * 5_000 + b"a"), "too-complex", place=1),
    Row("empty file", md(""), "empty-document", place=1),
    Row("blanks only", md(" \n\t\n"), "empty-document", place=1),
    Row("NUL", md("# a\0b"), "control-characters", place=1),
    Row("surrogates and overlong UTF-8", md(b"# \xed\xa0\x80 \xc0\xaf"), "unsupported-encoding", place=1),
    Row("Latin-1", md("caf\u00e9 d\u00e9j\u00e0 vu".encode("latin-1")), "unsupported-encoding", place=1),
    Row("noise", md(NOISE), "unsupported-encoding", place=1),
    Row("program as DOCX", ("a.docx", b"MZ" + NOISE), "invalid-document", place=1),
    Row("PDF as Markdown", md(b"%PDF-1.7\n" + NOISE), "unsupported-media-type"),
    Row("charset that is none", md("text"), "unsupported-encoding", {"charset": "base64"}, place=1),
    Row("charset that lies", md("灯塔"), "unsupported-encoding", {"charset": "utf-32"}, place=1),
    Row("target as a path", md("text"), "validation-error", to="/tmp/x.lua", place="/to"),
    Row("target with extensions", md("text"), "validation-error", to="html+raw_html", place="/to"),
    Row("reader as a path", md("text"), "unsupported-media-type", {"from": "/tmp/x.lua"}),
    Row("reader with extensions", md("text"), "unsupported-media-type", {"from": "markdown+raw_tex"}),
    Row("unknown option", md("text"), "validation-error", {"bogus": "1"}, place="/bogus"),
    Row("pandoc's own flags", md("text"), "validation-error", {"lua-filter": "x.lua"}, place="/lua_filter"),
    Row("options nested deep", md("text"), "invalid-json", {"options": "[" * 100_000}),
    Row("options with NaN", md("text"), "invalid-json", {"options": '{"toc_depth": NaN}'}),
    Row("options twice", md("text"), "invalid-json", {"options": '{"toc": true, "toc": false}'}),
    Row("options of a huge number", md("t"), "validation-error", {"options": '{"toc_depth": ' + "9" * 5000 + "}"}, place="/toc_depth"),
    Row("metadata is a list", md("text"), "invalid-json", {"metadata": "[]"}),
    Row("metadata with a surrogate", md("text"), "invalid-json", {"metadata": r'{"title": "\ud800"}'}),
    Row("template in a title", front("title: '$for(x)$ #{y} \\input{/etc/passwd}'"), OK),
    Row("fence without end", md("---\ntitle: a\nbody"), OK),
    Row("fence without end, strict", md("---\ntitle: a\nbody"), "invalid-front-matter", {"strict": "true"}, place=3),
    Row("colon in a value, strict", front("title: Foo: bar"), "invalid-front-matter", {"strict": "true"}, place=2),
    Row("key twice, strict", front("title: a\ntitle: b"), "invalid-front-matter", {"strict": "true"}, place=3),
    Row("alias bomb", front(ALIASES), OK),
    Row("merge bomb", front("a: &a {x: 1}\nb: {<<: [*a, *a, *a]}"), OK),
    Row("brackets that crash the C loader", front("a: " + "[" * 50_000), OK),
    Row("braces nested", front("a: " + "{b: " * 5_000), OK),
    Row("python object", front('a: !!python/object/apply:os.system ["id"]'), OK),
    Row("no such date", front("date: 2024-13-45"), OK),
    Row("number of 5,000 digits", front("n: " + "9" * 5000), OK),
    Row("hexadecimal of 5,000 digits", front("n: 0x" + "f" * 5000), OK),
    Row("not a number", front("n: .nan\nm: .inf"), OK),
    Row("binary", front('n: !!binary "////"'), OK),
    Row("a list at the top", front("- a\n- b"), OK),
    Row("front matter of 100 KB", front("a: " + "x" * 100_000), "invalid-front-matter", place=1),
    Row("5,000 keys", front("\n".join(f"k{n}: v" for n in range(5000))), OK),
    Row("keys that reach for files", front(f"css: /etc/passwd\ncover-image: {URL}\nbibliography: /etc/x\ncsl: {URL}\ncover: {URL}"), OK),
    Row("metadata block in mid-text", md("x\n\n---\nbibliography: /etc/x.bib\n---\n"), OK),
    Row("bibliography by a path", md("[@a]"), "validation-error", {"bibliography": "/etc/passwd.bib"}, place="/bibliography"),
    Row("twelve brackets", md("[" * 12 + "x" + "]" * 12), "too-complex", {"dialect": "markdown"}, place=1),
    Row("5,000 brackets", md("[" * 5000), OK),
    Row("5,000 brackets in pandoc's dialect", md("[" * 5000), "too-complex", {"dialect": "markdown"}, place=1),
    Row("double underscores", md("__a " * 4000), OK, {"dialect": "markdown"}),
    Row("notes in notes", md("^[" * 40 + "x" + "]" * 40), "too-complex", {"dialect": "markdown"}, place=1),
    Row("quotes in quotes", md("\"'" * 500), OK, {"dialect": "markdown"}),
    Row("spans", md("<span>" * 400), OK),
    Row("image without end", md("![a](" * 3000), OK),
    Row("20,000 links", md("[a](b)\n" * 20_000), OK),
    Row("block quotes nested", md(">" * 3000 + " x"), "too-complex", place=1),
    Row("lists nested", md("".join(" " * n + "- x\n" for n in range(0, 1200, 2))), "too-complex", place=30),
    Row("emphasis ladder", md("*a **a " * 3000), OK),
    Row("backtick ladder", md("".join("`" * n + " " for n in range(1, 300))), OK),
    Row("hashes", md("# a\n" * 5000), OK),
    Row("angle brackets", md("<" * 10_000), OK),
    Row("entities", md("&#x41;" * 20_000), OK),
    Row("a word of 1 MB", md("x" * 1_000_000), OK),
    Row("a word of 1 MB, printed", md("x" * 1_000_000), "too-complex", to="pdf"),
    Row("100,000 blank lines", md("a\n" + "\n" * 100_000 + "b"), OK),
    Row("text beyond the limit", md("x " * 2_600_000), "payload-too-large"),
    Row("lists that HTML leaves open", md("<ul><li>" * 400 + "x"), "too-complex", place=1),
    Row("divisions nested", md("<div>" * 20_000), "too-complex", place=1),
    Row("spans of a million columns", md("<table><tr><td colspan=1000000 rowspan=1000000>x</td></tr></table>"), OK, to="pdf"),
    Row("a table of 20,000 rows", md("<table>" + "<tr><td>x</td></tr>" * 20_000 + "</table>"), OK),
    Row("tables in tables", md("<table><tr><td>" * 300 + "x"), "too-complex", place=1),
    Row("frames", md(f'<iframe src="file:///etc/passwd"></iframe><object data="{URL}"></object><link rel=attachment href="{URL}"><a rel=attachment href="file:///etc/passwd">a</a>'), OK, to="pdf"),
    Row("scripts", md("<script>alert(1)</script><img src=x onerror=alert(1)>[x](javascript:alert(1))"), OK, to="html"),
    Row("styles", md(f'<p style="background:url({URL})">x</p><style>@import "{URL}"; @font-face {{ src: url({URL}) }}</style>'), OK, to="pdf"),
    Row("private addresses", md("\n\n".join(f"![x]({url})" for url in PRIVATE)), OK, to="pdf"),
    Row("private addresses, strict", md(f"![x]({PRIVATE[0]})"), "strict", {"strict": "true"}, place=1),
    Row("huge data URI", md("![x](data:image/png;base64," + "A" * 3_000_000 + ")"), OK),
    Row("link of 2 MB", md("[x](http://e.example/" + "a" * 2_000_000 + ")"), OK),
    Row("passages without end", md("*a* `b` \n" * 60_000), "too-complex", place=50001),
    Row("tags without end", md("<b>a</b> <i>c</i>\n\n" * 60_000), "too-complex", place=100001),
    Row("10,000 anchors of one name", ("a.typ", b"text <b>\n" * 10_000), OK, to="epub"),
    Row("direction tricks", md("a\u202eb\u2066c\u200b" * 1000), OK),
    Row("private use and unassigned characters", md("\ue000\U000f0000\u0378" * 500), OK, to="pdf"),
    Row("one letter, 10,000 accents", md("a" + "\u0301" * 10_000), OK, to="pdf"),
    Row("formula bomb", md("$" + "{" * 5000 + "x" + "}" * 5000 + "$"), OK, {"math": "on"}, to="pdf"),
    Row("formula with files", md(r"$\input{/etc/passwd}$ $$\def\a{\a\a}\a$$"), OK, {"math": "on"}, to="pdf"),
    Row("zip of nothing", bundle(), "no-article"),
    Row("zip without an article", bundle(("a.exe", b"MZ")), "no-article"),
    Row("zip of several articles", bundle(("a.md", b"a"), ("b.md", b"b")), "ambiguous-article"),
    Row("zip with a way out", bundle(("../../etc/cron.d/x.md", b"a")), "unsafe-archive"),
    Row("zip with an absolute path", bundle(("/etc/x.md", b"a")), "unsafe-archive"),
    Row("zip with backslashes", bundle(("..\\x.md", b"a")), "unsafe-archive"),
    Row("zip with a link", bundle(("article.md", b"/etc/passwd"), external_attr=0o120777 << 16), "unsafe-archive"),
    Row("zip packed otherwise", bundle(("article.md", b"a" * 100), method=zipfile.ZIP_BZIP2), "unsafe-archive"),
    Row("zip bomb", bundle(("article.md", b"a"), ("b.bin", b"\0" * 210_000_000)), "archive-too-large"),
    Row("zip of 10,001 entries", bundle(*((f"{n}.txt", b"") for n in range(10_001))), "archive-too-large"),
    Row("zip that lies", ("a.zip", lying_zip()), "invalid-archive"),
    Row("zip cut short", ("a.zip", packed(("article.md", b"a" * 999))[:60]), "invalid-archive"),
    Row("zip in a zip", bundle(("article.zip", packed(("article.md", b"a")))), OK),
    Row("zip in a zip in a zip", bundle(("a.zip", packed(("a.zip", packed(("article.md", b"a")))))), "no-article"),
    Row("zip in a zip that is a bomb", bundle(("a.zip", packed(("article.md", b" " * 120_000_000)))), "archive-too-large"),
    Row("picture of 400 MP", bundle(("article.md", b"![x](a.png)"), ("a.png", png(20_000, 20_000))), OK, to="pdf"),
    Row("picture that is none", bundle(("article.md", b"![x](a.png)"), ("a.png", b"<html>")), OK),
    Row("SVG that repeats itself", bundle(("article.md", b"![x](a.svg)"), ("a.svg", USES.encode())), OK, to="pdf"),
    Row("SVG with files and scripts", bundle(("article.md", b"![x](a.svg)"), ("a.svg", SVG_HREF.encode())), OK, to="epub"),
    Row("SVG with entities", bundle(("article.md", b"![x](a.svg)"), ("a.svg", SVG_ENTITY)), OK),
    Row("picture of 400 MP in RGBA", bundle(("article.md", b"![x](a.png)"), ("a.png", png(10_000, 10_000))), OK),
    Row("picture of another format", bundle(("article.md", b"![x](a.tif) ![x](a.ico) ![x](a.eps)"), ("a.tif", TIFF), ("a.ico", ICON), ("a.eps", EPS)), OK),
    Row("EPS under the name of a PNG", bundle(("article.md", b"![x](a.png)"), ("a.png", EPS)), OK, to="pdf"),
    Row("picture cut short", bundle(("article.md", b"![x](a.png)"), ("a.png", png(64, 64)[:50])), OK, to="pdf"),
    Row("GBK", md("# 标题\n\n正文在这里。".encode("gbk")), OK),
    Row("GBK, and said so", md("# 标题\n\n正文".encode("gbk")), OK, {"charset": "gbk"}),
    Row("Shift-JIS", md("# 見出し\n\n本文です。".encode("shift_jis")), OK),
    Row("UTF-16 with a mark", md("# 标题\n\nx".encode("utf-16")), OK),
    Row("PDF as EPUB", ("a.epub", b"%PDF-1.7\n" + NOISE), "unsupported-media-type"),
    Row("front matter of a scalar", front("foo"), OK),
    Row("front matter of two documents", front("a: 1\n...\nb: 2"), OK),
    Row("sexagesimal without end", front("n: " + "1:" * 500 + "1.5"), OK),
    Row("surrogate in front matter", front('title: "\\ud800 x"'), OK),
    Row("TOML nested deep", md("+++\na = " + "[" * 5000 + "]" * 5000 + "\n+++\nx"), OK),
    Row("JSON nested deep", md('{"a": ' + "[" * 5000 + "]" * 5000 + "}\n\nx"), OK),
    Row("title that is a flag", front("title: '+RTS -S/tmp/pwn -RTS'\nauthor: --lua-filter=/tmp/x.lua"), OK, to="pdf"),
    Row("title that writes a line of the log", front('title: "a\\n{\\"level\\": \\"error\\"}\\e[31m\\r"'), OK, to="epub"),
    Row("file name that is a flag", ("--output=/tmp/pwn.md", b"text"), OK),
    Row("file name of a header", ("a\r\nX-Injected: y.md", b"text"), OK),
    Row("file name of 5,000 characters", ("a" * 5_000 + ".md", b"text"), OK),
    Row("file name with direction tricks", ("a\u202efdp.md", b"text"), OK),
    Row("file name that leads out", ("../../../etc/cron.d/x.md", b"text"), OK),
    Row("file name of dots", ("..", b"text"), OK),
    Row("file name in Chinese", ("灯塔.md", b"text"), OK, to="pdf"),
    Row("raw OpenXML", md("```{=openxml}\n<w:p><w:r><w:instrText>DDEAUTO cmd</w:instrText></w:r></w:p>\n```"), OK, {"dialect": "markdown"}),
    Row("raw LaTeX", md("```{=latex}\n\\input{/etc/passwd}\n```\n\n\\input{/etc/passwd}"), OK, {"dialect": "markdown"}, to="pdf"),
    Row("attributes that run", md('[x]{onclick="alert(1)"} `a`{onclick=b}\n\n# h {onload=x}'), OK, {"dialect": "markdown"}, to="html"),
    Row("table in table in table", md("<table><tr><td>" * 66 + "x"), "too-complex", place=1),
    Row("emphasis nested", md("*" * 5000 + "a" + "*" * 5000), "too-complex", place=1),
    Row("a table of 25,000 rows", md("|a|b|\n|-|-|\n" + "|x|y|\n" * 25_000), OK),
    Row("20,000 headings", front("title: t", "# a\n\n" * 20_000), "too-complex", to="epub"),
    Row("a note that calls itself", md("[^1]\n\n[^1]: [^1]"), "too-complex", place=3),
    Row("notes that double", md("[^0]\n\n" + "".join(f"[^{n}]: [^{n + 1}] [^{n + 1}]\n\n" for n in range(40))), "too-complex", place=75),
    Row("angle brackets in pandoc's dialect", md("[a](<b " * 2_000), "too-complex", {"dialect": "markdown"}, place=1),
    Row("lists left open in pandoc's dialect", md("<ul><li>" * 200), OK, {"dialect": "markdown"}),
    Row("HTML: spans of a million columns", page("<table><tr><td colspan=1000000 rowspan=1000000>x</table>"), OK, to="pdf"),
    Row("HTML: lists left open, short", page("<ul><li>" * 20 + "x"), OK),
    Row("zip with a drive", bundle(("C:/w.md", b"a")), "unsafe-archive"),
    Row("zip with a name twice", bundle(("a.md", b"a"), ("a.md", b"b")), "unsafe-archive"),
    Row("zip with a name twice but for case", bundle(("article.md", b"a"), ("Article.md", b"b")), "unsafe-archive"),
    Row("zip that is encrypted", ("a.zip", encrypted(packed(("article.md", b"text" * 20)))), "unsafe-archive"),
    Row("zip packed by LZMA", bundle(("article.md", b"a" * 100), method=zipfile.ZIP_LZMA), "unsafe-archive"),
    Row("zip after something else", ("a.zip", b"MZ" * 100 + packed(("article.md", b"text"))), "unsupported-media-type"),
    Row("zip of an end alone", ("a.zip", b"PK\x05\x06" + bytes(18)), "no-article"),
    Row("zip with a name of NULs", bundle(("a\0b.md", b"text")), "no-article"),
    Row("DOCX with macros", office("docx", TYPES, ("word/document.xml", b"<a/>"), ("word/vbaProject.bin", b"x")), "unsupported-media-type"),
    Row("DOCX with macros by its name", ("a.docm", packed(TYPES, ("word/x.xml", b"<a/>"))), "invalid-document"),
    Row("DOCX with tables in tables", office("docx", TYPES, ("word/document.xml", b"<t>" * 1000 + b"</t>" * 1000)), "too-complex", place=1),
    Row("DOCX with a billion laughs", office("docx", TYPES, ("word/document.xml", LAUGHS)), "invalid-document", place=1),
    Row("DOCX with a link out of it", office("docx", TYPES, ("word/document.xml", b"<a/>"), ("../../x", b"")), "unsafe-archive"),
    Row("EPUB without a container", office("epub", ("mimetype", b"application/epub+zip"), ("a.xhtml", b"<html/>"), method=zipfile.ZIP_STORED), "invalid-document"),
    Row("ODT of nothing", office("odt", ("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b""), method=zipfile.ZIP_STORED), "invalid-document", place=1),
    Row("inspect: PDF nested deep", ("a.pdf", b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\nendobj\ntrailer<</Root 1 0 R>>"), "invalid-document", path="/v1/inspect"),
    Row("inspect: EPUB with entities", office("epub", ("META-INF/container.xml", XXE)), "invalid-document", path="/v1/inspect"),
    Row("inspect: DOCX that is a bomb", office("docx", TYPES, ("word/document.xml", b"<a/>"), ("docProps/core.xml", b" " * 120_000_000)), "archive-too-large", path="/v1/inspect"),
    Row("check: PDF nested deep", ("a.pdf", b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\nendobj\ntrailer<</Root 1 0 R>>"), "invalid-document", path="/v1/check"),
    Row("check: EPUB with entities", office("epub", ("META-INF/container.xml", XXE)), OK, path="/v1/check"),
    Row("check: DOCX that is a bomb", office("docx", TYPES, ("word/document.xml", b"<a/>"), ("docProps/core.xml", b" " * 120_000_000)), OK, path="/v1/check"),
    Row("rst: files", ("a.rst", b".. include:: /etc/passwd\n\n.. csv-table::\n   :file: /etc/passwd\n\ntext"), OK),
    Row("rst: files, strict", ("a.rst", b".. include:: /etc/passwd\n\ntext"), "strict", {"strict": "true"}, place=1),
    Row("rst: backticks left open", ("a.rst", b"`a " * 2000), "too-complex", place=1),
    Row("rst: quotes nested", ("a.rst", "".join(" " * n + "x\n\n" for n in range(400)).encode()), "too-complex", place=101),
    Row("rst: substitutions of themselves", ("a.rst", b"|a|\n\n.. |a| replace:: |a|\n"), OK),
    Row("org: files", ("a.org", b'#+INCLUDE: "/etc/passwd"\n\n[[file:/etc/passwd]] text'), OK),
    Row("org: marks left open", ("a.org", b"*a /a _a +a =a ~a " * 500), OK),
    Row("org: stars", ("a.org", b"*a*" * 2000), OK),
    Row("org: macro that calls itself", ("a.org", b"#+MACRO: a {{{a}}} {{{a}}}\n{{{a}}}"), "too-complex", place=1),
    Row("per cent signs, a row of them", md("%" * 60 + "\nHarbour lights.\n"), OK),
    Row("comments, a row of them", md("<!-- mast -->\n" * 40 + "Harbour lights.\n"), OK),
    Row("instructions, a row of them", md("<?tide?>" * 40 + "\nHarbour lights.\n"), OK),
    Row("LaTeX: a banner of per cent signs", ("a.tex", b"%" * 70 + b"\n\\section{Harbour} lights"), OK),
    Row("LaTeX: comments that nothing ends", ("a.tex", b"\\documentclass{article}\\begin{document}x" + b"\\begin{comment}" * 9_000), "too-complex", place=1),
    Row("LaTeX: verbatim by 20,000 marks", ("a.tex", ("\\begin{document}x " + "".join(f"\\verb{chr(0x4E00 + n)}y " for n in range(20_000))).encode()), OK),
    Row("LaTeX: keywords of blanks", ("a.tex", b"\\keywords{lamp" + b" " * 50_000 + b"oil}\\begin{document}x\\end{document}"), OK),
    Row("LaTeX: options left open", ("a.tex", b"\\documentclass{article}" + b"\\usepackage[" * 9_000 + b"\\begin{document}x\\end{document}"), "too-complex", place=1),
    Row("org: a title of blanks", ("a.org", b"#+TITLE: lamp" + b" " * 100_000 + b"oil\n\nLight.\n"), OK),
    Row("FB2: pictures that nothing ends", ("a.fb2", b'<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><body><section><p>Light.</p></section></body><!--' + b"<binary " * 30_000 + b"--></FictionBook>"), OK),
    Row("JATS: blanks", ("a.jats", b'<article article-type="x"><body><p>lamp' + b" " * 60_000 + b"oil</p></body></article>"), OK),
    Row("JSON front matter of quotes", md('{"title": "lamp", ' + '"\\' * 20_000 + "\n\nLight.\n"), OK),
    Row("addresses without an end", md("http://" * 20_000 + "\n"), OK),
    Row("zip with an article of line feeds", bundle(("article.md", b"lamp" + b"\n" * 200_000 + b"oil"), ("b.png", png(1, 1))), OK),
    Row("zip with an article of links left open", bundle(("article.md", b"[[lamp" * 4_000), ("b.png", png(1, 1))), OK),
    Row("picture addresses that are none", md("\n\n".join(f"![x]({url})" for url in NAMES)), OK, to="epub"),
    Row("cover address that is none", front(f"cover: {NAMES[0]}\nurl: {NAMES[3]}", "![x](a.png)"), OK, to="epub"),
    Row("HTML: base address that is none", page(f'<base href="{NAMES[3]}"><img src="a.png"><p>x'), OK),
    Row("picture hosts of 24 KB", md("\n\n".join(f"![x](http://{'h' * 24_000}{n}/)" for n in range(40))), OK, to="epub"),
    Row("SVG: masks in masks", bundle(("article.md", b"![x](a.svg)"), ("a.svg", layers("mask", "mask").encode())), OK, to="pdf"),
    Row("SVG: clips in clips", bundle(("article.md", b"![x](a.svg)"), ("a.svg", layers("clipPath", "clip-path").encode())), OK, to="docx"),
    Row("SVG: variables that double", bundle(("article.md", b"![x](a.svg)"), ("a.svg", f"{SVG}<style>:root {{ {VARIABLES} }} rect {{ fill: var(--v59) }}</style><rect width='9' height='9'/></svg>".encode())), OK, to="pdf"),
    Row("SVG: styles that fetch by escapes", bundle(("article.md", b"![x](a.svg)"), ("a.svg", SVG_FETCHES.encode())), OK, to="epub"),
    Row("css: variables that double", md("text"), "validation-error", {"css": f":root {{ {VARIABLES} }} p {{ margin: var(--v59) }}"}, to="pdf", place="/css"),
    Row("formulas that are long", md(("$" + "a+" * 3_000 + "b$\n\n") * 300), "too-complex", to="pdf"),
    Row("a formula of a matrix", md(r"$\begin{pmatrix}" + "a&" * 5_000 + r"\end{pmatrix}$"), OK, to="epub"),
    Row("a formula of 99,999,999 columns", md(r"x $\begin{array}{*{99999999}{c}}a\end{array}$ y"), OK, to="epub"),
    Row("ODT: a billion spaces", odt(f'<text:p>low<text:s text:c="{HUGE}"/>tide</text:p>'), OK),
    Row("ODT: spaces in many runs", odt("<text:p>" + 'a<text:s text:c="1000"/>' * 9_000 + "</text:p>"), OK),
    Row("ODT: a billion cells", odt(f'<table:table><table:table-column table:number-columns-repeated="{HUGE}"/><table:table-row table:number-rows-repeated="{HUGE}"><table:table-cell table:number-columns-repeated="{HUGE}" table:number-columns-spanned="{HUGE}"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'), OK, to="pdf"),
    Row("XLSX: the last cell of a sheet", xlsx('<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>'), OK),
    Row("XLSX: all cells merged", xlsx('<row r="1"><c r="A1"><v>7</v></c></row>', '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), OK, to="pdf"),
    Row("XLSX: numbers without end", xlsx(f"<row><c><v>1e999</v></c><c><v>nan</v></c><c s='1'><v>{'9' * 5_000}</v></c></row>"), OK),
    Row("HTML: row spans that leave no column", page("<table>" + "<tr><td rowspan=65534>x" * 200 + "</table>"), OK, to="epub"),
    Row("AsciiDoc: a cell repeated", ("a.adoc", b"|===\n99999999*|a\n|===\n"), "too-complex", place=2),
    Row("Typst: lorem", ("a.typ", b"#lorem(100000000)\n"), "too-complex", place=1),
    Row("Typst: columns", ("a.typ", b"#table(columns: 100000000, [a])\n"), "too-complex", place=1),
    Row("LaTeX: columns repeated", ("a.tex", b"\\begin{tabular}{*{99999999}{l}}x\\end{tabular}"), "too-complex", place=1),
    Row("LaTeX: macros that multiply", ("a.tex", b"\\newcommand{\\a}[1]{#1#1#1#1}" + b"".join(b"\\newcommand{\\a%c}[1]{\\a{\\a{#1}}}" % c for c in b"bcdefgh") + b"\\ah{\\ag{\\af{x}}}"), OK),
    Row("rST: backslashes in a field", ("a.rst", b":" + b"\\a" * 60 + b"\n\nLight.\n"), OK),
    Row("a formula of underscores", md("Fill in: $x = ____________________$\n"), OK, to="epub"),
    Row("a formula of scripts in scripts", md("$" + "x_{" * 25 + "a" + "}" * 25 + "$\n"), OK, to="pdf"),
    Row("metadata of 30 digits", md("Light."), OK, {"metadata": '{"shelf": 123456789012345678901234567890}'}, to="epub"),
    Row("css of 5,000 digits", md("Light."), "validation-error", {"css": "p { margin: " + "7" * 5_000 + "px }"}, to="epub", place="/css"),
    Row("org: notes left open", ("a.org", b"lamp [fn:: oil " * 40), "too-complex", place=1),
    Row("org: notes that end in verbatim text", ("a.org", b"lamp [fn:: =]= " * 40), "too-complex", place=1),
    Row("org: notes with links", ("a.org", b"lamp[fn:: [[https://a.example][oil]] burns] " * 200), OK),
    Row("org: programs left open", ("a.org", b"lamp src_oil{ " * 2_000), "too-complex", place=1),
    Row("org: macros", ("a.org", b"#+MACRO: lamp oil\n" * 1_000 + b"\nLight.\n"), "too-complex", place=201),
    Row("org: captions in a row", ("a.org", b"#+CAPTION: lamp\n" * 1_000 + b"| oil |\n"), "too-complex", place=201),
    Row("rST: tables that do not end", ("a.rst", b"=== ===\nlamp\n\n" * 1_000), "too-complex", place=122),
    Row("MediaWiki: bold italics", ("a.wiki", b"'''''lamp''''' oil " * 100), OK),
    Row("MediaWiki: bold italics that overlap", ("a.wiki", b"'''''lamp''oil " * 100), OK),
    Row("MediaWiki: symbols in a row", ("a.wiki", b"lamp " + b"&#" * 10_000), "too-complex", place=1),
    Row("MediaWiki: headings that nothing closes", ("a.wiki", b" lamp\n=" * 5_000), "too-complex", place=302),
    Row("org: brackets", ("a.org", b"[" * 5000), "too-complex", place=1),
    Row("LaTeX: files", ("a.tex", b"\\input{/etc/passwd} \\lstinputlisting{/etc/passwd} text"), OK),
    Row("LaTeX: braces left open", ("a.tex", b"{" * 500), "too-complex", place=1),
    Row("LaTeX: macro that calls itself", ("a.tex", b"\\def\\a{\\a\\a}\\a"), "too-complex", place=1),
    Row("LaTeX: environment that begins itself", ("a.tex", b"\\newenvironment{a}{\\begin{a}}{\\end{a}}\\begin{a}x\\end{a}"), "too-complex", place=1),
    Row("LaTeX: tables in tables", ("a.tex", b"\\begin{tabular}{c}" * 30 + b"x" + b"\\end{tabular}" * 30), "too-complex", place=1),
    Row("LaTeX: conditions", ("a.tex", b"\\iftrue " * 500 + b"x" + b"\\fi " * 500), "too-complex", place=1),
    Row("MediaWiki: marks left open", ("a.wiki", b"''a '''b [[c|{{d|[http://e <ref>" * 200), "invalid-document", place=1),
    Row("MediaWiki: tables in tables", ("a.wiki", b"{|\n|\n" * 60 + b"x\n" + b"|}\n" * 60), "too-complex", place=13),
    Row("MediaWiki: lists", ("a.wiki", b"*" * 300 + b"x"), "too-complex", place=1),
    Row("MediaWiki: comments", ("a.wiki", b"<!--" * 2000), "too-complex", place=1),
    Row("notebook: no JSON", ("a.ipynb", b'{"nbformat": 4, "cells": ['), "invalid-document", place=1),
    Row("notebook: nested deep", ("a.ipynb", b'{"nbformat": 4, "cells": ' + b"[" * 100_000), "invalid-document", place=1),
    Row("notebook: without cells", ("a.ipynb", b'{"nbformat": 4, "cells": []}'), "empty-document", place=1),
    Row("notebook: cells of the wrong kinds", ("a.ipynb", b'{"nbformat": 4, "cells": [1, null, {"cell_type": 7}, {"cell_type": "code", "source": {"a": 1}, "outputs": "x"}]}'), OK),
    Row("notebook: brackets", ("a.ipynb", b'{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "' + b"[" * 5000 + b'"}]}'), OK),
    Row("notebook: a picture that is none", ("a.ipynb", b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": [{"output_type": "display_data", "data": {"image/png": "!!"}}, {"output_type": "display_data", "data": {"image/png": "aaaa"}}]}]}'), OK),
    Row("notebook: NUL", ("a.ipynb", b'{"nbformat": 4, "cells": [{"cell_type": "markdown", "source": "a\\u0000b"}], "metadata": {"title": "\\u0000"}}'), OK),
    Row("table: a million cells", ("a.csv", b"a," * 500_000), "too-complex", place=1),
    Row("table: quotes left open", ("a.csv", b'a,b\n"' + b"x," * 200_000), "invalid-document", place=2),
    Row("table: 60,000 rows", ("a.csv", b"a,b\n" * 60_000), "too-complex", place=20001),
    Row("plain text: nothing", ("a.txt", b" \n"), "empty-document", place=1),
    Row("plain text: 20,000 lines", ("a.txt", b"a\n\n" * 20_000), OK),
    Row("JATS: entities", ("a.jats", b'<!DOCTYPE article [<!ENTITY x SYSTEM "file:///etc/passwd">]><article><body><p>&x;</p></body></article>'), "invalid-document", place=1),
    Row("JATS: a billion laughs", ("a.jats", LAUGHS.replace(b"<d>", b"<article>").replace(b"</d>", b"</article>")), "invalid-document", place=1),
    Row("JATS: sections nested", ("a.jats", b"<article><body>" + b"<sec>" * 5000 + b"</sec>" * 5000 + b"</body></article>"), "too-complex", place=1),
    Row("JATS: spans of a million", ("a.jats", b'<article><body><table-wrap><table><tbody><tr><td colspan="9999999" rowspan="9999999">a</td></tr></tbody></table></table-wrap></body></article>'), OK, to="pdf"),
    Row("JATS: cut short", ("a.jats", b"<article><front>"), "invalid-document", place=1),
    Row("DocBook: inclusions", ("a.dbk", b'<article xmlns:xi="http://www.w3.org/2001/XInclude"><para>x</para><xi:include href="file:///etc/passwd" parse="text"/></article>'), OK),
    Row("DocBook: external DTD", ("a.dbk", f'<!DOCTYPE article SYSTEM "{URL}/x.dtd"><article><para>x</para></article>'.encode()), OK),
    Row("DocBook: entities by parameter", ("a.dbk", f'<!DOCTYPE article [<!ENTITY % x SYSTEM "{URL}"> %x;]><article><para>x</para></article>'.encode()), "invalid-document", place=1),
    Row("DocBook: a million columns", ("a.dbk", b'<article><informaltable><tgroup cols="999999999"><tbody><row><entry>a</entry></row></tbody></tgroup></informaltable></article>'), OK),
    Row("FictionBook: sections nested", ("a.fb2", b"<FictionBook><body>" + b"<section>" * 5000 + b"</section>" * 5000 + b"</body></FictionBook>"), "too-complex", place=1),
    Row("FictionBook: a picture that is none", ("a.fb2", b'<FictionBook><body><section><p>x</p><image href="#a"/></section></body><binary id="a" content-type="image/png">!!</binary></FictionBook>'), OK),
    Row("FictionBook: a note that calls itself", ("a.fb2", b'<FictionBook xmlns:l="http://www.w3.org/1999/xlink"><body><section><p><a type="note" l:href="#a">x</a></p></section></body><body name="notes"><section id="a"><p><a type="note" l:href="#a">x</a></p></section></body></FictionBook>'), OK),
    Row("RTF: groups nested", ("a.rtf", b"{\\rtf1 " + b"{" * 5000 + b"x" + b"}" * 5001), "too-complex", place=1),
    Row("RTF: groups left open", ("a.rtf", b"{\\rtf1 " + b"{" * 500), "invalid-document", place=1),
    Row("RTF: binary without end", ("a.rtf", b"{\\rtf1\\bin99999999 x}"), OK),
    Row("RTF: objects and fields", ("a.rtf", b'{\\rtf1 {\\object\\objemb{\\*\\objdata 0105}}{\\field{\\*\\fldinst DDEAUTO cmd "/C calc"}{\\fldrslt x}}{\\field{\\*\\fldinst INCLUDEPICTURE "file:///etc/passwd"}{\\fldrslt y}} z}'), OK),
    Row("RTF: as DOCX", ("a.docx", b"{\\rtf1 x}"), OK),
    Row("HTML: main text of nothing but chrome", page("<nav class=sidebar>x</nav>" * 20_000), OK, {"extract": "main"}),
    Row("HTML: main text among 20,000 paragraphs", page("<div class=sidebar><p>" + "a word of many</p><p>" * 20_000), OK, {"extract": "main"}),
    Row("PDF without an article of ours", ("a.pdf", b"%PDF-1.7\n" + NOISE), "unsupported-media-type"),
    Row("EPUB with a seal that is none", office("epub", ("mimetype", b"application/epub+zip"), ("META-INF/colophon.sha256", b"x" * 200), ("META-INF/container.xml", b"<a/>"), method=zipfile.ZIP_STORED), "invalid-document"),
    Row("metadata.yaml with an alias bomb", bundle(("article.md", b"text"), ("metadata.yaml", ALIASES.encode())), OK),
    Row("metadata.yaml of words", bundle(("article.md", b"text"), ("metadata.yaml", b"just words")), "invalid-front-matter"),
    Row("validate: alias bomb", front(ALIASES), OK, path="/v1/validate"),
    Row("paper that is a rule", md("text"), "validation-error", {"paper": "a4; } * { background: url(file:///etc/passwd)"}, to="pdf", place="/paper"),
    Row("paper of a kilometre", md("text"), "validation-error", {"paper": "1000000x1000000mm"}, to="pdf", place="/paper"),
    Row("margins that leave nothing", md("text"), "validation-error", {"margin": "104mm"}, to="pdf", place="/margin"),
    Row("font that is a rule", md("text"), "validation-error", {"font": 'x"; } @import url(http://127.0.0.1/)'}, to="pdf", place="/font"),
    Row("header that is a rule", md("text"), OK, {"header": f'"; }} @page {{ background: url({URL}) }} /*'.replace("{", "(").replace("}", ")")}, to="pdf"),
    Row("header of other braces", md("text"), "validation-error", {"header": "{__class__}"}, to="docx", place="/header"),
    Row("header of markup", md("text"), OK, {"header": '</style><script>alert(1)</script>"\\a', "footer": "<w:instrText>DDEAUTO</w:instrText>"}),
    Row("watermark of markup", md("text"), OK, {"watermark": '</text><image href="file:///etc/passwd"/>'}, to="pdf"),
    Row("watermark of markup in Word", md("text"), OK, {"watermark": '"/><v:imagedata src="file:///etc/passwd"/>'}),
    Row("cover of a file", md("text"), "validation-error", {"cover": "../../../etc/passwd"}, to="epub", place="/cover"),
    Row("cover of a title of markup", front("title: '</text><image href=\"file:///etc/passwd\"/>'"), OK, {"cover": "drawn"}, to="pdf"),
    Row("cover of 5,000 letters", front("title: '" + "灯x" * 2500 + "'"), OK, {"cover": "drawn"}, to="epub"),
    Row("cover that is no picture", bundle(("article.md", b"text"), ("c.png", EPS)), OK, {"cover": "c.png"}, to="docx"),
    Row("book of nothing", bundle(("a.png", EPS)), "no-article", {"combine": "true"}, to="epub"),
    Row("book of 2,001 chapters", bundle(*((f"{n}.md", b"text") for n in range(2001))), "too-complex", {"combine": "true"}, to="epub"),
    Row("book of too much text", bundle(*((f"{n}.md", random.Random(n).randbytes(700_000).hex().encode()) for n in range(4))), "too-complex", {"combine": "true"}, to="epub"),
    Row("book with a bad chapter", bundle(("1.md", b"text"), ("2.md", b"*" * 5000 + b"a" + b"*" * 5000)), "too-complex", {"combine": "true"}, to="epub", place=1),
    Row("book with metadata that bites", bundle(("1.md", b"text"), ("metadata.yaml", ALIASES.encode())), OK, {"combine": "true"}, to="epub"),
    Row("css that fetches", md("text"), OK, {"css": f"@import '{URL}'; @font-face {{ font-family: x; src: url({URL}) }} body {{ background: u\\72l({URL}); font-family: x }}"}, to="pdf"),
    Row("css that fetches in a book", md("text"), OK, {"css": f"p {{ background: image-set('{URL}' 1x), url('{URL}') }} @namespace x url({URL});"}, to="epub"),
    Row("css that reads files", md("text"), OK, {"css": "p { content: url(file:///etc/passwd) } @page { background: url('/etc/passwd') }"}, to="pdf"),
    Row("css that leaves its element", md("text"), OK, {"css": "p::before { content: '</style><script>alert(1)</script>' } </style><script>alert(1)</script>"}, to="html"),
    Row("css of huge numbers", md("text"), OK, {"css": "html { font-size: 1e9px } @page { size: 1e9in 1e9in } p { columns: 1e9; margin: -1e99px }"}, to="pdf"),
    Row("css of large numbers", md("text " * 99), OK, {"css": "p { font-size: 19999px; margin: 19999px; columns: 19999 } @page { margin: 9999px }"}, to="pdf"),
    Row("css nested deep", md("text"), "too-complex", {"css": "@media print {" * 5000 + "}" * 5000}, to="pdf"),
    Row("css of brackets", md("text"), OK, {"css": "p { width: " + "calc(" * 3000}, to="pdf"),
    Row("css too long", md("text"), "validation-error", {"css": "p{}" * 100_000}, to="pdf", place="/css"),
    Row("css that is not there", md("text"), "validation-error", {"css": "../../etc/passwd.css"}, to="epub", place="/css"),
    Row("ast: divisions nested", md("<div>" * 20_000), "too-complex", path="/v1/ast", place=1),
    Row("CSL: a macro that calls itself", cited(style=styled("<macro name='a'><text macro='a'/></macro>")), "validation-error", STYLED, place="/csl"),
    Row("CSL: macros that double", cited(style=styled("".join(f"<macro name='{'a' if n == 0 else f'm{n}'}'>" + f"<text macro='m{n + 1}'/>" * 2 + "</macro>" for n in range(40)))), "validation-error", STYLED, place="/csl"),
    Row("CSL: a style without a layout", cited(style=styled("").replace("layout", "lay")), "validation-error", STYLED, place="/bibliography"),
    Row("CSL: a style that is used", cited(style=styled("<macro name='a'><text variable='title'/></macro>")), OK, STYLED),
    Row("CSL: named by the front matter, a macro that calls itself", cited("csl: c.csl", styled("<macro name='a'><text macro='a'/></macro>")), OK),
    Row("BibTeX: a work that inherits from itself", cited(works="@book{a,crossref={a}}"), "validation-error", {"bibliography": "w.bib"}, place="/bibliography"),
    Row("BibTeX: named by the front matter, a work that inherits from itself", cited(works="@book{a,crossref={a}}"), OK),
    Row("BibTeX: environments in a title", cited(works="@book{a,title={" + "\\begin{a}" * 250 + "}}"), "validation-error", {"bibliography": "w.bib"}, place="/bibliography"),
    Row("BibTeX: strings that double", cited(works='@string{a0="xxxxxxxx"}' + "".join(f"@string{{a{n + 1}=a{n} # a{n}}}\n" for n in range(30)) + "@book{a,title=a30}"), "too-complex", place=1),
    Row("ODT: a table without rows", odt("<text:p>lamp</text:p><table:table><table:table-column/></table:table>"), OK),
    Row("ODT: nothing but a table without rows", odt("<table:table/>"), OK),
    Row("JATS: figures in one another", ("a.jats", b"<article><body>" + b"<fig>x" * 50 + b"</fig>" * 50 + b"</body></article>"), OK, to="pdf"),
    Row("HTML: figures in one another", page("<figure>x" * 50 + "</figure>" * 50), OK, to="pdf"),
    Row("callouts in one another", md("\n".join("> " * n + "[!note]\n" + "> " * n for n in range(1, 25)) + "x"), OK, to="pdf"),
)  # fmt: skip
