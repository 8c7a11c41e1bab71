"""A style sheet of the caller's own: it styles, and does nothing else."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from service.engines import Engines
from service.model.document import Asset, Conversion, Document
from service.model.errors import ValidationFailed
from service.style.custom_css import cleaned
from service.writers import WRITERS
from tests.writers.conftest import PICTURE

Make = Callable[..., Document]
Convert = Callable[..., Conversion]
CSS = "@page { size: 100mm 120mm; margin: 10mm } h2, h3 { color: #123456 !important }"


@pytest.mark.parametrize(
    "css",
    [
        "p { color: red; margin: 0 1em }", "@media print { p > a:hover { color: red } }",
        "@page :left { @top-left { content: 'x' } }",
        "p::before { content: '\\201C' }", "@supports (display: grid) { p { display: grid } }", "p { width: calc(1em + 2px) }",
        "p { & a { color: red } }",
    ],
)  # fmt: skip
def test_what_styles_is_kept(css: str) -> None:
    sheet = cleaned(css)
    assert not sheet.dropped
    kept, meant = (tinycss2.serialize(tinycss2.parse_component_value_list(text)) for text in (sheet.css, css))
    assert "".join(kept.replace(";", "").split()) == "".join(meant.replace(";", "").split())


@pytest.mark.parametrize(
    "css",
    [
        "@import 'x.css';", "@import url(x);", "@font-face { font-family: a; src: local(b) }", "@namespace url(x);",
        "@charset 'x';",
        "p { background: url(http://a/) }", "p { background: URL('x') }", "p { background: u\\72 l(x) }", "p { width: 1e9px }",
        "p { background: image-set('a.png' 1x) }", "p { content: src('x') }", "p { behavior: x }", "p { width: expression(1) }",
        "p { background: linear-gradient(red, url(x)) }", "@page { background: url(x) }", "@media print { p { cursor: url(x) } }",
        "p { background: url(unclosed", "} p { }", "p { --a: url(x); color: var(--a) }", "@unknown { p { } }",
        "p { width: 1e999px }",
    ],
)  # fmt: skip
def test_what_fetches_is_dropped(css: str) -> None:
    sheet = cleaned(css)
    assert sheet.dropped
    assert not any(
        word in sheet.css.lower() for word in ("url", "import", "font-face", "expression", "behavior", "image-set", "e9")
    )


@given(st.text(alphabet="abp{}()[]@:;'\"\\/*<>!-# \n\t0e9url%.,&", max_size=80))
def test_nothing_leaves_the_sheet(css: str) -> None:
    """The result is a whole sheet: parsed again it is the same, and it does not end a style element or a rule of the service."""
    sheet = cleaned(css)
    again = cleaned(sheet.css)
    assert again.css == sheet.css and not again.dropped
    assert "</" not in sheet.css and "url(" not in sheet.css.lower()
    rules = tinycss2.parse_stylesheet(f"{sheet.css}\nlast {{ }}", skip_comments=True, skip_whitespace=True)
    assert tinycss2.serialize(rules[-1].prelude).strip() == "last"


def test_in_every_format(make_document: Make, conversion: Convert, engines: Engines) -> None:
    document = make_document("## Heading\n\nText.")
    pdf = WRITERS["pdf"].write(document, conversion("pdf", css=CSS), engines)
    with pikepdf.open(io.BytesIO(pdf.data)) as file:
        assert [round(float(each) / 72 * 25.4) for each in file.pages[0].mediabox] == [0, 0, 100, 120]
    epub = WRITERS["epub"].write(document, conversion("epub", css=CSS), engines).data
    with zipfile.ZipFile(io.BytesIO(epub)) as archive:
        assert "#123456 !important" in archive.read("EPUB/styles/article.css").decode()
    assert "#123456 !important" in WRITERS["html"].write(document, conversion("html", css=CSS), engines).data.decode()


def test_what_is_dropped_is_reported(make_document: Make, conversion: Convert, engines: Engines) -> None:
    written = WRITERS["epub"].write(make_document("x"), conversion("epub", css='@import "x"; p { color: red }'), engines)
    (reported,) = [each for each in written.notices if each.code == "css-dropped"]
    assert reported.data["dropped"] == ['@import "x";'] and reported.severity == "warning"


def test_uploaded_sheets(make_document: Make, conversion: Convert, engines: Engines) -> None:
    document = make_document("x")
    sheets = (Asset("style.css", b"p { color: #111111 }"), Asset("other.css", b"p { color: #222222 }"))
    document = replace(document, source=replace(document.source, assets=sheets))
    for asked, expected in (("", ["#111111"]), ("other.css", ["#111111", "#222222"]), ("style.css", ["#111111"])):
        text = WRITERS["html"].write(document, conversion("html", css=asked), engines).data.decode()
        assert [color for color in ("#111111", "#222222") if f"color: {color}" in text] == expected
    with pytest.raises(ValidationFailed, match=r"No style sheet 'x\.css'"):
        WRITERS["epub"].write(document, conversion("epub", css="x.css"), engines)


OWN = (
    "p { background: url(img/a.png) no-repeat }"
    " h2 { background: url( 'b%20c.svg' ); quotes: 'url(media/0123456789abcdef.png)' '' } h3 { background: url(http://a/a.png)}"
)


@pytest.mark.parametrize("target", ["pdf", "epub", "html"])
def test_pictures_of_the_upload_are_shown(target: str, make_document: Make, conversion: Convert, engines: Engines) -> None:
    """Under media names, in every format; any other address is dropped with a notice."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    uploads = (Asset("./img/a.png", PICTURE.read_bytes()), Asset("b c.svg", svg), Asset("unused.png", PICTURE.read_bytes()))
    document = make_document("## H\n\nText.\n\n### H\n")
    document = replace(document, source=replace(document.source, assets=uploads))
    written = WRITERS[target].write(document, conversion(target, css=OWN), engines)
    (reported,) = [each for each in written.notices if each.code == "css-dropped"]
    assert reported.data["dropped"] == ["background: url(http://a/a.png)"]
    assert not [each for each in written.notices if each.code == "engine-message"]
    if target == "pdf":
        with pikepdf.open(io.BytesIO(written.data)) as file:
            assert [each for each in file.objects if isinstance(each, pikepdf.Stream) and each.get("/Subtype") == "/Image"]
    elif target == "epub":
        with zipfile.ZipFile(io.BytesIO(written.data)) as archive:
            css = archive.read("EPUB/styles/article.css").decode()
            names = re.findall(r"url\(\.\./(media/[^)]+)\)", css)
            assert len(names) == 2 and all(f"EPUB/{name}" in archive.namelist() for name in names)
            assert all(name in archive.read("EPUB/content.opf").decode() for name in names)
    else:
        assert written.data.decode().count("url(data:image/") == 2


