"""The front matter of a record, as its author would write it now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from schemas import front_matter as fields
from service.model import codec
from service.model.errors import InvalidDocument
from service.model.record import _without_detected


def front_matter(record: Mapping[str, Any]) -> dict[str, Any]:
    """The front matter of a parsed record, with what the request then changed, cleared or added. Raises InvalidDocument."""
    try:
        metadata = codec.unpack_metadata({**record["metadata"], "front_matter": record.get("front_matter") or {}})
        notices = [(reported["code"], reported.get("data", {})) for reported in record.get("notices", ())]
        return fields.changed(_without_detected(metadata, notices))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidDocument("The embedded record is damaged.") from error
