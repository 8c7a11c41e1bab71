"""The rules of e-readers on any EPUB: each row has a check, a way to break it, and a report."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image

from service.inspect import device_checks
from service.inspect.check import check
from service.model.devices import DEVICES, RULES, SHOPS
from tests.inspect import made_files
from tests.inspect.made_files import NAVIGATION, OPF, TEXT, Change, Files, added, replaced

SHEET = '<item id="css" href="s.css" media-type="text/css"/></manifest>'
COVER = '<item id="front" href="front.jpg" media-type="image/jpeg" properties="cover-image"/></manifest>'


def picture(mode: str = "RGB", size: tuple[int, int] = (8, 8), kind: str = "PNG", **more: object) -> bytes:
    output = io.BytesIO()
    Image.new(mode, size).save(output, kind, **more)
    return output.getvalue()


def css(text: str) -> Change:
    def change(files: Files) -> None:
        files["EPUB/s.css"] = text.encode()
        replaced(OPF, "</manifest>", SHEET)(files)

    return change


def cover(data: bytes) -> Change:
    def change(files: Files) -> None:
        files["EPUB/front.jpg"] = data
        replaced(OPF, "</manifest>", COVER)(files)

    return change


def lamp(data: bytes) -> Change:
    return added("EPUB/lamp.png", data)


def text(markup: str) -> Change:
    return replaced(TEXT, "<p>End.</p>", markup)


def large(name: str, size: int) -> Change:
    return added(name, b"\x89" + bytes(size))


def animated() -> bytes:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    output = io.BytesIO()
    frames[0].save(output, "GIF", save_all=True, append_images=frames[1:])
    return output.getvalue()


ROWS = "<tr>" + "<td>cell of oil</td>" * 10 + "</tr>"
BREAKS: dict[str, Change] = {
    "kindle/language": replaced(OPF, ">en</dc:language>", ">und</dc:language>"),
    "kindle/link-broken": replaced(TEXT, 'href="#two"', 'href="#nowhere"'),
    "kindle/empty-alt": replaced(TEXT, 'alt="A lamp"', 'alt=""'),
    "kindle/hidden-text": text(f'<p style="display: none">{"oil " * 3_000}</p>'),
    "kindle/contents": replaced(OPF, ' properties="nav"', ""),
    "kindle/cover-format": cover(picture(kind="GIF")),
    "kindle/cover-small": cover(picture(size=(400, 640), kind="JPEG")),
    "kindle/cover-size": cover(picture(size=(1_000, 1_600), kind="JPEG")),
    "kindle/picture-format": lamp(picture(kind="WEBP")),
    "kindle/picture-vector": replaced(OPF, 'media-type="image/png"', 'media-type="image/svg+xml"'),
    "kindle/picture-size": large("EPUB/lamp.png", 5_100_000),
    "kindle/picture-transparent": lamp(picture("RGBA")),
    "kindle/picture-animated": lamp(animated()),
    "kindle/picture-colours": lamp(picture("CMYK", kind="JPEG")),
    "kindle/table-large": text(f"<table>{ROWS * 190}</table>"),
    "kindle/table-nested": text("<table><tr><td><table><tr><td>x</td></tr></table></td></tr></table>"),
    "kindle/scripts": text("<p><input/></p>"),
    "kindle/paragraph-nested": text("<p>a<p>b</p></p>"),
    "kindle/formulas": text('<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></p>'),
    "kindle/css-layout": css("p { display: flex }"),
    "kindle/css-negative": css("p { margin: 0 -1em }"),
    "kindle/css-variables": css("p { color: var(--ink) }"),
    "kindle/css-rules": css("@media (prefers-color-scheme: dark) { p { color: red } }"),
    "kindle/fonts": replaced(OPF, "</manifest>", '<item id="f" href="lamp.png" media-type="font/woff2"/></manifest>'),
    "kobo/picture-size": large("EPUB/lamp.png", 5_100_000),
    "kobo/document-size": text(f"<p>{'oil ' * 2_600_000}</p>"),
    "kobo/picture-transparent": lamp(picture("LA")),
    "kobo/picture-colours": lamp(picture("CMYK", kind="JPEG")),
    "kobo/cover-format": cover(picture(kind="GIF")),
    "kobo/cover-size": cover(b"\xff\xd8" + bytes(3_100_000)),
    "kobo/cover-page": lambda files: [
        cover(picture(kind="JPEG"))(files), text('<p><img src="front.jpg" alt="Front"/></p>')(files)
    ],
    "kobo/file-names": lambda files: [
        added("EPUB/my lamp.png", made_files.PIXEL)(files),
        replaced(OPF, "</manifest>", '<item id="m" href="my%20lamp.png" media-type="image/png"/></manifest>')(files),
    ],
    "kobo/identifier": made_files.with_ncx,
    "kobo/table-wide": text(f"<table>{ROWS}</table>"),
    "kobo/css-root-size": css("html, body { font-size: 90% }"),
    "kobo/css-background": css("body { background: #fff }"),
    "apple/version": replaced(OPF, 'version="3.0"', 'version="2.0"'),
    "apple/picture-pixels": lamp(picture("1", (3_000, 2_000))),
    "apple/picture-format": lamp(picture(kind="TIFF")),
    "apple/picture-colours": lamp(picture("CMYK", kind="JPEG")),
    "apple/picture-wrapped": text('<svg xmlns="http://www.w3.org/2000/svg"><image width="3"/></svg>'),
    "apple/cover-small": cover(picture(size=(1_000, 1_600), kind="JPEG")),
    "apple/cover-format": cover(picture(kind="GIF")),
}  # fmt: skip
# The small book breaks these as it is.
PLAIN = {"kindle/ncx", "kindle/cover-missing", "kobo/cover-missing", "kobo/spans", "apple/cover-missing"}
SIZES = {"kindle/file-size", "kindle/mail-size", "kobo/file-size", "apple/file-size"}


def rules(change: Change | None = None) -> set[str]:
    files = made_files.book()
    if change:
        change(files)
    return {each["rule"] for each in check(made_files.packed(files), "all")["findings"]}


def test_every_rule_has_a_check_and_a_way_to_break_it() -> None:
    assert [rule.key for rule in RULES] == list(device_checks.CHECKS)
    assert BREAKS.keys() | PLAIN | SIZES == device_checks.CHECKS.keys()
    for rule in RULES:
        assert rule.source and rule.message.endswith(".") and rule.fix.endswith("."), rule
        assert rule.device in SHOPS


def test_the_small_book_as_it_is() -> None:
    assert rules() == PLAIN


@pytest.mark.parametrize("rule", BREAKS)
def test_a_broken_rule_is_found(rule: str) -> None:
    assert rule in rules(BREAKS[rule])


@pytest.mark.parametrize("rule", sorted(SIZES))
def test_a_book_that_is_too_large(rule: str) -> None:
    most = {"kindle/file-size": 200, "kindle/mail-size": 50, "kobo/file-size": 1_000, "apple/file-size": 2_000}[rule] * 1_000_000
    look = device_checks.CHECKS[rule]
    assert [list(look(device_checks.Subject(None, size, ()))) != [] for size in (most, most + 1)] == [False, True]  # type: ignore[arg-type]


def test_without_a_device_there_is_a_summary_and_no_finding() -> None:
    files = made_files.book()
    BREAKS["kindle/empty-alt"](files)
    report = check(made_files.packed(files))
    assert report["findings"] == [] and report["passed"]
    kindle, kobo = report["facts"]["devices"]["kindle"], report["facts"]["devices"]["kobo"]
    assert not kindle["accepted"] and kindle["refused_by"] == ["empty-alt"]
    assert kobo["accepted"] and kobo["refused_by"] == []
    (found,) = [each for each in check(made_files.packed(files), "kindle")["findings"] if each["rule"] == "kindle/empty-alt"]
    assert found["severity"] == "warning" and found["place"] == f"{TEXT}, line 7" and found["clause"] and found["fix"]


@pytest.mark.parametrize("part", [OPF, TEXT, NAVIGATION, "EPUB/lamp.png"])
@pytest.mark.parametrize("data", [b"", b"<a>", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff\xe0"])
def test_broken_parts_are_checked(part: str, data: bytes) -> None:
    files = made_files.book()
    files[part] = data
    assert set(check(made_files.packed(files), "all")["facts"]["devices"]) == set(DEVICES) - {"any"}


def test_the_checks_use_no_more_than_the_head_of_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a picture was decoded")

    monkeypatch.setattr(Image.Image, "load", refuse)
    checks: Callable[[Change], set[str]] = rules
    assert "apple/picture-pixels" in checks(added("EPUB/lamp.png", BIG))


BIG = picture("1", (3_000, 2_000))
