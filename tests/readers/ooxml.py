"""Presentations and workbooks for the tests: packages of a few parts, as the standard has them."""

from __future__ import annotations

from collections.abc import Mapping

from tests.bad_inputs import packed

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEETS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="' + OFFICE + '"'
SLIDES = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{OFFICE}"'
)
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title><dc:creator>Mara Vogt</dc:creator>'
    "</cp:coreProperties>"
)


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """The relationships part: id → type and target; a target with a scheme is external."""
    each = (
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if ":" in target else "/>")
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}">{"".join(each)}</Relationships>'


def workbook(
    sheets: Mapping[str, str], texts: str = "", styles: str = "", hidden: str = "", links: Mapping[str, str] | None = None
) -> bytes:
    """`sheets` are the contents of `worksheet` elements by name."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}" state="{"hidden" if name == hidden else "visible"}"/>'
        for number, name in enumerate(sheets, 1)
    )
    targets = {f"r{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)}
    targets |= {"s": ("sharedStrings", "sharedStrings.xml"), "t": ("styles", "styles.xml")}
    parts = {
        "[Content_Types].xml": "<Types/>", "_rels/.rels": relations({"r": ("officeDocument", "xl/workbook.xml")}),
        "docProps/core.xml": CORE.format(title="Tides"),
        "xl/workbook.xml": f"<workbook {SHEETS}><sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(targets),
        "xl/sharedStrings.xml": f"<sst {SHEETS}>{texts}</sst>", "xl/styles.xml": f"<styleSheet {SHEETS}>{styles}</styleSheet>",
        "xl/worksheets/_rels/sheet1.xml.rels": relations({key: ("hyperlink", url) for key, url in (links or {}).items()}),
    }  # fmt: skip
    parts |= {
        f"xl/worksheets/sheet{number}.xml": f"<worksheet {SHEETS}>{each}</worksheet>"
        for number, each in enumerate(sheets.values(), 1)
    }
    return packed(*((name, text.encode()) for name, text in parts.items()))


def presentation(
    *slides: str, title: str = "PowerPoint Presentation", links: Mapping[str, tuple[str, str]] | None = None
) -> bytes:
    """`slides` are the shapes of each."""
    ids = "".join(f'<p:sldId id="{255 + number}" r:id="r{number}"/>' for number in range(1, len(slides) + 1))
    parts = {
        "[Content_Types].xml": "<Types/>", "_rels/.rels": relations({"r": ("officeDocument", "ppt/presentation.xml")}),
        "docProps/core.xml": CORE.format(title=title),
        "ppt/presentation.xml": f"<p:presentation {SLIDES}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            {f"r{n}": ("slide", f"slides/slide{n}.xml") for n in range(1, len(slides) + 1)}
        ),
        "ppt/slides/_rels/slide1.xml.rels": relations(links or {}),
    }  # fmt: skip
    for number, shapes in enumerate(slides, 1):
        parts[f"ppt/slides/slide{number}.xml"] = f"<p:sld {SLIDES}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
    return packed(*((name, text.encode()) for name, text in parts.items()))


def shape(text: str, kind: str | None = None) -> str:
    """A shape with paragraphs; `kind` is that of a placeholder."""
    place = "" if kind is None else f'<p:ph type="{kind}"/>' if kind else "<p:ph/>"
    return f"<p:sp><p:nvSpPr><p:cNvPr id='1' name=''/><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>"


def line(text: str, about: str = "", run: str = "") -> str:
    return f"<a:p>{about}<a:r>{run}<a:t>{text}</a:t></a:r></a:p>"
