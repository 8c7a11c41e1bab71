"""Terms without a definition, and definitions without a term: every reader keeps them, every writer shows them."""

from __future__ import annotations

import io
import zipfile

import pypdfium2
import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.pipeline import steps
from tests.readers import markups, office

XML = "<article{}><title>T</title><para>Start.</para>{}</article>"
TEXTS: dict[str, tuple[str, ...]] = {
    "a.md": ("<dl><dt>Loess</dt><dt>Marl</dt><dd>soft</dd><dt>Shale</dt></dl>",
             "Loess\n: soft\n\n<dl><dt>Marl</dt></dl>\n\nShale"),
    "a.html": ("<dl><dt>Loess</dt><dt>Marl</dt><dd>soft</dd><dt>Shale</dt></dl>",
               "<dl><dt>Loess</dt></dl><dl><dd>Marl soft</dd></dl>Shale",
               "<dl><div><dt>Loess</dt></div><div><dt>Marl</dt><dd>soft</dd></div>Shale</dl>"),
    "a.rst": ("Loess\n   soft\n\nMarl\n   \n\nShale\n", "T\n=\n\nLoess\n   soft\nMarl\n   low\n\nShale",
              ":date: 2024\n\nLoess\n   Marl soft\n\nShale",
              ".. glossary::\n\n   Loess\n   Marl\n      soft\n\n   Shale\n"),
    "a.tex": ("\\begin{document}\n"
              "\\begin{description}\n\\item[Loess]\n\\item[Marl] soft\n\\item[Shale]\n\\end{description}\n\\end{document}",),
    "a.org": ("- Loess ::\n- Marl :: soft\n- Shale ::\n",),
    "a.wiki": ("; Loess\n; Marl\n: soft\n; Shale\n", "; Loess\n\n: Marl soft\n\n; Shale"),
    "a.adoc": ("Start.\n\nLoess::\nMarl:: soft\nShale::\n",),
    "a.textile": ("- Loess :=\n- Marl := soft\n- Shale :=\n",),
    "a.typ": ("/ Loess: \n/ Marl: soft\n/ Shale: \n",),
    "a.dj": (": Loess\n\n: Marl\n\n  soft\n\n: Shale\n",),
    "a.dbk": (
        XML.format("", "<variablelist><varlistentry><term>Loess</term></varlistentry><varlistentry><term>Marl</term>"
                   "<term>Shale</term>"
                   "<listitem><para>soft</para></listitem></varlistentry></variablelist>"),
        XML.format("", "<glosslist><glossentry><glossterm>Loess</glossterm></glossentry><glossentry><glossterm>Marl</glossterm>"
                   "<glossdef><para>soft</para></glossdef></glossentry></glosslist><para>Shale</para>"),
    ),
    "a.jats": ("<article><body><def-list><def-item><term>Loess</term></def-item><def-item><term>Marl</term><def><p>soft</p></def>"
               "</def-item><def-item><term>Shale</term></def-item></def-list></body></article>",),
    "a.fb2": ("<FictionBook><body><section>"
              "<dl><dt>Loess</dt><dt>Marl</dt><dd>soft</dd><dt>Shale</dt></dl></section></body></FictionBook>",),
}  # fmt: skip
CASES = [(name, number) for name, texts in TEXTS.items() for number in range(len(texts))]
WORDS = ("Loess", "Marl", "soft", "Shale")


@pytest.mark.parametrize(("name", "number"), CASES)
def test_readers_keep_them(name: str, number: int, engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(TEXTS[name][number], name, engines, conversion("epub"))
    said = markups.said(document)
    assert [word for word in WORDS if word not in said] == []
    assert "text-missing" not in markups.codes(document)


def test_word_styles(engines: Engines, conversion: office.Recipe) -> None:
    """pandoc writes terms and definitions as paragraph styles; a term may be alone."""
    style = '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    pairs = (("DefinitionTerm", "Loess"), ("DefinitionTerm", "Marl"), ("Definition", "soft"), ("DefinitionTerm", "Shale"))
    document = office.read(office.word("".join(style.format(*each) for each in pairs)), "docx", engines, conversion("pdf"))
    assert [word for word in WORDS if word not in office.said(document)] == []


@pytest.mark.parametrize("target", ["epub", "docx", "pdf", "html", "markdown"])
def test_writers_show_them(target: str, engines: Engines, conversion: markups.Recipe) -> None:
    recipe = conversion(target)
    document = markups.read(TEXTS["a.html"][0] + "<dl><dt>Gravel</dt></dl>", "a.html", engines, recipe)
    assert len(list(pandoc_ast.query(document.blocks, {"DefinitionList"}))) == 2
    data = steps.write(document, recipe, target, engines).data
    if target == "pdf":
        said = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    elif target in ("epub", "docx"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            said = "".join(
                package.read(name).decode() for name in package.namelist() if name.endswith((".xhtml", "document.xml"))
            )
    else:
        said = data.decode()
    assert [word for word in (*WORDS, "Gravel") if word not in said] == []
