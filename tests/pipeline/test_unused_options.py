"""The columns of the table of options are true: `formats`, and `shapes_output`."""

from __future__ import annotations

import dataclasses
import functools
import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from service.engines import Engines
from service.model.document import Artifact, Asset, Source
from service.model.formats import OUTPUT_FORMATS
from service.model.options import OPTIONS, Option
from service.pipeline import steps
from tests.writers.docx import house_template

ARTICLE = """---
title: Harbour lights
author: Ida Quist
date: 2024-05-06
lang: ja
---

## First light

The keeper wrote a long line about the weather of the day, so that it breaks on a narrow page.[^1]

### Second light

```python
def light(number: int) -> str:
    return "on" if number else "off"
```

::: {lang=en}
"Light", he wrote.
:::

![The light](light.png)

[^1]: A note of the keeper.
"""
VALUES: dict[str, Any] = {
    "profile": "report", "title_fields": "authors", "header": "{title}", "footer": "{page}", "css": "p { color: #a00 }",
    "watermark": "DRAFT", "certified_by": "Ida Quist", "certifier_report": "https://report.example/1", "toc_depth": 1,
    "reference": "house.dotx", "image_budget": 1, "device": "kindle",
}  # fmt: skip
NEEDS: dict[str, dict[str, Any]] = {"toc_depth": {"toc": True}, "certifier_report": {"certified_by": "Ida Quist"}}
LIMITED = [option for option in OPTIONS.values() if option.formats]
Make = Callable[..., Artifact]


@functools.cache  # noise: each call makes another picture
def _picture() -> bytes:
    output = io.BytesIO()
    Image.effect_noise((90, 60), 80).save(output, "PNG")
    return output.getvalue()


@pytest.fixture(scope="module")
def made(engines: Engines, conversion: Callable[..., Any]) -> Make:
    @functools.cache
    def make(target: str, **options: Any) -> Artifact:
        wanted = conversion(target, **options)
        files = (Asset("house.dotx", house_template.template()), Asset("light.png", _picture()))
        document = steps.read(Source("harbour.md", ARTICLE.encode(), assets=files), wanted, engines)
        return steps.write(document, wanted, target, engines)

    return make


def other(option: Option) -> Any:
    """A value that is not the default."""
    if isinstance(option.default, bool):
        return not option.default
    choices = [each for each in (*option.choices, *option.offered) if each not in (option.default, "none")]
    return VALUES[option.name] if option.name in VALUES else choices[-1]


@pytest.mark.parametrize("target", OUTPUT_FORMATS)
@pytest.mark.parametrize("option", LIMITED, ids=lambda option: option.name)
def test_an_option_changes_the_formats_of_its_row(option: Option, target: str, made: Make) -> None:
    """In the others nothing changes, and a notice says so."""
    needed = NEEDS.get(option.name, {})
    plain, changed = made(target, **needed), made(target, **needed, **{option.attribute: other(option)})
    ignored = [name for each in changed.notices if each.code == "option-ignored" for name in each.data["options"]]
    assert (plain.data != changed.data) == (target in option.formats and option.shapes_output)
    assert (option.name in ignored) == (target not in option.formats)


@pytest.mark.parametrize("name", [each.attribute for each in OPTIONS.values() if not each.shapes_output])
def test_an_option_that_shapes_no_output(name: str, made: Make) -> None:
    option = OPTIONS[name]
    for target in OUTPUT_FORMATS:
        assert made(target).data == made(target, **{name: other(option)}).data


def test_options_of_the_profile_are_not_reported(made: Make) -> None:
    (reported,) = (each for each in made("markdown", profile="report", toc=True).notices if each.code == "option-ignored")
    assert list(reported.data["options"]) == ["profile"]


def test_a_row_for_each_attribute(conversion: Callable[..., Any]) -> None:
    names = [field.name for field in dataclasses.fields(conversion("pdf")) if field.name not in ("to", "given")]
    assert list(conversion("pdf").as_dict()) == names == [option.attribute for option in OPTIONS.values()]