DOUBLING = [f"--v{n}: var(--v{n - 1}) var(--v{n - 1});" for n in range(1, 40)]


@pytest.mark.parametrize(
    "css",
    [
        ":root { --v0: 1px; " + "".join(DOUBLING) + " } p { margin: var(--v39) }",
        ":root { " + "".join(reversed(DOUBLING)) + " --v0: 1px }",
        "".join(f"p.c{n} {{ {one} }}" for n, one in enumerate(DOUBLING)) + " p { --v0: 1px }",
        ":root { " + "".join(DOUBLING).replace("--v", "--\\76 ") + " }",
        ":root { --a: " + "x" * 5_000 + " } p { content: " + "var(--a) " * 200 + " }",
        ":root { --v0: 1px; " + "".join(f"--v{n}: calc(var(--v{n - 1}) + var(--v{n - 1}, 2px));" for n in range(1, 40)) + " }",
    ],
)
def test_variables_that_double_are_refused(css: str) -> None:
    with pytest.raises(ValidationFailed, match="variables") as caught:
        cleaned(css)
    assert caught.value.places[0].pointer == "/css"


@pytest.mark.parametrize(
    "css",
    [
        ":root { --a: var(--b); --b: var(--a) var(--a) }",
        ":root { --a: var(--a) var(--a) }",
        ":root { --a: 1px } " + "p { margin: var(--a) var(--a, 2px) var(--none) } " * 2_000,
        ":root { " + "".join(f"--v{n}: var(--v{n - 1});" for n in range(1, 800)) + " }",
    ],
)
def test_other_variables_are_kept(css: str) -> None:
    assert "var(--" in cleaned(css).css
