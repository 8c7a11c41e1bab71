"""With the client of openapi-python-client: `program.py URL`. Prints what it got."""

from __future__ import annotations

import io
import sys

from colophon_generated import Client
from colophon_generated.api.articles import convert_article
from colophon_generated.api.jobs import create_job, get_job
from colophon_generated.models import ConversionForm, Job, JobForm, Problem, Target
from colophon_generated.types import File

ARTICLE = b"# The lock\n\nThe lock opens at eight.\n"


def article(name: str = "lock.md") -> File:
    return File(io.BytesIO(ARTICLE), name, "text/markdown")


def main(url: str) -> None:
    with Client(url, timeout=120) as client:
        made = convert_article.sync_detailed(client=client, body=ConversionForm(file=article(), to=[Target.EPUB], toc=True))
        print(made.status_code, made.headers["Content-Type"], made.content[:2])

        job = create_job.sync(client=client, body=JobForm(file=[article(), article("two.md")], to=[Target.HTML]))
        assert isinstance(job, Job), job
        ended = get_job.sync(job.id, client=client, wait=60)
        assert isinstance(ended, Job), ended
        print(ended.state, [artifact.name for artifact in ended.artifacts])

        refused = convert_article.sync_detailed(
            client=client, body=ConversionForm(file=article(), to=[Target.PDF], margin="wide")
        )
        assert isinstance(refused.parsed, Problem), refused
        print(refused.parsed.status, refused.parsed.code, refused.parsed.errors[0].pointer)


main(sys.argv[1])
