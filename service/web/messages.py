"""GET /v1/messages: the texts of codes in a language. The page shows them; a client can show them next to a code."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from flask import Response, request

from schemas import requests
from service.model import catalogue
from service.model.errors import error_classes
from service.model.notices import NOTICES
from service.model.problem_hints import hint_of
from service.web import responses
from service.web.endpoint import ANYBODY, FREE, answer, endpoint


@cache
def texts(language: str) -> Mapping[str, str]:
    """`kind.code` → text. Kinds: notice, advice, problem, remedy, value, field; in Chinese also detail."""
    if language != "en":
        return catalogue.texts(language)
    tables = {
        **{f"notice.{code}": meaning for code, (_, meaning) in NOTICES.items()},
        **{f"problem.{code}": cls.title for code, cls in error_classes().items()},
        **{f"remedy.{code}": hint_of(cls) for code, cls in error_classes().items()},
    }
    return tables | dict(catalogue.texts("en"))


def preferred() -> str:
    """The first language of Accept-Language that the catalogue has, or English. `zh-CN` is Chinese."""
    tags = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in tags if tag in catalogue.LANGUAGES), "en")


@endpoint(
    "GET /v1/messages",
    tag="Server",
    scopes=ANYBODY,
    cost=FREE,
    name="listMessages",
    summary="List the messages",
    description="The texts of notices, problems, remedies, values and metadata fields, by kind and code, in a language.",
    query=requests.MESSAGES_QUERY,
    answers={200: answer("The texts of the language.", **{"application/json": "Messages"})},
    problems=(422,),
)
def messages(asked: Mapping[str, Any]) -> Response:
    language = asked["language"] or preferred()
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language", "Content-Language": language}
    return responses.json_answer({"language": language, "messages": dict(texts(language))}, headers=headers)
