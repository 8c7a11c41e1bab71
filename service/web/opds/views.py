"""GET /opds and /opds/v2: the catalogue. E-readers send the key as the password of Basic authentication."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

from schemas import requests
from service.web import responses
from service.web.endpoint import ADMIN, JOBS, answer, endpoint
from service.web.opds import atom, catalogue, json_catalogue
from service.web.opds.catalogue import Catalogue
from service.web.services import services

ATOM, JSON = {"application/atom+xml": "string"}, {json_catalogue.FEED: "object"}
KEY = " An e-reader sends the API key as the password of Basic authentication; any user name will do."


@endpoint(
    "GET /opds",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="getCatalogue",
    summary="Get the catalogue of finished jobs as OPDS 1.2",
    description="A navigation feed: the finished jobs, newest first." + KEY,
    query=requests.PAGE_QUERY,
    answers={200: answer("The feed.", **ATOM)},
    problems=(422, 503),
)
def root(asked: Mapping[str, Any]) -> Response:
    return _atom(catalogue.root(asked["cursor"], asked["limit"]))


@endpoint(
    "GET /opds/jobs/<job_id>",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="getJobCatalogue",
    summary="Get the publications of a job as OPDS 1.2",
    description="An acquisition feed: each item with its metadata, and a link for each of its formats." + KEY,
    query=requests.PAGE_QUERY,
    answers={200: answer("The feed.", **ATOM)},
    problems=(404, 410, 422, 503),
)
def job(job_id: str, asked: Mapping[str, Any]) -> Response:
    return _atom(catalogue.shelf(job_id, asked["cursor"], asked["limit"]))


@endpoint(
    "GET /opds/v2",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="getPublications",
    summary="Get the catalogue of finished jobs as OPDS 2.0",
    description="The finished jobs, newest first." + KEY,
    query=requests.PAGE_QUERY,
    answers={200: answer("The feed.", **JSON)},
    problems=(422, 503),
)
def root_2(asked: Mapping[str, Any]) -> Response:
    return _json(catalogue.root(asked["cursor"], asked["limit"]))


@endpoint(
    "GET /opds/v2/jobs/<job_id>",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="getJobPublications",
    summary="Get the publications of a job as OPDS 2.0",
    description="Each item with its metadata, and a link for each of its formats." + KEY,
    query=requests.PAGE_QUERY,
    answers={200: answer("The feed.", **JSON)},
    problems=(404, 410, 422, 503),
)
def job_2(job_id: str, asked: Mapping[str, Any]) -> Response:
    return _json(catalogue.shelf(job_id, asked["cursor"], asked["limit"]))


@endpoint(
    "GET /opds/latest/<target>",
    tag="Jobs",
    scopes=JOBS + ADMIN,
    name="downloadLatest",
    summary="Download the latest artifact of a format",
    description="A stable address: the first artifact of that format in the newest finished job, or in the newest one with the"
    " name `name`." + KEY,
    query=requests.LATEST_QUERY,
    answers={
        200: answer("The artifact.", **{"application/octet-stream": "binary"}),
        206: answer("The requested range.", **{"application/octet-stream": "binary"}),
        304: answer("It is the one that If-None-Match names."),
    },
    problems=(404, 410, 422, 503),
)
def latest(target: str, asked: Mapping[str, Any]) -> Response:
    found = catalogue.latest(target, asked["name"])
    return responses.stored_answer(services().store, found.sha256, found.name, found.media_type)


def _atom(found: Catalogue) -> Response:
    data, media_type = atom.written(found)
    return Response(data, content_type=media_type, headers={"Cache-Control": "no-store"})


def _json(found: Catalogue) -> Response:
    text = json.dumps(json_catalogue.written(found), ensure_ascii=False)
    return Response(text, content_type=json_catalogue.FEED, headers={"Cache-Control": "no-store"})
