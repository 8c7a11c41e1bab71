"""The options of a conversion. One field here is the HTTP form field, the CLI flag, the OpenAPI property and the row in the docs.

Names are pandoc's where pandoc has the option. `-` and `_` are equal on the wire.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from schemas import lengths
from service.model import profiles, title_fields
from service.model.document import Conversion
from service.model.errors import Place, ValidationFailed

DIALECTS = (
    "auto", "markdown", "gfm", "commonmark", "commonmark_x",
    "obsidian", "mkdocs", "quarto", "docusaurus", "hugo", "jekyll", "chat",
)  # fmt: skip


PLACEHOLDERS = ("title", "author", "date", "source", "page", "pages")
HIGHLIGHT_STYLES = (
    "pygments", "none", "tango", "espresso", "zenburn", "kate", "monochrome", "breezedark", "haddock",
)  # fmt: skip


def one_of(*choices: str) -> validate.OneOf:
    return validate.OneOf(choices, error="Must be one of: {choices}.")


def readable(parse: Callable[[str], Any]) -> Callable[[str], None]:
    """A validator that calls `parse` on a value that is not empty. Empty means: the profile decides."""

    def check(value: str) -> None:
        if value:
            parse(value)

    return check


def known_placeholders(value: str) -> None:
    for name in re.findall(r"\{([^{}]*)\}", value):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise ValidationError(f"Unknown placeholder {{{name[:40]}}}; known: {known}.")


def known_title_fields(value: str) -> None:
    try:
        title_fields.parsed(value)
    except ValueError as error:
        raise ValidationError(str(error)) from None


def web_address(value: str) -> None:
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]{1,1000}", value):
        raise ValidationError("Must be a URL that starts with http:// or https://.")


LINE = (validate.Length(max=200), known_placeholders)


class OptionsSchema(Schema):
    """Every field has a default. `metadata["help"]` is its line in the docs and in `--help`."""

    class Meta:
        unknown = EXCLUDE  # `load` refuses unknown names and suggests the nearest known one

    reader = fields.String(
        data_key="from", load_default="auto", metadata={"help": "Input format. auto detects it from name and content."}
    )
    dialect = fields.String(
        load_default="auto",
        validate=one_of(*DIALECTS),
        metadata={"help": "Markdown dialect. docs/readers.md lists what each one reads."},
    )
    profile = fields.String(load_default="article", metadata={"help": "Design of the pages: article, book or report."})
    metadata = fields.Dict(
        keys=fields.String(), load_default=dict, metadata={"help": "Metadata as a JSON object. It overrides the front matter."}
    )
    metadata_defaults = fields.Dict(
        keys=fields.String(), load_default=dict,
        metadata={"help": "Metadata as a JSON object, for the fields that neither the front matter nor a metadata file sets."},
    )  # fmt: skip
    lang = fields.String(
        load_default="", metadata={"help": "Language of the text (BCP 47). It overrides front matter and detection."}
    )
    charset = fields.String(load_default="", metadata={"help": "Encoding of the upload if it is not UTF-8."})
    strict = fields.Boolean(load_default=False, metadata={"help": "Refuse the article (422) if the conversion has warnings."})
    clean = fields.String(
        load_default="safe", validate=one_of("none", "safe", "web"),
        metadata={"help": "none: change nothing. safe: remove empty images and links. web: remove menus and buttons of the site "
                          "too."},
    )  # fmt: skip
    extract = fields.String(
        load_default="none", validate=one_of("none", "main"),
        metadata={"help": "Part of a web page to convert. none: the whole page. main: the main text; notices list what is "
                          "removed."},
    )  # fmt: skip
    images = fields.String(
        load_default="embed", validate=one_of("embed", "link", "drop"),
        metadata={"help": "Remote images: embed (fetch and embed them), link (keep links) or drop (remove them)."},
    )  # fmt: skip
    image_quality = fields.Integer(
        load_default=85, validate=validate.Range(30, 95), metadata={"help": "JPEG quality of scaled images."}
    )
    math = fields.String(
        load_default="auto", validate=one_of("auto", "on", "off"),
        metadata={"help": "Dollar signs as formulas. auto: only text that looks like TeX."},
    )  # fmt: skip
    title_fields = fields.String(
        load_default="", validate=known_title_fields,
        metadata={
            "help": "Fields under the title. Default: the profile's. none, some (authors,date,license), "
            "or all but some (-license,-abstract)."
        },
    )  # fmt: skip
    toc = fields.Boolean(load_default=False, metadata={"help": "Add a table of contents."})
    toc_depth = fields.Integer(
        load_default=3, validate=validate.Range(1, 6), metadata={"help": "Heading levels in the table of contents."}
    )
    number_sections = fields.Boolean(load_default=False, metadata={"help": "Number the section headings."})
    highlight_style = fields.String(
        load_default="pygments", validate=one_of(*HIGHLIGHT_STYLES),
        metadata={"help": "Colours of code: a pandoc highlight style. pygments: the profile's colours. none: no colours."},
    )  # fmt: skip
    combine = fields.Boolean(
        load_default=False,
        metadata={"help": "Make one book of all articles in the request or zip. Each becomes a chapter with its own metadata."},
    )
    paper = fields.String(
        load_default="", validate=readable(lengths.paper),
        metadata={"help": "Paper size of PDF and DOCX: a4, a5, b5, letter, legal, …, a4-landscape, or a size such as 6x9in."},
    )  # fmt: skip
    margin = fields.String(
        load_default="", validate=readable(lengths.margins),
        metadata={"help": "Margins of PDF and DOCX: one to four lengths as in CSS, for example 25mm or 20mm 15mm 25mm 15mm."},
    )  # fmt: skip
    font = fields.String(
        load_default="", validate=validate.Length(max=80),
        metadata={"help": "Font family of the text: serif, sans, mono, or an installed family. EPUB and DOCX do not embed it."},
    )  # fmt: skip
    font_size = fields.String(
        load_default="", validate=readable(lengths.type_size),
        metadata={"help": "Font size of the text, for example 11pt. Headings scale with it. Not in EPUB."},
    )  # fmt: skip
    justify = fields.String(
        load_default="auto", validate=one_of("auto", "justified", "ragged"),
        metadata={"help": "justified: both text edges straight. ragged: right edge ragged. auto: by language and format."},
    )  # fmt: skip
    writing_mode = fields.String(
        load_default="horizontal-tb", validate=one_of("horizontal-tb", "vertical-rl"),
        metadata={"help": "Direction of the lines, as in CSS. vertical-rl: vertical lines, for a Chinese, Japanese or Korean"
                          " EPUB."},
    )  # fmt: skip
    notes = fields.String(
        load_default="page", validate=one_of("page", "end"),
        metadata={"help": "Notes of a PDF: page (at the foot of the page) or end (at the end). Notes too long for the foot are at"
                  " the end."},
    )  # fmt: skip
    header = fields.String(
        load_default="", validate=LINE,
        metadata={"help": "Page header of PDF and DOCX. Placeholders: {title}, {author}, {date}, {source}, {page}, {pages}."
                  " | separates left, centre and right. none: no header."},
    )  # fmt: skip
    footer = fields.String(
        load_default="", validate=LINE,
        metadata={"help": "Page footer, as for header. Without | the text is centred."},
    )  # fmt: skip
    css = fields.String(
        load_default="", validate=validate.Length(max=200_000),
        metadata={"help": "Style sheet added to the profile's, for PDF, EPUB and HTML: CSS text, or the name of an uploaded"
                  " file. A style.css in a bundle needs no option. It can use uploaded images and fetches nothing."},
    )  # fmt: skip
    cover = fields.String(
        load_default="", validate=validate.Length(max=200),
        metadata={"help": "Cover. none. auto: the front matter's cover, else a drawn one. first: the first image."
                  " drawn: from title, author, source and date. Or the name of an uploaded image (on the command line:"
                  " a path, which must exist). Default: only an EPUB has the front matter's cover."},
    )  # fmt: skip
    watermark = fields.String(
        load_default="", validate=validate.Length(max=60),
        metadata={"help": "Pale text such as DRAFT across each page of PDF and DOCX."},
    )  # fmt: skip
    pdf_variant = fields.String(
        load_default="", metadata={"help": "PDF variant, for example pdf/a-3u, pdf/ua-1 or pdf/a-4f+ua-2."}
    )
    certified_by = fields.String(
        load_default="", validate=validate.Length(max=200),
        metadata={"help": "Who vouches for the accessibility of an EPUB (a11y:certifiedBy). Default: the automatic checks."},
    )  # fmt: skip
    certifier_report = fields.String(
        load_default="", validate=readable(web_address),
        metadata={"help": "URL of the report of who vouches (a11y:certifierReport)."},
    )  # fmt: skip
    embed_source = fields.Boolean(load_default=True, metadata={"help": "Embed the original upload in the artifact."})
    verify = fields.String(
        load_default="metadata", validate=one_of("none", "metadata", "full"),
        metadata={"help": "Open the artifact again and compare it before the response."
                  " metadata: native fields. full: also the embedded record and upload,"
                  " and what a PDF claims (PDF/A, PDF/UA)."},
    )  # fmt: skip
    bibliography = fields.String(load_default="", metadata={"help": "Name of an uploaded bibliography (BibTeX or CSL JSON)."})
    csl = fields.String(load_default="", metadata={"help": "Name of an uploaded citation style (CSL)."})


OPTIONS = OptionsSchema()


def load(to: tuple[str, ...], raw: Mapping[str, Any]) -> Conversion:
    """The Conversion for the options `raw`. Raises ValidationFailed with one place per field, pointer `/field`."""
    values = {name.replace("-", "_"): value for name, value in raw.items()}
    values = {**_of_profile(values), **values}
    known = {field.data_key or name: field for name, field in OPTIONS.fields.items()}
    places = [Place(unknown(name, known), f"/{name}") for name in values if name not in known]
    try:
        options = OPTIONS.load(values)
    except ValidationError as error:
        messages = error.normalized_messages()  # type: ignore[no-untyped-call]
        places += [Place(sentence(problem), f"/{name}") for name, problem in sorted(messages.items())]
    if places:
        raise ValidationFailed(places[0].detail, places=places)
    _check_fit(options)
    return Conversion(to=to, options=MappingProxyType(options))


def _of_profile(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The defaults of the profile. An explicit option wins. Raises ValidationFailed for an unknown profile."""
    name = values.get("profile", "article")
    return profiles.load(name).options if isinstance(name, str) else {}


