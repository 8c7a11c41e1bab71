"""The line of authors of a journal: marks after the names lead to affiliations and to the corresponding author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.model.metadata import Author

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
BETWEEN = "; "  # several affiliations of one author
STAR = "*"


def people(authors: Sequence[Author], joint: str, places: Sequence[str] = ()) -> str:
    """`Ann Lee¹*, Tom Reed² (editor)`. Without two `places` no name has a number, and one author has no star."""

    def one(author: Author) -> str:
        numbers = [str(places.index(each) + 1) for each in _places(author) if each in places] if len(places) > 1 else []
        star = STAR * (author.corresponding and len(authors) > 1)
        role = f" ({author.role})" if author.role and author.role.lower() != "author" else ""
        return f"{author.name}{','.join(numbers).translate(SUPERSCRIPTS)}{star}{role}"

    return joint.join(map(one, authors))


def affiliations(authors: Sequence[Author]) -> tuple[str, ...]:
    """Each affiliation once, in the order of the authors."""
    return tuple(dict.fromkeys(place for author in authors for place in _places(author)))


def numbered(places: Sequence[str]) -> list[str]:
    """The affiliations as lines, with their numbers if there are several."""
    if len(places) < 2:
        return list(places)
    return [f"{str(number).translate(SUPERSCRIPTS)} {place}" for number, place in enumerate(places, 1)]


def corresponding(authors: Sequence[Author], said: Mapping[str, str], joint: str) -> tuple[str, str]:
    """The corresponding author with the address and its link: the marked author, else the text of the article."""
    marked = [author for author in authors if author.corresponding]
    if not marked:
        given = said.get("corresponding", "")
        return given, ""
    text = joint.join(", ".join(filter(None, (author.name, author.email))) for author in marked)
    address = marked[0].email if len(marked) == 1 and "@" in marked[0].email else ""
    return text, f"mailto:{address}" if address else ""


def _places(author: Author) -> list[str]:
    return [place for each in author.affiliation.split(BETWEEN.strip()) if (place := each.strip())]
