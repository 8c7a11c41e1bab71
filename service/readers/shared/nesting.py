"""The common refusals of text readers before pandoc: nesting and unclosed marks on which its parsers do not end."""

from __future__ import annotations

from service.model.errors import Place, TooComplex

MAX_INDENTS = 50  # columns of nested indentation; the AST may nest 60
MAX_COLUMNS = 1000  # cells in a row of a table


def refuse(count: int, most: int, line: int, what: str) -> None:
    """Raises TooComplex if `count` is more than `most`; `what` is the counted thing, `line` counts from 1."""
    if count > most:
        detail = f"Line {line} has more than {most:,} {what}."
        raise TooComplex(detail, places=[Place(detail, line=line)], extra={"limit": most})


def refuse_indentation(text: str, first_line: int = 1, most: int = MAX_INDENTS) -> None:
    """For formats in which deeper indentation nests: the blocks that are open at a line are counted."""
    open_at: list[int] = []
    for number, line in enumerate(text.split("\n"), first_line):
        bare = line.lstrip(" \t")
        if not bare:
            continue
        indent = len(line) - len(bare)
        while open_at and open_at[-1] > indent:
            open_at.pop()
        if not open_at or open_at[-1] < indent:
            open_at.append(indent)
            refuse(len(open_at), most, number, "blocks in one another")
