"""OPDS 2.0: a catalogue as JSON (drafts.opds.io/opds-2.0), with the metadata of the Readium Web Publication Manifest."""

from __future__ import annotations

from typing import Any

from service.web.jobs import serializers
from service.web.opds.catalogue import Catalogue, Publication

FEED = "application/opds+json"
GET = "http://opds-spec.org/acquisition/open-access"
ROOT = "/opds/v2"


def written(catalogue: Catalogue) -> dict[str, Any]:
    """The feed as an object."""
    links = [_link("self", catalogue.path), _link("start", "")]
    links += [_link("up", "")] if catalogue.path else []
    links += [_link("next", catalogue.next)] if catalogue.next else []
    about = {
        "title": catalogue.title, "identifier": f"urn:colophon:{catalogue.id}", "modified": serializers.time(catalogue.updated),
    }  # fmt: skip
    if catalogue.path:
        return {"metadata": about, "links": links, "publications": list(map(_publication, catalogue.publications))}
    shelves = [
        _link("subsection", each.path) | {"title": each.title, "properties": {"numberOfItems": each.size}}
        for each in catalogue.shelves
    ]
    return {"metadata": about, "links": links, "navigation": shelves}


def _link(rel: str, path: str) -> dict[str, Any]:
    return {"rel": rel, "href": f"{serializers.base()}{ROOT}{path}", "type": FEED}


def _publication(of: Publication) -> dict[str, Any]:
    said: dict[str, Any] = {
        "author": [{"name": name} for name in of.authors], "language": of.says("lang"), "published": of.says("date"),
        "publisher": of.says("publisher"), "description": of.says("description"),
        "subject": [str(each) for each in of.metadata.get("keywords") or ()],
    }  # fmt: skip
    about = {
        "@type": "http://schema.org/Book", "title": of.title, "identifier": f"urn:colophon:{of.id}",
        "modified": serializers.time(of.updated),
    }  # fmt: skip
    links = [
        {"rel": GET, "href": serializers.artifact(each)["url"], "type": each.media_type, "properties": {"size": each.size}}
        for each in of.artifacts
    ]
    return {"metadata": about | {name: value for name, value in said.items() if value}, "links": links}
