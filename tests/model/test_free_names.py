"""A name that is there again gets the next free number, in a number of comparisons that grows with the names alone."""

from __future__ import annotations

from service.model.artifact_names import Names
from service.model.free_names import FreeNames


def numbered(names: list[str], key: bool = False) -> tuple[list[str], int]:
    """The free names, and how many were looked at."""
    taken, looks, free, found = set[str](), list[str](), FreeNames(), list[str]()

    def is_taken(name: str) -> bool:
        looks.append(name)
        return (name.casefold() if key else name) in taken

    for name in names:
        new = free.free(name, "{name}-{number}", is_taken, name.casefold() if key else None)
        taken.add(new.casefold() if key else new)
        found.append(new)
    return found, len(looks)


def test_the_first_free_number() -> None:
    assert numbered(["a", "b", "a", "a-2", "a", "{x}", "{x}"])[0] == ["a", "b", "a-2", "a-2-2", "a-3", "{x}", "{x}-2"]
    assert numbered(["a-2", "a", "a", "a"])[0] == ["a-2", "a", "a-3", "a-4"]


def test_names_that_differ_in_what_is_ignored_share_their_numbers() -> None:
    assert numbered(["a", "A", "a", "A"], key=True)[0] == ["a", "A-2", "a-3", "A-4"]


def test_the_looks_grow_with_the_names() -> None:
    assert numbered(["a"] * 5_000)[1] <= 3 * 5_000
    assert numbered(["aA"[n % 2] for n in range(5_000)], key=True)[1] <= 3 * 5_000


def test_paths_of_a_batch() -> None:
    names = Names(["a.pdf"])
    assert [names.free("a", [".pdf", ".epub"]) for _ in range(3)] == ["a-2", "a-3", "a-4"]
    assert names.free("A", [".docx"]) == "A"
    assert names.free("a", [".docx"]) == "a-2"
