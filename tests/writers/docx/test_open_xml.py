"""Microsoft's Open XML SDK finds nothing in what is made of all constructs together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from service.engines import Engines
from service.model.document import Asset, Conversion, Source
from service.pipeline import steps

ROOT = Path(__file__).resolve().parents[3]
FORMULAS = r"""
$\frac{a}{b} \text{speed}$ and $\operatorname{rank} A$

$$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \tag{7}$$

$$\begin{cases} x & \text{if } y \\ z & \text{otherwise} \end{cases} \qquad \begin{aligned} a &= b \\ c &= d \end{aligned}$$
"""
LISTS = "1986. Year\n1987. Next\n\nText\n\n1. a\n\n   - b\n\n     1. c\n\n- [ ] x\n- [x] y\n"
MORE = """
> Outer
>
> > Inner

![](colophon.png){.decorative} and ![](colophon.png)

> [!note]
> Text
>
> - item
>
> ```
> code
> ```
"""


def everything() -> str:
    """The sources of tests/constructs and what is written in several ways."""
    found = [yaml.safe_load(each.read_text(encoding="utf-8")) for each in sorted((ROOT / "tests" / "constructs").glob("*.yaml"))]
    plain = [each["source"] for each in found if not each.get("shape") and not each.get("lang") and not each.get("needs")]
    return "\n\n".join([*plain, FORMULAS, LISTS, MORE])


@pytest.mark.parametrize(
    ("lang", "chosen"),
    [
        ("en", {"toc": True, "number_sections": True}),
        ("ar", {"profile": "report", "watermark": "DRAFT"}),
        ("ja", {"profile": "book", "cover": "drawn", "header": "{title} | {page}"}),
    ],
)
def test_the_sdk_finds_nothing(
    lang: str,
    chosen: dict[str, object],
    conversion: Callable[..., Conversion],
    engines: Engines,
    open_xml: Callable[[Path], list[str]],
    tmp_path: Path,
) -> None:
    picture = Asset("colophon.png", (ROOT / "examples" / "images" / "colophon.png").read_bytes())
    head = f"---\ntitle: All of it\nabstract: In short.\nauthor: A. Lund\nlang: {lang}\n---\n\n"
    source = Source("a.md", (head + everything()).encode(), assets=(picture,))
    options = conversion("docx", **chosen)
    path = tmp_path / "a.docx"
    path.write_bytes(steps.write(steps.read(source, options, engines), options, "docx", engines).data)
    assert open_xml(path) == []
