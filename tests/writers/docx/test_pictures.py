"""Pictures: a drawing as SVG and as a sharp PNG, descriptions, and sizes within the cell."""

from __future__ import annotations

import io
from collections.abc import Callable

from lxml import etree
from PIL import Image

from service.ast.pandoc_ast import Node, attr, image, para, plain, string
from service.engines import Engines
from service.engines.images import fitting
from service.model.document import Asset, Conversion, Document, Metadata, Source
from service.passes import assets
from service.writers import docx
from tests.writers.docx.conftest import Opened, W

Make = Callable[..., Opened]
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="100"><circle cx="50" cy="50" r="40"/></svg>'


def test_a_drawing_is_an_svg_next_to_a_sharp_png(conversion: Callable[..., Conversion], engines: Engines) -> None:
    block = para([image([string("A disc")], "disc.svg")])
    document = Document(Metadata(title="T"), (block,), Source("a.md", b""), assets={"disc.svg": Asset("disc.svg", DRAWING)})
    document = fitting.fit(document, docx.WRITER.images, 85)
    assert not document.notices
    made = Opened(docx.write(assets.run(document, conversion("docx")), conversion("docx"), engines).data)
    (name,) = [name for name in made.parts if name.endswith(".png")]
    assert Image.open(io.BytesIO(made.parts[name])).size == (900, 300)
    (extent,) = made.find("//wp:inline/wp:extent")
    assert round(int(extent.get("cx", "0")) / 9525) == 300  # as wide as the SVG says
    (vector,) = made.find("//a:blip//asvg:svgBlip")
    target = "word/_rels/document.xml.rels"
    embedded = vector.get(f"{{{made.SPACES['r']}}}embed")
    assert f'Id="{embedded}"'.encode() in made.parts[target]
    assert b"<circle" in made.parts[name.replace(".png", ".svg")]
    assert b'Extension="svg"' in made.parts["[Content_Types].xml"]


def test_a_picture_is_described_or_decoration_where_the_author_says_so(opened: Make) -> None:
    made = opened("Here ![a hill](colophon.png), ![](colophon.png){.decorative} and ![](colophon.png 'a river').")
    frames = made.find("//wp:docPr")
    assert [each.get("descr") for each in frames] == ["a hill", "", "a river"]
    assert [bool(made.find(".//adec:decorative", each)) for each in frames] == [False, True, False]


def test_a_picture_without_a_description_claims_nothing(opened: Make) -> None:
    (frame,) = opened("Here ![](colophon.png).").find("//wp:docPr")
    assert (frame.get("descr"), frame.get("title"), len(frame)) == ("", "", 0)


def test_text_stands_right_at_a_picture(opened: Make) -> None:
    (frame,) = opened("![A lamp](colophon.png)").find("//wp:inline")
    assert {frame.get(side) for side in ("distT", "distB", "distL", "distR")} == {"0"}


def test_a_picture_in_a_table_fits_its_column(opened: Make) -> None:
    made = opened("| one | two | three |\n|---|---|---|\n| ![x](colophon.png) | words | words |")
    (cell,) = made.find("//w:tc[.//wp:inline]")
    (room,) = made.find("w:tcPr/w:tcW", cell)
    (extent,) = made.find(".//wp:extent", cell)
    assert int(extent.get("cx", "0")) <= int(room.get(f"{{{made.SPACES['w']}}}w", "0")) * 635


def test_pictures_without_words_stand_in_the_middle(opened: Make) -> None:
    made = opened("![A](colophon.png) ![B](colophon.png)\n\nA word ![C](colophon.png)\n\n- ![D](colophon.png)\n")
    sides = [made.find("w:pPr/w:jc", each) for each in made.find("//w:p[.//wp:inline]")]
    assert [bool(each) for each in sides] == [True, False, False]


def shown(
    blocks: list[Node], engines: Engines, conversion: Callable[..., Conversion], size: tuple[int, int] = (1200, 600)
) -> Opened:
    drawn = io.BytesIO()
    Image.new("RGB", size).save(drawn, "PNG")
    document = Document(
        Metadata(title="T"), tuple(blocks), Source("a.md", b""), assets={"a.png": Asset("a.png", drawn.getvalue())}
    )
    document = fitting.fit(document, docx.WRITER.images, 85)
    return Opened(docx.write(assets.run(document, conversion("docx")), conversion("docx"), engines).data)


def at_side(side: str, width: str = "") -> Node:
    return image([string("A lamp")], "a.png", "", attr("", [f"float-{side}"], {"width": width} if width else {}))


def test_a_picture_at_one_side_is_anchored_and_text_flows_next_to_it(
    conversion: Callable[..., Conversion], engines: Engines
) -> None:
    made = shown([para([at_side("right")]), para([string("Text")])], engines, conversion)
    assert not made.find("//wp:inline")
    (anchor,) = made.find("//w:p[.//w:t='Text']//wp:anchor")
    names = [etree.QName(each).localname for each in anchor]
    assert names[:3] == ["simplePos", "positionH", "positionV"]
    assert names.index("wrapSquare") == names.index("docPr") - 1
    assert int(made.find(".//wp:extent", anchor)[0].get("cx", "0")) <= 8402 * 635 * 0.6
    assert not [each for each in made.find("//w:p") if not list(each.iter(f"{{{W}}}t")) and len(each) > 1]


def test_a_figure_at_one_side_has_a_frame_with_its_caption(conversion: Callable[..., Conversion], engines: Engines) -> None:
    inner = [plain([image([string("A lamp")], "a.png", "", attr("", [], {"width": "200px"}))])]
    figure = {"t": "Figure", "c": [attr("", ["float-left"]), [None, [plain([string("Said")])]], inner]}
    made = shown([figure, para([string("Text")])], engines, conversion)
    frames = made.find("//w:p[w:pPr/w:framePr]/w:pPr/w:framePr")
    assert [each.get(f"{{{W}}}xAlign") for each in frames] == ["left", "left"]
    assert {each.get(f"{{{W}}}w") for each in frames} == {"3000"}


def test_pictures_of_one_line_stand_side_by_side(conversion: Callable[..., Conversion], engines: Engines) -> None:
    plain_one = image([string("A lamp")], "a.png")
    made = shown([para([plain_one, {"t": "Space"}, plain_one]), para([plain_one])], engines, conversion)
    first, second, alone = (int(each.get("cx", "0")) for each in made.find("//wp:inline/wp:extent"))
    assert first == second and first + second <= 8402 * 635 and alone > 1.9 * first


def test_the_placeholder_of_a_missing_picture_has_its_style_and_place(opened: Make) -> None:
    """Alone it stands where its picture would; its link does not show it as a link (ECMA-376 part 1, 17.3.2.29: rStyle)."""
    made = opened(
        "[[\\[Image: A quay\\]](https://harbour.example/quay.png)]{.missing-image}\n\n"
        "Here [\\[Image: a boat\\]]{.missing-image} and words."
    )
    runs = made.texts("//w:r[w:rPr/w:rStyle/@w:val='MissingImage']")
    assert "".join(runs) == "[Image: A quay][Image: a boat]"
    assert made.texts("//w:hyperlink") == ["[Image: A quay]"]
    assert made.texts("//w:p[w:pPr/w:jc/@w:val='center']") == ["[Image: A quay]"]
