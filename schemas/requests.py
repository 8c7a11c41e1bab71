"""The fields of a request besides the options of a conversion: those of a job, and the parameters of the query.

As with the options, an unknown name is refused, and the message contains the nearest known one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from schemas.options import checked, unknown
from service.model import catalogue
from service.model.errors import Place, ValidationFailed

JOB_STATES = ("queued", "running", "succeeded", "partial", "failed", "cancelled", "expired")
LONGEST_WAIT = 60  # seconds
LARGEST_PAGE = 100
MOST_SECRETS, SECRET = 2, "webhook_secret"
MOST_URLS, MOST_ADDRESSES = 200, 10
PREFIX = r"(?:|[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}(?:/[A-Za-z0-9_][A-Za-z0-9_.-]{0,60}){0,8}/?)$"
ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}\Z"
LISTS = (SECRET, "deliver_put", "deliver_mail")


def _cursor() -> fields.String:
    return fields.String(
        load_default=None, validate=validate.Length(max=200), metadata={"help": "The value `next` of the previous page."}
    )


def _limit(default: int) -> fields.Integer:
    help_text = "The largest number of entries."
    return fields.Integer(load_default=default, validate=validate.Range(1, LARGEST_PAGE), metadata={"help": help_text})


class JobFields(Schema):
    """The form fields of a job that are not options."""

    name = fields.String(load_default="", validate=validate.Length(max=200), metadata={"help": "A name of your own for the job."})
    webhook_url = fields.String(
        load_default="", validate=validate.Length(max=2_048),
        metadata={"help": "The address that receives the end of the job: job.succeeded, job.partial, job.failed, job.cancelled."},
    )  # fmt: skip
    webhook_secret = fields.List(
        fields.String(validate=validate.Length(max=200)), load_default=list, validate=validate.Length(max=MOST_SECRETS),
        metadata={"help": "Signs the webhooks: `whsec_` and base64. Two, for a rotation: repeated or separated by a comma."},
    )  # fmt: skip
    deliver_put = fields.List(
        fields.String(validate=validate.Length(max=2_048)), load_default=list, validate=validate.Length(max=MOST_URLS),
        metadata={"help": "Pre-signed URLs: the artifacts go there by HTTP PUT, one URL for each, in the order of sources and "
                  "formats. The service must allow it."},
    )  # fmt: skip
    deliver_s3 = fields.String(
        load_default="", validate=validate.Regexp(PREFIX, error="Use letters, digits, _ . - and / in at most 200 characters."),
        metadata={"help": "A prefix: the artifacts become objects below it, in the bucket of the service, if it has one."},
    )  # fmt: skip
    deliver_mail = fields.List(
        fields.String(validate=validate.Regexp(ADDRESS, error="Not a mail address.")), load_default=list,
        validate=validate.Length(max=MOST_ADDRESSES),
        metadata={"help": "Mail addresses: each gets one message with all artifacts, if the service has a mail server and allows "
                  "the recipient."},
    )  # fmt: skip


class JobQuery(Schema):
    wait = fields.Float(
        load_default=0.0, validate=validate.Range(0, LONGEST_WAIT),
        metadata={"help": "The number of seconds to wait for the end of the job before the response."},
    )  # fmt: skip


class JobsQuery(Schema):
    cursor = _cursor()
    limit = _limit(20)
    state = fields.String(
        load_default=None, validate=validate.OneOf(JOB_STATES, error="Must be one of: {choices}."),
        metadata={"help": "Only jobs in this state."},
    )  # fmt: skip
    owner = fields.String(
        load_default=None, validate=validate.Regexp("^([0-9a-f]{12})?$", error="Must be the id of a key, or empty."),
        metadata={"help": "Only jobs of the key with this id. A key with the scope `admin` sees the jobs of all keys."},
    )  # fmt: skip


class PageQuery(Schema):
    cursor = _cursor()
    limit = _limit(LARGEST_PAGE)


class ArtifactQuery(Schema):
    redirect = fields.Boolean(
        load_default=False, metadata={"help": "Redirect (307) to the store, if the store can give a temporary address."}
    )


class LatestQuery(Schema):
    name = fields.String(
        load_default="", validate=validate.Length(max=200), metadata={"help": "The name of the job. Empty: any job."}
    )


class PreviewQuery(Schema):
    width = fields.Integer(
        load_default=480, validate=validate.Range(32, 1_600), metadata={"help": "Width of the image in pixels."}
    )
    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000), metadata={"help": "Number of the page, from 1."})


class MessagesQuery(Schema):
    language = fields.String(
        load_default="", validate=validate.OneOf(("", *catalogue.LANGUAGES), error="Must be one of: {choices}."),
        metadata={"help": "Language of the texts. Empty: the language of Accept-Language, else English."},
    )  # fmt: skip


JOB_FIELDS, JOB_QUERY, JOBS_QUERY, PAGE_QUERY, ARTIFACT_QUERY = JobFields(), JobQuery(), JobsQuery(), PageQuery(), ArtifactQuery()
PREVIEW_QUERY, MESSAGES_QUERY, LATEST_QUERY = PreviewQuery(), MessagesQuery(), LatestQuery()


def load_job(given: Mapping[str, Sequence[str]], others: Collection[str]) -> dict[str, Any]:
    """The job's fields among all fields; `others` are the names of the rest.

    Raises ValidationFailed for an invalid field, and for a name that is in neither.
    """
    known = {*JOB_FIELDS.fields, *others}
    places = [Place(unknown(name, known), f"/{name}") for name in given if name not in known]
    own = {name: values for name, values in given.items() if name in JOB_FIELDS.fields and values}  # JSON can have an empty list
    places += [Place("Send it once.", f"/{name}") for name, values in own.items() if len(values) > 1 and name not in LISTS]
    if places:
        raise ValidationFailed(places[0].detail, places=places)
    raw: dict[str, Any] = {name: values[0] for name, values in own.items()}
    if SECRET in own:
        secrets = [one.strip() for text in own[SECRET] for one in text.split(",")]
        # An empty form field is ignored; but the limit counts all fields.
        raw[SECRET] = secrets if len(own[SECRET]) > MOST_SECRETS else [one for one in secrets if one]
    for name in ("deliver_put", "deliver_mail"):
        if name in own:
            raw[name] = [text.strip() for text in own[name] if text.strip()]
    return checked(JOB_FIELDS, raw)
