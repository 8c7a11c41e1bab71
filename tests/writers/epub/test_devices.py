"""EPUBs for one e-reader: they keep the rules of its shop and stay valid EPUBs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from schemas import options
from service.commands.local_files import assets_next_to
from service.engines import Engines
from service.engines.images import fitting
from service.inspect.check import check
from service.model.devices import SHOPS
from service.model.document import Artifact, Asset, Document, Source
from service.model.errors import ValidationFailed
from service.pipeline import steps
from service.style import device_css
from service.writers.epub import kobo
from tests.writers.conftest import epubcheck as epubcheck  # noqa: PLC0414 (a fixture)

SPECIMENS = Path(__file__).resolve().parents[3] / "examples" / "specimens"
SHEET = "p { color: #a00; display: flex } body { background: #fff } .x { margin-left: -2em; width: var(--w) }"
TEXT = """---
title: Lamps of the coast
lang: en
---

The lamp burns. *Oil* is dear; see the [second part](#second). Is it $x^2$?

$$\\frac{a}{b}$$

![](lamp.png)

![The lamp](lamp.png)

## Second

- One. Two.

| Oil | Hours |
|-----|-------|
| https://lamps.example/a/very/long/address/of/oil | $\\int_0^1 \\sqrt{\\frac{abcdefgh}{ijklmnop}}\\,dx$ |

```
code. It stays.
```

A note.[^1]

[^1]: Of oil. Of wicks.
"""
Make = Callable[..., Artifact]


def picture(mode: str = "RGBA", size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    output = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(output, kind)
    return output.getvalue()


@pytest.fixture(scope="module")
def make(engines: Engines) -> Make:
    def made(text: str = TEXT, lamp: bytes | None = None, **asked: Any) -> Artifact:
        wanted = options.load(("epub",), asked)
        files = (Asset("lamp.png", lamp or picture()), Asset("front.gif", picture("P", kind="GIF")))
        document = steps.read(Source("lamps.md", text.encode(), assets=files), wanted, engines)
        return steps.write(document, wanted, "epub", engines)

    return made


def part(artifact: Artifact, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as archive:
        return archive.read(f"EPUB/{name}")


def pictures(artifact: Artifact) -> list[Image.Image]:
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("EPUB/media/") and not name.endswith(".svg")]
        return [Image.open(io.BytesIO(archive.read(name))) for name in names]


@pytest.mark.parametrize("device", SHOPS)
def test_a_shop_has_nothing_to_say(make: Make, device: str) -> None:
    """The own checks find nothing, advice included, in what the writer made by the same table."""
    made = make(device=device, cover="drawn", css=SHEET, verify="full")
    own = [each for each in check(made.data, device)["findings"] if each["rule"].startswith(device)]
    assert own == []
    assert [each for each in made.notices if each.code in ("device-refuses", "device-advice")] == []


def test_kobo_gets_spans_and_a_name_of_its_own(make: Make) -> None:
    made = make(device="kobo")
    assert made.name == "lamps.kepub.epub" and made.media_type == "application/epub+zip"
    root = etree.fromstring(part(made, "text/ch001.xhtml"))
    spans = root.xpath("//*[@class='koboSpan']")
    names = [each.get("id") for each in spans]
    assert len(set(names)) == len(names) and all(each.count(".") == 2 and each.startswith("kobo.") for each in names)
    assert {"The lamp burns. ", "Of oil. ", "Of wicks."} <= {each.text.lstrip() for each in spans}
    plain = etree.fromstring(part(make(), "text/ch001.xhtml"))
    assert "".join(root.itertext()).split() == "".join(plain.itertext()).split()
    (inner,) = root.xpath("//*[@id='book-columns']/*[@id='book-inner']")
    assert len(inner) and not root.xpath("//*[local-name()='pre']//*[@class='koboSpan']")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("He said “Go.” Then: all.", ["He said “Go.” ", "Then: ", "all."]),
        ("第一句。第二句！“第三句？”第四句", ["第一句。", "第二句！", "“第三句？”", "第四句"]),
        ("3.14 and www.lamps.example", ["3.14 and www.lamps.example"]),
        ("  … ", ["  … "]),
        ("", [""]),
    ],
)
def test_sentences_join_to_the_text(text: str, pieces: Sequence[str]) -> None:
    assert list(kobo.sentences(text)) == pieces and "".join(pieces) == text


def test_kindle_gets_pictures_of_formulas(make: Make) -> None:
    made = make(device="kindle")
    root = etree.fromstring(part(made, "text/ch001.xhtml"))
    assert not root.xpath("//*[local-name()='math']")
    formulas = root.xpath("//*[@class='formula']")
    assert [each.get("alt") for each in formulas][:2] == ["x^2", "\\frac{a}{b}"]
    assert all(each.get("src").endswith(".png") for each in formulas)
    package = part(made, "content.opf").decode()
    assert ">MathML<" not in package and "Formulas are MathML" not in package
    assert all(each.mode in ("RGB", "L", "1", "P") and "transparency" not in each.info for each in pictures(made))


def test_kindle_gets_no_empty_description(make: Make) -> None:
    root = etree.fromstring(part(make(device="kindle"), "text/ch001.xhtml"))
    assert not root.xpath("//*[@alt='']")


def test_what_the_caller_s_sheet_loses_is_reported(make: Make) -> None:
    made = make(device="kindle", css=SHEET)
    (reported,) = [each for each in made.notices if each.code == "device-css-dropped"]
    assert reported.data["device"] == "kindle" and reported.data["count"] == 3
    css = part(made, "styles/article.css").decode()
    assert "flex" not in css and "var(" not in css and "#a00" in css
    assert [each for each in make(device="kindle").notices if each.code == "device-css-dropped"] == []
    assert "display: flex" in part(make(css=SHEET), "styles/article.css").decode()


@pytest.mark.parametrize(("device", "size"), [("kindle", (1_600, 2_560)), ("apple", (1_600, 2_400)), ("any", (1_200, 1_800))])
def test_a_drawn_cover_has_the_size_of_the_shop(make: Make, device: str, size: tuple[int, int]) -> None:
    assert Image.open(io.BytesIO(part(make(device=device, cover="drawn"), "media/cover.png"))).size == size


def test_a_cover_of_a_format_that_no_shop_takes(make: Make) -> None:
    for device in SHOPS:
        made = make(device=device, cover="front.gif")
        assert Image.open(io.BytesIO(part(made, "media/cover.png"))).format == "PNG"
        assert [each["rule"] for each in check(made.data, device)["findings"] if "cover-format" in each["rule"]] == []


def test_apple_gets_no_picture_beyond_its_pixels(make: Make) -> None:
    (lamp,) = pictures(make(lamp=picture("L", (1_900, 3_200)), device="apple"))
    assert 5_000_000 < lamp.width * lamp.height <= 5_600_000


def test_pictures_share_a_budget(make: Make) -> None:
    large = picture("RGB", (900, 600))
    made = make(lamp=large, image_budget=60, device="any")
    assert len(large) > 400_000
    with zipfile.ZipFile(io.BytesIO(made.data)) as archive:
        sizes = [
            each.file_size
            for each in archive.infolist()
            if each.filename.startswith("EPUB/media/") and ".svg" not in each.filename
        ]
    assert sum(sizes) <= 60_000
    assert not [each for each in made.notices if each.code == "images-over-budget"]


def test_a_budget_that_is_too_small_is_reported(torture: Document) -> None:
    """Pictures are not made smaller than one can see."""
    lamps = {f"{number}.png": Asset(f"{number}.png", picture("RGB", (70 + number, 70))) for number in range(6)}
    made = fitting.fit(replace(torture, assets=lamps), frozenset({"image/png", "image/jpeg"}), 85, most_bytes=1_000)
    (reported,) = [each for each in made.notices if each.code == "images-over-budget"]
    assert reported.data["budget"] == 1_000 and reported.data["bytes"] == sum(len(each.data) for each in made.assets.values())
    assert all((each.width or 0) >= 48 for each in made.assets.values())


def test_what_a_shop_would_refuse_is_reported_with_verify_full(make: Make) -> None:
    text = TEXT.replace("lang: en", "lang: und")
    reported = {each.code: each for each in make(text, verify="full", device="kindle").notices}
    assert reported["device-refuses"].data["rule"] == "language" and reported["device-refuses"].data["fix"]
    usual = [each for each in make(text, verify="full").notices if each.code.startswith("device-")]
    assert [(each.code, each.data["device"], each.data["rule"]) for each in usual] == [("device-advice", "kindle", "language")]
    assert not [each for each in make(text).notices if each.code.startswith("device-")]


def test_the_other_name_of_the_option() -> None:
    assert options.load(("epub",), {"reader": "kobo"}).device == "kobo"
    with pytest.raises(ValidationFailed, match="another name of device"):
        options.load(("epub",), {"reader": "kobo", "device": "kindle"})
    with pytest.raises(ValidationFailed) as refused:
        options.load(("epub",), {"device": "nook"})
    assert refused.value.places[0].pointer == "/device"


def test_epubcheck_finds_nothing(
    epubcheck: Callable[..., dict[str, list[str]]], engines: Engines, make: Make, tmp_path: Path
) -> None:
    """Specimens with formulas, notes, code, tables, ruby and right-to-left text, and the article of this file."""
    for device in SHOPS:
        (tmp_path / f"{device}.epub").write_bytes(make(device=device, cover="drawn", toc=True, css=SHEET).data)
        for name in ("lecture", "paper", "japanese", "hebrew", "dictionary", "specification"):
            file = SPECIMENS / f"{name}.md"
            wanted = options.load(("epub",), {"device": device, "cover": "drawn"})
            source = Source(file.name, file.read_bytes(), assets=assets_next_to(file, file.read_bytes()))
            made = steps.write(steps.read(source, wanted, engines), wanted, "epub", engines)
            (tmp_path / f"{device}-{name}.epub").write_bytes(made.data)
    found = epubcheck(sorted(tmp_path.glob("*.epub")))
    assert len(found) == 21 and {Path(path).stem: reported for path, reported in found.items() if reported} == {}


@pytest.mark.parametrize(
    "css", ["a { color: red; b } c", "x: y; }", "@media screen { p { color } q }", "p { !; }", "}", "a { b: c; d"]
)
def test_what_is_no_css_is_passed_over(css: str) -> None:
    """Reading systems do so, too. What a device breaks on is found next to it."""
    for device in SHOPS:
        written, _ = device_css.adapted(f"{css}}} p {{ display: flex; color: red }}", device)
        assert "red" in written


@given(st.text("ab{}();:@!,'\"\\/* \n<>-", max_size=30))
def test_any_sheet_can_be_looked_through(css: str) -> None:
    for device in SHOPS:
        device_css.adapted(css, device)
        device_css.adapted_style(css, device)
