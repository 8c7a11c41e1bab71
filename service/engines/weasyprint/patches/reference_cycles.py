"""Frees the objects of a document as soon as they are no longer used.

Styles, the context of a layout and the rules of a document form reference cycles, so all boxes and elements wait for
Python's collector, which visits all objects: a twelfth of a worker's time (measured). This patch breaks
one half of each cycle: a style has a weak reference to its anonymous style, and a reference to itself becomes
a property.
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
    """Computed each time; WeasyPrint stores the keywords."""
    return functools.partial(context.image, context=context)


def _keep_image(context: Any, given: functools.partial[Any]) -> None:
    others = {name: value for name, value in given.keywords.items() if name != "context"}
    context.image = functools.partial(given.func, *given.args, **others)


def install() -> None:
    """Installs this. Idempotent."""
    Style.anonymous_style = property(anonymous_style)
    AnonymousStyle.specified = InitialStyle.specified = property(_itself, _ignore)
    LayoutContext.get_image_from_uri = property(_image, _keep_image)
