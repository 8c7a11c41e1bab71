"""Pictures with a caption in divisions, as WordPress and MediaWiki wrote them before `<figure>`: each becomes a figure."""

from __future__ import annotations

from service.ast.html.tree import Element

FIGURES = frozenset({"wp-caption", "thumbinner", "gallerybox"})
CAPTIONS = frozenset({"wp-caption-text", "thumbcaption", "gallerytext"})


def settle(page: Element) -> None:
    for element in list(page.iter("div")):
        if FIGURES.isdisjoint(element.get("class").split()):
            continue
        captions = [each for each in element.elements() if CAPTIONS.intersection(each.get("class").split())]
        if len(captions) == 1 and any(element.below("img", "picture", "svg")):
            element.tag, captions[0].tag = "figure", "figcaption"
