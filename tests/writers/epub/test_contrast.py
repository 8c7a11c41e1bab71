"""The colours of the EPUB style sheets: text has a contrast of 4.5 with its ground, in the light and in the dark (WCAG 1.4.3)."""

from __future__ import annotations

import re

import pytest
import tinycss2

from service.model import profiles
from service.writers import epub

DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{(.*?)\n\}", re.DOTALL)
# Grounds with no text of another colour on them: of a picture, of the head of a table, and of marked words.
APART = ("img", "thead th", "mark")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
COLOUR = re.compile(r"(?<![-\w])color:\s*(#[0-9a-f]{3,6})")
GROUND = re.compile(r"background:\s*(#[0-9a-f]{3,6})")


def brightness(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted(map(brightness, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def rules(css: str) -> list[tuple[str, str]]:
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return [(selectors.strip(), body) for selectors, body in RULE.findall(plain)]


@pytest.mark.parametrize("profile", sorted(profiles.names()))
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_text_can_be_read(profile: str, mode: str) -> None:
    css = profiles.load(profile).epub_css
    dark = "".join(DARK.findall(css))
    chosen, page = (rules(dark), "#16181c") if mode == "dark" else (rules(DARK.sub("", css)), "#ffffff")
    grounds = {selector.split()[0].split(":")[0]: found[1] for selector, body in chosen if (found := GROUND.search(body))}
    checked = 0
    for selectors, body in chosen:
        colour, own = COLOUR.search(body), GROUND.search(body)
        if not colour:
            continue
        first = selectors.split(",")[0].split()
        ground = own[1] if own else grounds.get(first[0], page) if len(first) > 1 else page
        assert contrast(colour[1], ground) >= 4.5, f"{selectors}: {colour[1]} on {ground}"
        checked += 1
    assert checked >= 20


@pytest.mark.parametrize("profile", sorted(profiles.names()))
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_text_can_be_read_on_every_ground(profile: str, mode: str) -> None:
    """A link, code or a caption may be in a callout, a table or a placeholder of an image: each colour on each ground."""
    css = profiles.load(profile).epub_css
    dark = "".join(DARK.findall(css))
    chosen, page = (rules(dark), "#16181c") if mode == "dark" else (rules(DARK.sub("", css)), "#ffffff")
    texts, grounds = {"#e4e2de" if mode == "dark" else "#000000": "body"}, {page: "page"}
    for selectors, body in chosen:
        colour, ground = COLOUR.search(body), GROUND.search(body)
        if colour and "thead" not in selectors:
            texts.setdefault(colour[1], selectors)
        if ground and selectors not in APART:
            grounds.setdefault(ground[1], selectors)
    worst = min((contrast(text, ground), texts[text], grounds[ground]) for text in texts for ground in grounds)
    assert worst[0] >= 4.5, worst
    assert len(texts) > 12 and len(grounds) > 5


def test_the_dark_head_of_a_table_is_a_ground_for_links_and_code() -> None:
    head = {selectors: body for selectors, body in rules(profiles.load("report").epub_css) if selectors.startswith("thead th")}
    for selectors in ("thead th a", "thead th code, thead th kbd, thead th mark"):
        found = COLOUR.search(head[selectors])
        assert found and contrast(found[1], "#1f3a5f") >= 4.5


def test_whatever_is_coloured_is_coloured_in_the_dark_too() -> None:
    css = profiles.load("article").epub_css
    dark = {part.strip() for selectors, _ in rules("".join(DARK.findall(css))) for part in selectors.split(",")}
    light = {part.strip() for selectors, body in rules(DARK.sub("", css)) if COLOUR.search(body) for part in selectors.split(",")}
    assert light - dark == set()


def test_the_book_has_the_sheet_without_comments() -> None:
    css = profiles.load("report").epub_css
    compact = epub._compact(css)
    assert len(compact) < 0.95 * len(css) and "/*" not in compact
    known = [tinycss2.serialize(rule.prelude) for rule in tinycss2.parse_stylesheet(css, True, True) if rule.type != "error"]
    found = tinycss2.parse_stylesheet(compact, True, True)
    assert len(found) == len(known) and all(rule.type != "error" for rule in found)