def _check_fit(options: Mapping[str, Any]) -> None:
    if options["csl"] and not options["bibliography"]:
        detail = "The option csl requires a bibliography."
        raise ValidationFailed(detail, places=[Place(detail, "/csl")])
    if options["margin"]:
        try:
            lengths.check_fit(options["paper"], options["margin"])
        except ValidationError as error:
            raise ValidationFailed(sentence(error.messages), places=[Place(sentence(error.messages), "/margin")]) from error


def properties(schema: Schema = OPTIONS) -> dict[str, dict[str, Any]]:
    """Every field as a JSON Schema property by its wire name: the source of the OpenAPI form fields."""
    return {field.data_key or name: _property(field) for name, field in schema.fields.items()}


def _property(field: fields.Field[Any]) -> dict[str, Any]:
    kinds = {
        fields.Boolean: "boolean", fields.Integer: "integer", fields.Float: "number", fields.Dict: "object",
        fields.List: "array",
    }  # fmt: skip
    out: dict[str, Any] = {"type": next((kind for cls, kind in kinds.items() if isinstance(field, cls)), "string")}
    if isinstance(field, fields.List):
        out["items"] = {"type": "string"}
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            out["enum"] = list(check.choices)
        elif isinstance(check, validate.Range):
            out |= {"minimum": check.min, "maximum": check.max}
        elif isinstance(check, validate.Regexp):
            out["pattern"] = check.regex.pattern
        elif isinstance(check, validate.Length) and check.max is not None:
            out["maxItems" if out["type"] == "array" else "maxLength"] = check.max
    default = field.load_default() if callable(field.load_default) else field.load_default
    return out | ({} if default is None else {"default": default}) | {"description": field.metadata["help"]}


def defaults(*to: str, **overrides: Any) -> Conversion:
    """A Conversion with the defaults and `overrides`, for tests and callers in this process."""
    return Conversion(to=to, options=MappingProxyType(dict(OPTIONS.load({})) | overrides))


def unknown(name: str, known: Iterable[str], what: str = "option") -> str:
    """The message for an unknown name, with the nearest known one."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    return f"Unknown {what} {name!r}" + (f"; did you mean {near[0]!r}?" if near else ".")


def sentence(problem: Any) -> str:
    """The first message of marshmallow's nested ones."""
    while isinstance(problem, (dict, list)):
        problem = next(iter(problem.values() if isinstance(problem, dict) else problem))
    return str(problem)
