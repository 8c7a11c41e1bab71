"""The style sheet of a caller, reduced to rules that only style: parsed, and written again from its parts.

It cannot fetch anything: addresses, imports and fonts are removed. Only pictures that were uploaded with the article are
shown. Notices list what is left out.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

import tinycss2
import tinycss2.ast

from service.engines.images import formats, svg_styles
from service.model import profiles
from service.model.document import Asset, Conversion, Document, Notice
from service.model.errors import Place, ValidationFailed
from service.model.media_bag import media_name
from service.model.notices import notice
from service.model.profiles.house import House
from service.model.references import normal_reference
from service.model.text.json_values import whole
from service.style import css_variables

NAME = re.compile(r"[^{}\n]{1,200}\.css", re.I)
BUNDLED = "style.css"
LARGEST = 200_000
DEEPEST = 20
NESTING, DECLARING = frozenset({"media", "supports"}), frozenset({"page", "counter-style"})
MARGIN_BOX = re.compile(r"(top|bottom)-(left|center|right)(-corner)?|(left|right)-(top|middle|bottom)")
FETCHING = frozenset({
    "url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "-webkit-cross-fade", "element", "-moz-element",
    "expression", "paint", "url-prefix", "domain",
})  # fmt: skip
RUNNING = frozenset({"behavior", "-moz-binding", "-ms-behavior"})
LARGEST_NUMBER = 20_000.0
PICTURE = re.compile(r"url\((media/[0-9a-f]{16}\.[a-z]+)\)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`css` is safe everywhere, also in a `style` element; `dropped` are the parts that were left out.

    `media` are its pictures, by their names in the sheet.
    """

    css: str = ""
    media: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    dropped: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Cut:
    """The state while one sheet is reduced: media names of uploaded pictures by their references; parts left out, and kept."""

    pictures: Mapping[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    declared: list[css_variables.Declared] = field(default_factory=list)


def of(document: Document, conversion: Conversion, shown: frozenset[str], medium: str) -> Sheet:
    """The sheets of a profile of the operator for `medium`, then the caller's. Raises ValidationFailed for a missing one."""
    given = _of_caller(document, conversion, shown)
    house = profiles.load(conversion.profile).house
    return _joined(_of_house(house, shown, medium), given) if house else given


def _of_house(house: House, shown: frozenset[str], medium: str) -> Sheet:
    """Checked like those of callers, because a profile may come from a file of other people."""
    try:
        text, files = house.css(medium), house.pictures()
    except (OSError, ValueError) as error:
        detail = f"The profile {house.folder.name!r} cannot be read. Run `colophon profiles check`."
        raise ValidationFailed(detail, places=[Place(detail, "/profile")]) from error
    return _with_pictures(text, [Asset(name, data) for name, data in files.items()], shown) if text else Sheet()


def _joined(first: Sheet, second: Sheet) -> Sheet:
    css = "\n".join(filter(None, [first.css, second.css]))
    return Sheet(css, {**first.media, **second.media}, first.dropped + second.dropped)


def _of_caller(document: Document, conversion: Conversion, shown: frozenset[str]) -> Sheet:
    """A bundled style.css, then the option's. Raises ValidationFailed if it is missing."""
    asked = conversion.css.strip()
    files = {normal_reference(asset.name): asset.data for asset in document.source.assets}
    texts = [files[BUNDLED].decode("utf-8", "replace")] if BUNDLED in files else []
    if NAME.fullmatch(asked):
        name = normal_reference(asked)
        if name not in files:
            detail = f"No style sheet {asked!r} was uploaded with the article."
            raise ValidationFailed(detail, places=[Place(detail, "/css")])
        texts += [files[name].decode("utf-8", "replace")] if name != BUNDLED else []
    elif asked:
        texts.append(asked)
    if not texts:
        return Sheet()
    return _with_pictures("\n".join(texts), document.source.assets, shown)


def _with_pictures(text: str, files: Sequence[Asset], shown: frozenset[str]) -> Sheet:
    found = [formats.prepare(asset, shown) for asset in _named(files, text)]
    pictures = {normal_reference(each.name): each for each in found if not each.problem}
    sheet = cleaned(text, tuple((name, media_name(each)) for name, each in pictures.items()))
    kept = {media_name(each): (each.media_type, each.data) for each in pictures.values() if media_name(each) in sheet.css}
    return replace(sheet, media=kept)


def _named(files: Sequence[Asset], text: str) -> list[Asset]:
    """The files whose names are in the sheet."""
    text = unquote(text)
    return [asset for asset in files if asset.data and normal_reference(asset.name).rsplit("/", 1)[-1] in text]


def addressed(sheet: Sheet, address: Callable[[str], str]) -> str:
    """The sheet with the address of each picture in place of its name."""
    return PICTURE.sub(lambda match: f"url({address(match[1])})" if match[1] in sheet.media else match[0], sheet.css)


def reported(sheet: Sheet, stage: str) -> tuple[Notice, ...]:
    if not sheet.dropped:
        return ()
    return (notice("css-dropped", stage=stage, data={"dropped": list(sheet.dropped[:50]), "count": len(sheet.dropped)}),)


def refuse_large(text: str) -> None:
    if len(text) > LARGEST:
        detail = f"A style sheet may have {LARGEST:,} characters."
        raise ValidationFailed(detail, places=[Place(detail, "/css")])


@functools.lru_cache(maxsize=16)
def cleaned(text: str, pictures: tuple[tuple[str, str], ...] = ()) -> Sheet:
    """The allowed part of the sheet; `pictures` are references that may be shown, and the names they get.

    Raises ValidationFailed if it is too large.
    """
    refuse_large(text)
    cut = _Cut(dict(pictures))
    try:
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        css = whole("\n".join(_rules(rules, cut, 0)))  # `\d800` writes half of a surrogate pair
    except ValueError as error:  # Python converts no integer of more than 4,300 digits
        detail = "The style sheet has a number of more digits than can be read."
        raise ValidationFailed(detail, places=[Place(detail, "/css")]) from error
    if css_variables.expanded(cut.declared) > css_variables.MOST:
        detail = f"The variables of the style sheet expand to more than {css_variables.MOST:,} characters."
        raise ValidationFailed(detail, places=[Place(detail, "/css")])
    return Sheet(css.replace("</", "<\\/").replace("<!", "<\\!"), dropped=tuple(cut.dropped))


def _rules(rules: Sequence[Any], cut: _Cut, depth: int) -> Iterator[str]:
    for rule in rules:
        written = _rule(rule, cut, depth)
        if written is None:
            cut.dropped.append(_shown(rule))
        else:
            yield written


def _rule(rule: Any, cut: _Cut, depth: int) -> str | None:
    """The allowed part of the rule; None if nothing is allowed."""
    if depth > DEEPEST or rule.type not in ("qualified-rule", "at-rule") or _is_fetching(rule.prelude) or rule.content is None:
        return None
    head = tinycss2.serialize(rule.prelude).strip()
    if rule.type == "qualified-rule":
        return _block(head, _declared(rule.content, cut, depth))
    name = rule.lower_at_keyword
    if name in NESTING:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        return _block(f"@{name} {head}", _rules(inner, cut, depth + 1))
    if name in DECLARING or MARGIN_BOX.fullmatch(name):
        return _block(f"@{name} {head}".strip(), _declared(rule.content, cut, depth))
    return None


def _block(head: str, parts: Iterator[str]) -> str:
    return f"{head} {{ {' '.join(parts)} }}"


def _declared(content: Sequence[Any], cut: _Cut, depth: int) -> Iterator[str]:
    for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if each.type != "declaration":
            yield from _rules([each], cut, depth + 1)
        elif each.lower_name in RUNNING or _is_fetching(value := _bound(each.value, cut)):
            cut.dropped.append(_shown(each))
        else:
            important, written = " !important" if each.important else "", tinycss2.serialize(value).strip()
            cut.declared.append(css_variables.declared(each.name, written, value))
            yield f"{each.name}: {written}{important};"


def _bound(tokens: Sequence[Any], cut: _Cut) -> list[Any]:
    """The tokens with each address of an uploaded picture turned into its media name."""
    return [
        _Picture(token, name) if (name := cut.pictures.get(normal_reference(svg_styles.address_in(token)))) else token
        for token in tokens
    ]


class _Picture(tinycss2.ast.URLToken):
    """The address of a picture of the document."""

    type = "picture"

    def __init__(self, token: Any, name: str) -> None:
        super().__init__(token.source_line, token.source_column, name, f"url({name})")


def _is_fetching(tokens: Sequence[Any]) -> bool:
    """Whether the tokens name an address, or a number that no page has."""
    todo = list(tokens)
    while todo:
        token = todo.pop()
        if token.type in ("url", "error") or (token.type == "function" and token.lower_name in FETCHING):
            return True
        if token.type in ("number", "dimension", "percentage") and not abs(token.value) <= LARGEST_NUMBER:
            return True
        todo += getattr(token, "arguments", None) or getattr(token, "content", None) or ()
    return False


def _shown(node: Any) -> str:
    if node.type == "error":
        return str(node.message)[:200]
    return str(node.serialize())[:200]
