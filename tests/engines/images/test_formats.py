"""Images are what their bytes are, bounded before they are decoded, and changed only where a target needs it."""

from __future__ import annotations

import collections
import io
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image

from service.engines.images import cpu_limit, fitting, formats, svg
from service.model.document import Asset, Document, Metadata, Source

EVERYWHERE = frozenset({"image/png", "image/jpeg", "image/gif"})


def picture(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: object) -> bytes:
    """Many colours, and the same bytes each time."""
    out = io.BytesIO()
    across = Image.linear_gradient("L").resize(size)
    down = Image.linear_gradient("L").rotate(90).resize(size)
    Image.merge("RGB", (across, down, Image.radial_gradient("L").resize(size))).convert(mode).save(out, kind, **options)
    return out.getvalue()


def opened(asset: Asset) -> Image.Image:
    return Image.open(io.BytesIO(asset.data))


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif")])
def test_what_a_target_shows_stays_byte_for_byte(kind: str, media_type: str) -> None:
    asset = formats.prepare(Asset("claims.svg", picture(kind), "image/svg+xml"), EVERYWHERE)
    assert (asset.data, asset.media_type, asset.width, asset.height) == (picture(kind), media_type, 40, 30)


@pytest.mark.parametrize(("kind", "mode", "media_type"), [
    ("WEBP", "RGBA", "image/png"), ("AVIF", "RGB", "image/jpeg"), ("WEBP", "RGB", "image/jpeg"), ("BMP", "1", "image/png"),
])  # fmt: skip
def test_what_it_does_not_show_becomes_something_that_it_does(kind: str, mode: str, media_type: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    data = picture(kind, (256, 256), mode, **options)
    if mode == "RGBA":
        image = Image.new("RGBA", (20, 20), (255, 0, 0, 100))
        out = io.BytesIO()
        image.save(out, "WEBP", lossless=True)
        data = out.getvalue()
    asset = formats.prepare(Asset("a", data), EVERYWHERE)
    assert (asset.media_type, asset.problem) == (media_type, "")
    assert opened(asset).format in ("PNG", "JPEG")


def test_large_picture_is_scaled_to_the_page() -> None:
    asset = formats.prepare(Asset("a", picture("JPEG", (4000, 1000))), EVERYWHERE)
    assert (asset.width, asset.height) == (2000, 500)
    assert opened(asset).size == (2000, 500)


def test_camera_orientation_is_applied() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    asset = formats.prepare(Asset("a", picture("JPEG", (40, 30), exif=exif)), EVERYWHERE)
    assert (asset.width, asset.height) == (30, 40)


def bomb() -> bytes:
    """A PNG of 30,000 × 30,000 pixels in a few bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"<html>not found</html>", "not a PNG"),
        (bomb(), "too many pixels"),
        (b"%PDF-1.7", "not a PNG"),
        (b"<svg", "SVG"),
    ],
)
def test_unusable(data: bytes, why: str) -> None:
    asset = formats.prepare(Asset("a.png", data, "image/png"), EVERYWHERE)
    assert asset.problem.startswith("unusable: ")
    assert why in asset.problem
    assert asset.data == b""


def test_a_problem_stays_what_it_was() -> None:
    asset = Asset("a", problem="missing: gone")
    assert formats.prepare(asset, EVERYWHERE) == asset


def test_changes_are_reported() -> None:
    document = Document(
        Metadata(), (), Source("a.md", b""), assets={"a": Asset("a", picture("WEBP")), "b": Asset("b", picture("PNG"))}
    )
    after = fitting.fit(document, EVERYWHERE, 85)
    (reported,) = after.notices
    assert reported.code == "image-converted"
    assert [(each["image"], each["from"]) for each in reported.data["images"]] == [("a", "image/webp")]
    assert fitting.fit(replace(document, assets={}), EVERYWHERE, 85).notices == ()


def test_grey_of_sixteen_bits_keeps_its_tones() -> None:
    row = b"\0" + b"".join(struct.pack(">H", value * 655) for value in range(101))
    header = struct.pack(">IIBBBBB", 101, 2, 16, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(row * 2)), (b"IEND", b""))
    chunks = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts)
    made = formats.prepare(Asset("deep.png", b"\x89PNG\r\n\x1a\n" + b"".join(chunks)), EVERYWHERE)
    with opened(made) as image:
        tones = list(image.convert("L").crop((0, 0, 101, 1)).tobytes())
    assert made.problem == "" and tones == [value * 655 // 256 for value in range(101)]


def test_pixels_of_a_document_have_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Images beyond the budget are refused: the others stay, and one in two places counts once."""
    monkeypatch.setattr(formats, "MOST_PIXELS_IN_ALL", 3_000)
    names = {name: Asset(name, picture("PNG", (40, 30 + number))) for number, name in enumerate("abc")}
    document = Document(Metadata(), (), Source("a.md", b""), assets={"again": names["a"], **names})
    after = fitting.fit(document, EVERYWHERE, 85).assets
    assert [name for name, asset in after.items() if asset.problem] == ["c"]
    assert "pixels in all" in after["c"].problem


def test_the_setting_bounds_one_picture() -> None:
    document = Document(Metadata(), (), Source("a.md", b""), assets={"a": Asset("a", picture("PNG", (40, 30)))})
    assert fitting.fit(document, EVERYWHERE, 85, most_pixels=1_200).assets["a"].problem == ""
    assert "too many pixels" in fitting.fit(document, EVERYWHERE, 85, most_pixels=1_199).assets["a"].problem


@pytest.mark.parametrize(
    "data", [picture("PNG", (3_000, 1_500), "1"), b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>']
)
def test_a_picture_that_a_busy_machine_leaves_is_no_fault_of_its_own(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again by the next conversion: nothing is remembered of it."""
    monkeypatch.setattr(cpu_limit, "WAIT_IN_ALL", -1)
    monkeypatch.setattr(formats, "KNOWN", collections.OrderedDict())
    assert formats.prepare(Asset("a", data), EVERYWHERE).problem.startswith("busy: ")
    monkeypatch.undo()
    assert formats.prepare(Asset("a", data), EVERYWHERE).problem == ""


def test_many_large_pictures_are_bounded_by_their_heads() -> None:
    data = [picture("PNG", (8_000, 4_000 + number), "1") for number in range(13)]
    budget = formats.Budget()
    for number, each in enumerate(data):
        if number < 12:
            budget.take(each, 8_000 * (4_000 + number))
    assert "pixels in all" in formats.prepare(Asset("a", data[12]), EVERYWHERE, budget=budget).problem


def test_a_large_picture_is_decoded_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "LARGE", 0)
    asset = formats.prepare(Asset("a", picture("JPEG", (4_001, 1_000))), EVERYWHERE)
    assert (asset.media_type, asset.width, asset.height) == ("image/jpeg", 2_000, 500)

    def damaged(*_: object) -> None:
        raise formats.Unusable("it is damaged")

    monkeypatch.setattr(formats, "_decoded", damaged)
    assert formats.prepare(Asset("a", picture("JPEG", (4_002, 1_000))), EVERYWHERE).problem == "unusable: it is damaged"


def test_what_takes_too_long_costs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawing gets a second try with fewer pixels; then it is a placeholder."""
    asked: list[int] = []

    def slow(_: bytes, width: int) -> bytes:
        raise AssertionError(width)

    def run(_: object, work: object) -> bytes:
        asked.append(1)
        raise cpu_limit.TooSlow

    monkeypatch.setattr(svg, "rasterised", slow)
    monkeypatch.setattr(cpu_limit.Allowance, "run", run)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="7" height="7"/></svg>'
    asset = formats.prepare(Asset("a", drawing), EVERYWHERE)
    assert (asset.data, asset.problem) == (b"", "unusable: it takes too long to decode or draw")
    assert len(asked) == 2
