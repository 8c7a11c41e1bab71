"""Task lists of programs that draw the boxes themselves: Notion, Confluence, Evernote, Google Keep. Each gets a box of HTML."""

from __future__ import annotations

from service.ast.html.tree import Element

DONE = frozenset({"checkbox-on", "checked", "task-list-item-checked", "done"})
BOXES = frozenset({"checkbox", "checkbox-on", "checkbox-off"})
LISTS = frozenset({"inline-task-list"})


def settle(page: Element) -> None:
    for element in list(page.iter("div", "span", "ul", "en-todo")):
        classes = set(element.get("class").split())
        if element.tag == "en-todo":
            element.tag, element.children = "span", [_box(element.get("checked") == "true"), " ", *element.children]
        elif element.tag == "ul" and classes & LISTS:
            for item in (each for each in element.elements() if each.tag == "li"):
                item.children = [_box(bool(DONE.intersection(item.get("class").split()))), " ", *item.children]
        elif classes & BOXES and not element.children:
            box = _box(bool(classes & DONE))
            element.tag, element.attributes = box.tag, box.attributes


def _box(done: bool) -> Element:
    return Element("input", {"type": "checkbox", **({"checked": ""} if done else {})})
