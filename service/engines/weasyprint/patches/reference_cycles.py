"""What a document leaves behind, freed as soon as no one asks for it any more.

Styles, the context of a layout and the rules of a document hold what holds them, so that all its boxes and elements wait for
Python's collector, which looks for them among all else that is there: a twelfth of a worker's time (measured). `install` turns
around one half of each such pair: a style knows its anonymous style as long as a box has it, what was its own attribute is
asked of itself.
"""

from __future__ import annotations

import functools
import weakref
from typing import Any

from weasyprint.css import AnonymousStyle, InitialStyle, Style
from weasyprint.layout import LayoutContext


def anonymous_style(style: Any) -> Any:
    """The one style of all anonymous boxes in a box of this style."""
    known = style.__dict__.get("anonymous")
    found = known and known()
    if found is None:
        found = AnonymousStyle(style)
        style.anonymous = weakref.ref(found)
    return found


def _itself(style: Any) -> Any:
    return style


def _ignore(style: Any, value: Any) -> None:
    """WeasyPrint says so in `__init__`."""


def _image(context: Any) -> Any:
    """Asked again each time; WeasyPrint reads the keywords."""
    return functools.partial(context.image, context=context)


def _keep_image(context: Any, given: functools.partial[Any]) -> None:
    others = {name: value for name, value in given.keywords.items() if name != "context"}
    context.image = functools.partial(given.func, *given.args, **others)


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    Style.anonymous_style = property(anonymous_style)
    AnonymousStyle.specified = InitialStyle.specified = property(_itself, _ignore)
    LayoutContext.get_image_from_uri = property(_image, _keep_image)
