"""Pictures of each construct for docs/constructs.md: `python -m tools.construct_pictures`.

Prints each file of tests/constructs as a PDF, and cuts the content out of its first page. Needs poppler-utils.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import yaml
from PIL import Image, ImageChops

from schemas import options
from service.ast import pandoc_ast
from service.engines import Engines
from service.engines.pandoc.process import Pandoc
from service.model.blocks import Blocks
from service.model.document import Asset, Document, Source
from service.model.settings import Settings
from service.pipeline import steps

ROOT = Path(__file__).resolve().parent.parent
CONSTRUCTS, PICTURES = ROOT / "tests" / "constructs", ROOT / "docs" / "pictures" / "constructs"
PICTURE = ROOT / "examples" / "images" / "colophon.png"
RESOLUTION, EDGE, COLOURS = 96, 12, 64
MEASURE = {"paper": "130x150mm", "margin": "10mm", "header": "none", "footer": "none", "title_fields": "none"}
NO_TITLE = "h1.title, .title-block { display: none }"


def document(construct: dict[str, Any], engines: Engines) -> Document:
    """The construct as an article: read by the product, or in the shape from readers."""
    head = f"---\ntitle: A construct\nlang: {construct.get('lang', 'en')}\n---\n\n"
    picture = Asset("colophon.png", PICTURE.read_bytes())
    source = Source("a.md", (head + construct["source"]).encode(), assets=(picture,))
    made = steps.read(source, options.defaults("pdf"), engines)
    if not construct.get("shape"):
        return made
    data, _ = engines.pandoc.read(construct["source"], "markdown-raw_html-yaml_metadata_block")
    return Document(made.metadata, Blocks(pandoc_ast.loads(data)), source, "markdown", assets={picture.name: picture})


def draw(file: Path, engines: Engines, folder: Path) -> None:
    """Writes the picture of one construct to docs/pictures/constructs."""
    construct = yaml.safe_load(file.read_text(encoding="utf-8"))
    made = steps.write(document(construct, engines), options.defaults("pdf", **MEASURE, css=NO_TITLE), "pdf", engines)
    (folder / "a.pdf").write_bytes(made.data)
    argv = [
        "pdftoppm",
        "-r",
        str(RESOLUTION),
        "-png",
        "-f",
        "1",
        "-l",
        "1",
        "-singlefile",
        str(folder / "a.pdf"),
        str(folder / "a"),
    ]
    subprocess.run(argv, check=True)
    page = Image.open(folder / "a.png").convert("RGB")
    shown = ImageChops.difference(page, Image.new("RGB", page.size, page.getpixel((1, 1)))).getbbox() or (0, 0, *page.size)
    box = (0, max(0, shown[1] - EDGE), page.width, min(page.height, shown[3] + EDGE))
    page.crop(box).quantize(COLOURS).save(PICTURES / f"{file.stem}.png", optimize=True)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    settings = Settings()
    pandoc = Pandoc(settings)
    engines = Engines(pandoc=pandoc, settings=settings)
    with tempfile.TemporaryDirectory() as folder:
        for file in sorted(CONSTRUCTS.glob("*.yaml")):
            draw(file, engines, Path(folder))
    pandoc.close()


if __name__ == "__main__":
    main()
