"""The words of files of every format by short rules, and those of an EPUB, without the readers' own code."""

from __future__ import annotations

import html
import html.parser
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.parsers import expat

WORD = re.compile(r"[^\W_]+")
# Elements of a page or package whose character data no reader shows.
UNREAD = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "instrText",
        "delText",
        "delInstrText",
        "annotation",
        "math",
        "binary",
        "posOffset",
        "pctWidth",
        "pctHeight",
        "pctPosHOffset",
        "pctPosVOffset",
        "align",
        "tableStyleId",
        "attrName",
        "generator",
        "editing-duration",
        "editing-cycles",
        "print-date",
    }
)
PARTS = re.compile(
    r"word/(?:document|footnotes|endnotes|comments|header|footer)\d*\.xml|content\.xml|meta\.xml|docProps/(?:core|custom)\.xml"
    r"|ppt/slides/slide\d+\.xml|ppt/notesSlides/.*\.xml|xl/sharedStrings\.xml|.*\.x?html?"
)
TEXT_CUTS: dict[str, tuple[re.Pattern[str], ...]] = {
    "latex": (
        re.compile(r"\A.*?\\begin\{document\}|\\end\{document\}.*", re.S), re.compile(r"(?<!\\)%.*"),
        re.compile(r"\\(?:[vh]space|index|indexsee|includegraphics|color|setlength|setcounter|addtocounter)\*?(?:\[[^]]*\])*(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})+"),
        re.compile(r"-?\d*\.?\d+\s*(?:pt|cm|mm|in|em|ex)\b"), re.compile(r"\{[lcr|@{}p\s]+\}"),
        re.compile(r"\\(?:usepackage|RequirePackage|documentclass|label|ref|eqref|cite\w*|bibliography\w*|include\w*|input)\*?(?:\[[^]]*\])*\{[^}]*\}"),
        re.compile(r"\\(?:begin|end)\{[^}]*\}(?:\[[^]]*\])?"), re.compile(r"\\[A-Za-z@]+\*?"),
    ),
    "markdown": (
        re.compile(r"<!--.*?-->", re.S), re.compile(r"</?[A-Za-z][^<>]*>"), re.compile(r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*"),
        re.compile(r"^\s*\[[^]\n]+\]:.*$", re.M), re.compile(r"\S+://\S+"), re.compile(r"^[ >]*(?:```|~~~).*$", re.M),
    ),
    "rst": (re.compile(r"^\s*\.\. .*$", re.M), re.compile(r":[\w.-]+:"), re.compile(r"<[^>\n]*>"), re.compile(r"\S+://\S+")),
    "asciidoc": (
        re.compile(r"\A---\n.*?\n---\n", re.S), re.compile(r"^////+\n.*?^////+$", re.S | re.M), re.compile(r"^//.*$", re.M),
        re.compile(r"^:[\w!-]+:.*$", re.M), re.compile(r"^\[[^]\n]*\]$", re.M), re.compile(r"\b\w+::?(?=[^\s:\[]*\[)[^\s\[]*"),
        re.compile(r"<<[^>,\n]*,?|\{[\w-]+\}|\[(?:[.#]|role)[^]\n]*\]"), re.compile(r"\S+://[^\s\[]+"),
        re.compile(r"^\|===.*$|^ifdef::.*$|^ifndef::.*$|^endif::.*$|^include::.*$|^toc::.*$", re.M),
        re.compile(r"(?<=[^\w\s])(?:width|height|cols|options|link|window|align|alt|role|float|title|scaledwidth)=\"?[^\",\]]*"),
    ),
    "org": (re.compile(r"^\s*#.*$", re.M), re.compile(r"<[^<>\n]*>"), re.compile(r"@@\w+:"),
            re.compile(r"\[\[[^]]*\](?=\[)"), re.compile(r"^\s*:\w+:.*$", re.M),
            re.compile(r"\\[a-z]+")),
    "mediawiki": (
        re.compile(r"<!--.*?-->", re.S), re.compile(r"\{\{[^{}]*\}\}"), re.compile(r"</?[A-Za-z][^<>]*>"),
        re.compile(r"^\{\|.*$|^\|-.*$", re.M), re.compile(r"[\w-]+ *= *(?:\"[^\"\n]*\"|[\w#%]+)(?=[^\n]*\|)"),
        re.compile(r"\[\[(?:File|Image|Category|Fichier|Datei|Kategorie|Bilete|Catégorie)[^]\n]*\]\]", re.I),
        re.compile(r"\[\[[^]|]*\|"), re.compile(r"\[?\S+://\S+"), re.compile(r"__[A-Z]+__"),
    ),
}  # fmt: skip
RTF_SKIPPED = re.compile(rb"\{\\\*|\{\\(?:fonttbl|colortbl|stylesheet|pict)\b")


INLINE_WORDS = """a abbr b bdi bdo cite code data dfn em font i kbd mark q s samp small span strong sub sup time u var wbr big
    tt italic bold sc underline monospace ext-link uri xref named-content styled-content emphasis literal link ulink phrase
    subscript superscript strike r t rPr p-r rFonts lang bookmarkStart bookmarkEnd proofErr sz szCs color bCs iCs"""
INLINE = frozenset(INLINE_WORDS.split())
INLINE_TAG = re.compile(rf"</?(?:{'|'.join(sorted(INLINE))})(?=[\s/>])[^<>]*>")


def words(text: str) -> Counter[str]:
    """The words of `text`, with accents and compatibility forms folded."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return Counter(WORD.findall(plain.replace("\u00ad", "").replace("\u200b", "").casefold()))


def of_xml(data: bytes) -> str:
    """The character data without that of the elements UNREAD, with a blank between elements that are blocks."""
    out: list[str] = []
    depth = 0
    parser = expat.ParserCreate()
    parser.UseForeignDTD(True)

    def start(name: str, _: Any) -> None:
        nonlocal depth
        local = name.rpartition(":")[2]
        depth += depth > 0 or local in UNREAD
        out.append("\n" if local not in INLINE else "")

    def end(name: str) -> None:
        nonlocal depth
        depth -= depth > 0
        out.append("\n" if name.rpartition(":")[2] not in INLINE else "")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda text: out.append("" if depth else text)
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError):
        out.append("")
    return "".join(out)


class _Page(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self.inside += tag in UNREAD
        self.out.append("" if tag in INLINE else "\n")

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag in UNREAD and self.inside > 0
        self.out.append("" if tag in INLINE else "\n")

    def handle_data(self, data: str) -> None:
        self.out.append("" if self.inside else data)


def of_html(data: bytes) -> str:
    page = _Page()
    page.feed(decoded(data))
    return "".join(page.out)


def decoded(data: bytes) -> str:
    for name in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def of_package(data: bytes) -> str:
    """The parts of a DOCX, ODT, EPUB, PPTX or XLSX that hold text."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [name for name in package.namelist() if PARTS.fullmatch(name)]
        return "\n".join(
            of_html(package.read(name)) if name.endswith(("html", "htm")) else of_xml(package.read(name)) for name in names
        )


def of_notebook(data: bytes) -> str:
    found = json.loads(decoded(data))
    cells = found.get("cells") or [cell for sheet in found.get("worksheets", ()) for cell in sheet.get("cells", ())]

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            for each in value:
                yield from texts(each)

    out = []
    for cell in cells:
        out.append(_cut("".join(texts(cell.get("source", cell.get("input")))), "markdown"))
        out += ["".join(texts(output.get("text"))) for output in cell.get("outputs", ())]
    return "\n".join(out)


def of_rtf(data: bytes) -> str:
    """The words of groups that no control word marks as ignorable; escapes of characters end a word."""
    text = data.decode("latin-1")
    depth, hidden, out, at = 0, 0, [], 0
    for found in re.finditer(
        r"\{\\\*|\{\\(?:fonttbl|colortbl|stylesheet|pict|info)\b|[{}]|\\[a-zA-Z]+-?\d* ?|\\'..|\\.|\r?\n", text
    ):
        out.append("" if hidden else text[at : found.start()])
        at, token = found.end(), found.group()
        if token[0] == "{":
            depth += 1
            hidden = hidden or (depth if len(token) > 1 else 0)
        elif token == "}":
            hidden = 0 if hidden == depth else hidden
            depth -= 1
        elif token[:4] in ("\\par", "\\tab", "\\cel", "\\row", "\\lin") and not hidden:
            out.append("\n")
        elif token[:2] in ("\\u", "\\'") and not hidden:
            out.append("\0")
    return re.sub(r"[^\W_]*\0[^\s]*", " ", "".join(out))


def _cut(text: str, format: str) -> str:
    for pattern in TEXT_CUTS.get(format, ()):
        text = pattern.sub(" ", text)
    return text


def of_text(format: str) -> Callable[[bytes], str]:
    """The lines without what TEXT_CUTS names; nothing of a text that is not UTF-8, whose encoding only a reader knows."""

    def found(data: bytes) -> str:
        try:
            return html.unescape(_cut(data.decode("utf-8-sig"), format))
        except UnicodeDecodeError:
            return ""

    return found


# Suffix → the name of the row, and how its words are found.
FORMATS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    ".md": ("markdown", of_text("markdown")), ".markdown": ("markdown", of_text("markdown")),
    ".qmd": ("markdown", of_text("markdown")),
    ".rst": ("rst", of_text("rst")), ".org": ("org", of_text("org")), ".tex": ("latex", of_text("latex")),
    ".wiki": ("mediawiki", of_text("mediawiki")), ".mediawiki": ("mediawiki", of_text("mediawiki")),
    ".txt": ("text", of_text("text")), ".csv": ("csv", of_text("csv")), ".textile": ("textile", of_text("markdown")),
    ".asciidoc": ("asciidoc", of_text("asciidoc")),
    ".adoc": ("asciidoc", of_text("asciidoc")), ".dj": ("djot", of_text("markdown")), ".typ": ("typst", of_text("markdown")),
    ".html": ("html", of_html), ".htm": ("html", of_html), ".xhtml": ("html", of_html),
    ".jats": ("jats", of_xml), ".nxml": ("jats", of_xml), ".dbk": ("docbook", of_xml), ".docbook": ("docbook", of_xml),
    ".xml": ("xml", of_xml), ".fb2": ("fb2", of_xml), ".rtf": ("rtf", of_rtf), ".ipynb": ("ipynb", of_notebook),
    ".docx": ("docx", of_package), ".odt": ("odt", of_package), ".epub": ("epub", of_package), ".pptx": ("pptx", of_package),
    ".xlsx": ("xlsx", of_package),
}  # fmt: skip


def kept(artifact: Any) -> Counter[str]:
    """The words of an EPUB: its pages, alternative texts, package, record, and the data of the notices."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as book:
        for name in book.namelist():
            if name.endswith((".xhtml", ".opf", ".json", ".svg")):
                data = book.read(name)
                texts.append(of_output(data) if name[-4:] != "json" else " ".join(_strings(json.loads(data))))
    texts += [each.message + " " + " ".join(_strings(dict(each.data))) for each in artifact.notices]
    return words("\n".join(texts))


def of_output(data: bytes) -> str:
    """Character data, formulas too, and the values of attributes."""
    text = data.decode("utf-8", "replace")
    joined = INLINE_TAG.sub("", text)
    return html.unescape(re.sub(r"<[^<>]*>", "\n", joined) + "\n" + " ".join(re.findall(r"=\"([^\"]*)\"", text)))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str | int | float):
        yield str(value)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _strings(each)
