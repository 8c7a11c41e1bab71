"""The tables of formats: names, suffixes, media types, the syntax of references to files. No implementation.

The reader of an input format is in `readers`, the writer of an output format in `writers`, under the same name.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from service.model import devices, extensions
from service.model.errors import Place, ValidationFailed


@dataclass(frozen=True, slots=True)
class InputFormat:
    """`carries`: the metadata of the format. `aliases`: other names that clients use. `references`: where a text of this
    format names a file next to it, as an alternative of a verbose pattern with one group. `reader`: `module:object` in
    `service.readers`; empty: READER in the module of this name.
    """

    name: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    carries: str
    aliases: tuple[str, ...] = ()
    references: str = ""
    reader: str = ""


@dataclass(frozen=True, slots=True)
class OutputFormat:
    name: str
    suffix: str
    media_type: str

    @property
    def is_text(self) -> bool:
        return self.media_type.startswith(("text/", "application/json"))


# Also the names of Markdown in site generators and R notebooks.
MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn", ".mdtext", ".qmd", ".mdx", ".rmd", ".rmarkdown")
# Content is recognised in this order.
INPUT_FORMATS: dict[str, InputFormat] = {
    each.name: each
    for each in (
        InputFormat("markdown", MARKDOWN, ("text/markdown", "text/x-markdown"),
            "Front matter in YAML, TOML or JSON: every key, nested and typed.",
            ("gfm", "commonmark", "commonmark_x"),
            r"""\]\(\s*+<?([^)>\s"']++) | ^[ \t]{0,3}\[[^\]\n]++\]:\s*+<?([^\s>]++)
            | ^(?:cover|image|thumbnail)[ \t]*+:(?!:|[^\s\[]*+\[)\s*+(\S++)
            | ^(?:bibliography|csl|citation-style)[ \t]*+:[ \t]*+([^\s\[]\S*+)
            | (?:^[ \t]*+-|[\[,])[ \t]*+["']?(?=[^\s"',\[\]()]*\.(?:bib|bibtex|ris|csl)\b)([^\s"',\[\]()]++)"""),
        InputFormat("jats", (".jats", ".nxml"), ("application/jats+xml",),
            "The front: titles, contributors with ORCID, dates, abstract, keywords, subjects, DOI, journal, publisher, licence.",
            references=r"""\bxlink:href\s*+=\s*+["']([^"']++)"""),
        InputFormat("docbook", (".dbk", ".docbook"), ("application/docbook+xml",),
            "The info: titles, authors, dates, abstract, keywords, subjects, publisher, rights, ISBN and other identifiers.",
            references=r"""\bfileref\s*+=\s*+["']([^"']++)"""),
        InputFormat("fb2", (".fb2",), ("application/x-fictionbook+xml", "application/fb2"),
            "Title, authors, date, language, annotation, keywords, genres, series, cover, publisher, ISBN, custom-info."),
        InputFormat("html", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"),
            "`<title>`, `<meta>`, Open Graph, JSON-LD, canonical link: title, authors, dates, keywords, source.",
            ("xhtml",),
            r"""\bsrc\s*+=\s*+["']([^"']++)"""),
        InputFormat("docx", (".docx",), ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
            "Core, extended and custom properties; the title, subtitle, authors and date before the text.", ("word",),
            reader="office:DOCX"),
        InputFormat("pptx", (".pptx", ".ppsx"),
            ("application/vnd.openxmlformats-officedocument.presentationml.presentation",
             "application/vnd.openxmlformats-officedocument.presentationml.slideshow"),
            "Core, extended and custom properties; else the title slide.", ("powerpoint",), reader="office:PPTX"),
        InputFormat("xlsx", (".xlsx",), ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
            "Core, extended and custom properties.", ("excel",), reader="office:XLSX"),
        InputFormat("odt", (".odt",), ("application/vnd.oasis.opendocument.text",),
            "Title, subject, creator, dates, language, keywords and user-defined properties.", reader="office:ODT"),
        InputFormat("epub", (".epub",), ("application/epub+zip",),
            "The package document: titles, creators, dates, identifiers, subjects, source, series.", reader="office:EPUB"),
        InputFormat("rtf", (".rtf",), ("application/rtf", "text/rtf"),
            "The info group: title, subject, author, keywords, comment, category, company, dates; user properties."),
        InputFormat("latex", (".tex", ".latex", ".ltx"),
            ("application/x-tex", "text/x-tex", "application/x-latex", "text/x-latex"),
            "`\\title`, `\\subtitle`, `\\author`, `\\date`, abstract, keywords, `\\doi`, `\\hypersetup`, the language of babel.",
            ("tex",),
            r"\\includegraphics\*?(?:\[[^\[\]]*+\])?\{([^{}]++)\}"),
        InputFormat("rst", (".rst", ".rest"), ("text/x-rst", "text/prs.fallenstein.rst"),
            "The title, and the fields at the top: authors, date, version, copyright, abstract, and any other.",
            references=r"^[ \t]*+\.\.[ \t]++(?:\|[^|\n]*+\|[ \t]++)?(?:image|figure)::\s*+(\S++)"),
        InputFormat("org", (".org",), ("text/org", "text/x-org"),
            "`#+TITLE`, `#+AUTHOR`, `#+DATE`, `#+KEYWORDS`, `#+FILETAGS`, `#+LANGUAGE`, any other `#+KEY`.",
            references=r"\[\[(?:file:)?+([^\[\]|\n]+\.\w++)"),
        InputFormat("mediawiki", (".wiki", ".mediawiki", ".mw"), ("text/x-wiki", "text/x-mediawiki"),
            "Categories, `{{DISPLAYTITLE:…}}`, `{{SHORTDESC:…}}`, `{{DEFAULTSORT:…}}`.",
            references=r"\[\[(?:File:|Image:)([^\[\]|\n]+\.\w++)"),
        InputFormat("asciidoc", (".adoc", ".asciidoc", ".asc"), ("text/asciidoc", "text/x-asciidoc"),
            "The header: title, authors with e-mail, revision, and every attribute that is not an instruction.", ("adoc",),
            r"image::?([^\[\s]++)\["),
        InputFormat("typst", (".typ",), ("text/x-typst", "text/vnd.typst"),
            "`#set document(…)`, arguments of a template: title, authors, date, keywords, abstract; the language.",
            ("typ",),
            r"\bimage\(\s*+\"([^\"\n]++)"),
        InputFormat("djot", (".dj", ".djot"), ("text/djot", "text/x-djot"),
            "Front matter in YAML, TOML or JSON.", ("dj",),
            r"\]\(([^)\s]++)"),
        InputFormat("textile", (".textile",), ("text/x-textile",),
            "Front matter in YAML, TOML or JSON.", (),
            r"!([^\s!()]++\.\w++)(?:\([^()\n]*+\))?!"),
        InputFormat("ipynb", (".ipynb",), ("application/x-ipynb+json",),
            "Title, authors and every other key of the notebook's metadata; the kernel and its language.",
            ("notebook", "jupyter")),
        InputFormat("mail", (".eml", ".mht", ".mhtml"), ("message/rfc822", "multipart/related", "application/x-mimearchive"),
            "A message: Subject, From, Date, To, Cc, Keywords, Message-ID. A saved page: its head, address and time.",
            ("eml", "mhtml", "mht")),
        InputFormat("enex", (".enex",), ("application/enex+xml",),
            "Title, author, dates, tags and source address of the note; of several notes, a line below the title of each.",
            ("evernote",)),
        InputFormat("text", (".txt", ".text"), ("text/plain",),
            "Front matter in YAML, TOML or JSON; else the first line is the title if a blank line follows.", ("plain",)),
        InputFormat("opml", (".opml",), ("text/x-opml", "application/opml+xml"), "Title, owner and dates of the head.", ()),
        InputFormat("csv", (".csv", ".tsv", ".tab"), ("text/csv", "text/tab-separated-values"),
            "Front matter in YAML, TOML or JSON; else the name of the file is the title.", ("tsv",)),
    )
}  # fmt: skip
OUTPUT_FORMATS: dict[str, OutputFormat] = {
    each.name: each
    for each in (
        OutputFormat("pdf", ".pdf", "application/pdf"),
        OutputFormat("epub", ".epub", "application/epub+zip"),
        OutputFormat("docx", ".docx", INPUT_FORMATS["docx"].media_types[0]),
        OutputFormat("html", ".html", "text/html"),
        OutputFormat("markdown", ".md", "text/markdown"),
        OutputFormat("ast", ".json", "application/json"),
    )
}
BUILT_IN = tuple(INPUT_FORMATS)
INPUT_FORMATS |= {
    name: InputFormat(name, (f".{name}",), (f"text/x-{name}",), f"What {each.distribution} reads.")
    for name, each in extensions.of(extensions.READERS, INPUT_FORMATS).items()
}
OUTPUT_FORMATS |= {
    name: OutputFormat(name, f".{name}", f"application/x-{name}") for name in extensions.of(extensions.WRITERS, OUTPUT_FORMATS)
}
# These distinguish the article of an archive from its pictures.
SUFFIXES = frozenset(suffix for each in INPUT_FORMATS.values() for suffix in each.suffixes)


def check_targets(targets: Iterable[str]) -> None:
    """Raises ValidationFailed for a format without a writer."""
    for target in targets:
        if target not in OUTPUT_FORMATS:
            known = ", ".join(OUTPUT_FORMATS)
            near = f" Did you mean {found}?" if (found := _nearest(target)) else ""
            detail = f"Unknown format {target!r}.{near} Supported: {known}."
            raise ValidationFailed(detail, places=[Place(f"Unknown format {target!r}.{near} Must be one of: {known}.", "/to")])


def suffix_of(target: str, device: str = devices.ANY) -> str:
    """The suffix of an artifact."""
    return devices.suffix(target, device, OUTPUT_FORMATS[target].suffix)


def target_of(file_name: str) -> str:
    """The output format of a file name, by its suffix; empty without a writer for it."""
    suffix = PurePosixPath(file_name).suffix.lower()
    return next((each.name for each in OUTPUT_FORMATS.values() if each.suffix == suffix), "")


def _nearest(target: str) -> str:
    """The output format that a wrong name probably means: by its suffix (`md`), else by spelling. It may be empty."""
    near = difflib.get_close_matches(target, OUTPUT_FORMATS, n=1, cutoff=0.5)
    return target_of(f"x.{target}") or (near[0] if near else "")
