"""A long document printed in parallel sections."""

from __future__ import annotations


class Unjoinable(Exception):
    """Something that only a document in one piece can have; it is printed in one piece instead."""
