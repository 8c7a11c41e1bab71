"""The removals of `clean`, and its notices."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.model.document import Conversion
from service.passes import boilerplate
from tests.passes.conftest import Make, codes, nodes, said

Recipe = Callable[..., Conversion]
PROSE = "这一段是文章的正文，说的是湖边的灯塔怎样在夜里一次又一次亮起来，又怎样在清晨安静地熄灭，" * 2


def test_none_changes_nothing(read: Make, conversion: Recipe) -> None:
    before = read("![]()\n\n[](x)\n\n阅读原文", source_url="https://mp.weixin.qq.com/s/1")
    assert boilerplate.run(before, conversion("pdf", clean="none")) == before


def test_safe_takes_what_shows_nothing(read: Make, conversion: Recipe) -> None:
    after = boilerplate.run(read("![kept text]()\n\na [](https://empty.example/) b\n\n![]()"), conversion("pdf"))
    assert said(after).split() == ["kept", "text", "a", "b"]
    assert codes(after) == ["empty-image-removed", "empty-link-removed"]
    assert after.notices[1].data["urls"] == ["https://empty.example/"]


@pytest.mark.parametrize("text", ["![x](a.png)", "[![](a.png)](https://shown.example/)", "[text](b)", "阅读原文"])
def test_safe_leaves_what_shows_something(read: Make, conversion: Recipe, text: str) -> None:
    before = read(text, source_url="https://mp.weixin.qq.com/s/1")
    assert boilerplate.run(before, conversion("pdf")) == before


def test_web_cuts_the_tail_of_wechat(read: Make, conversion: Recipe) -> None:
    text = f"{PROSE}\n\n预览时标签不可点\n\n微信扫一扫\\\n关注该公众号\n\n知道了"
    after = boilerplate.run(read(text, source_url="https://mp.weixin.qq.com/s/1"), conversion("pdf", clean="web"))
    assert said(after).strip() == PROSE
    assert after.notices[0].data["removed"][0] == "预览时标签不可点"
    assert after.notices[0].data["family"] == "wechat"


def test_web_knows_the_site_by_its_host(read: Make, conversion: Recipe) -> None:
    before = read(f"{PROSE}\n\n预览时标签不可点", source_url="https://other.example/")
    assert boilerplate.run(before, conversion("pdf", clean="web")) == before


def test_web_leaves_a_tail_that_is_too_long_to_be_one(read: Make, conversion: Recipe) -> None:
    text = f"{PROSE}\n\n预览时标签不可点\n\n" + PROSE * 20
    before = read(text, source_url="https://mp.weixin.qq.com/s/1")
    assert boilerplate.run(before, conversion("pdf", clean="web")) == before


def test_web_takes_navigation_at_the_edges_only(read: Make, conversion: Recipe) -> None:
    menu = "* [One](https://a.example/1)\n* [Two](https://a.example/2)\n* [Three](https://a.example/3)\n"
    text = f"{menu}\n{PROSE}\n\n{menu}\n{PROSE}\n\n{menu}"
    after = boilerplate.run(read(text, source_url="https://github.com/x/y"), conversion("pdf", clean="web"))
    assert len(nodes(after, "BulletList")) == 1
    assert after.notices[0].data["removed"] == ["One Two Three"] * 2


def test_every_rule_compiles_and_is_of_a_host() -> None:
    for family in boilerplate.families():
        assert family.hosts
        assert family.tail_from or family.lines or family.navigation
