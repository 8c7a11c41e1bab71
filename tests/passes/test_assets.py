"""Each image is bound to bytes, or stays visible as a placeholder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from service.model.document import Asset, Conversion
from service.passes import assets
from tests.passes.conftest import Make, codes, nodes, said

Recipe = Callable[..., Conversion]
PNG = Asset("a.png", b"png", "image/png", 40, 30)


def test_bound_by_content(read: Make, conversion: Recipe) -> None:
    document = replace(read("![x](a.png) ![y](b.png)"), assets={"a.png": PNG, "b.png": replace(PNG, name="b.png")})
    names = {node["c"][2][0] for node in nodes(assets.run(document, conversion("pdf")), "Image")}
    assert len(names) == 1
    assert names.pop().startswith("media/")


def test_small_picture_keeps_its_size(read: Make, conversion: Recipe) -> None:
    document = replace(read("![x](a.png)"), assets={"a.png": PNG})
    (found,) = nodes(assets.run(document, conversion("pdf")), "Image")
    assert found["c"][0][2] == [["width", "40px"]]


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        ("missing: the host does not answer", "image-missing"),
        ("blocked: the address is private", "image-blocked"),
        ("unusable: it is damaged", "image-unusable"),
        ("something else", "image-unusable"),
    ],
)
def test_placeholder_keeps_text_and_link(read: Make, conversion: Recipe, problem: str, code: str) -> None:
    url = "https://images.example/a.png"
    document = replace(read(f"![A lamp]({url})", lang="en"), assets={url: Asset(url, problem=problem)})
    after = assets.run(document, conversion("pdf"))
    assert said(after).strip() == "[Image: A lamp]"
    assert nodes(after, "Link")[0]["c"][2][0] == url
    assert codes(after) == [code]


def test_placeholder_speaks_the_documents_language(read: Make, conversion: Recipe) -> None:
    assert said(assets.run(read("![灯](a.png)", lang="zh-Hans"), conversion("pdf"))).strip() == "[图片: 灯]"


def test_placeholder_within_a_link_is_no_link(read: Make, conversion: Recipe) -> None:
    after = assets.run(read("[![A](https://images.example/a.png)](https://page.example/)"), conversion("pdf"))
    assert [node["c"][2][0] for node in nodes(after, "Link")] == ["https://page.example/"]


def test_bound_images_stay_bound(read: Make, conversion: Recipe) -> None:
    document = replace(read("![x](a.png)"), assets={"a.png": PNG})
    once = assets.run(document, conversion("pdf"))
    assert assets.run(once, conversion("pdf")) == once


def test_placeholder_of_a_broken_address_is_no_link(read: Make, conversion: Recipe) -> None:
    after = assets.run(read("![A](<https://images.exa]mple/a.png>)"), conversion("pdf"))
    assert nodes(after, "Link") == []
