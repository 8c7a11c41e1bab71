"""The target of each image is known before the front fetches."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from service.model.document import Asset, Conversion
from service.model.errors import ValidationFailed
from service.passes import images
from tests.passes.conftest import Make, codes, nodes, said

Recipe = Callable[..., Conversion]


def test_uploads_are_bound_and_the_rest_is_wanted_once(read: Make, conversion: Recipe) -> None:
    remote = "https://images.example/b.png"
    text = f"![](./a.png) ![]({remote}) ![]({remote}) ![](missing.png)"
    after = images.run(read(text, assets=(Asset("a.png", b"png"),)), conversion("pdf"))
    assert after.wanted == (remote,)
    assert after.assets["./a.png"].data == b"png"


@pytest.mark.parametrize(
    ("uri", "data", "problem"),
    [
        ("data:image/png;base64," + base64.b64encode(b"png").decode(), b"png", ""),
        ("data:image/png;base64," + base64.b64encode(b"pn").decode().rstrip("="), b"pn", ""),
        ("data:image/svg+xml,%3Csvg/%3E", b"<svg/>", ""),
        ("data:image/png;base64,***", b"", "unusable"),
        ("data:image/png;base64...", b"", "unusable"),
    ],
)
def test_data_uri(uri: str, data: bytes, problem: str) -> None:
    asset = images.from_data_uri(uri)
    assert asset.data == data
    assert asset.problem.startswith(problem)
    assert asset.name.startswith("data:") and len(asset.name) < 30


def test_linked_images_keep_text_and_address(read: Make, conversion: Recipe) -> None:
    text = "![A lamp](https://images.example/a.png) ![](https://images.example/b.png) ![Local](c.png)"
    after = images.run(read(text), conversion("pdf", images="link"))
    assert [node["c"][2][0] for node in nodes(after, "Link")] == ["https://images.example/a.png", "https://images.example/b.png"]
    assert said(after).split() == ["A", "lamp", "https://images.example/b.png", "Local"]
    assert after.wanted == ()
    assert codes(after) == ["image-dropped"]


def test_dropped_images_leave_their_text(read: Make, conversion: Recipe) -> None:
    after = images.run(read("![A lamp](https://images.example/a.png)"), conversion("pdf", images="drop"))
    assert (said(after).strip(), nodes(after, "Image"), nodes(after, "Link")) == ("A lamp", [], [])


@pytest.mark.parametrize("mode", ["embed", "link", "drop"])
def test_the_cover_that_the_options_name_is_bound_whatever_becomes_of_the_text(mode: str, read: Make, conversion: Recipe) -> None:
    document = read("![](a.png)", assets=(Asset("front.png", b"png"),))
    after = images.run(document, conversion("pdf", cover="./front.png", images=mode))
    assert after.assets["./front.png"].data == b"png"


def test_a_cover_that_is_not_there_is_refused(read: Make, conversion: Recipe) -> None:
    with pytest.raises(ValidationFailed) as caught:
        images.run(read("text", assets=(Asset("a.png", b"png"),)), conversion("html", cover="b.png"))
    assert [place.pointer for place in caught.value.places] == ["/cover"]
