"""The front matter of LaTeX: pandoc's metadata, and that of commands of document classes."""

from __future__ import annotations

import re
from typing import Any

from service.readers.latex import authors as people
from service.readers.shared import spans

# An argument in braces, with one level of braces inside.
ARGUMENT = r"\{((?>(?:[^{}]++|\{[^{}]*+\})*))\}"
DEEP_ARGUMENT = r"\{((?>(?:[^{}]++|\{(?>(?:[^{}]++|\{[^{}]*+\})*)\})*))\}"
KEYWORDS = re.compile(rf"\\(?:keywords?|kwd){ARGUMENT}")
KEYWORDS_BEGIN = re.compile(r"\\begin\{(keywords?|IEEEkeywords)\}")
KEYWORDS_END = {name: re.compile(rf"\\end\{{{name}\}}") for name in ("keyword", "keywords", "IEEEkeywords")}
SEPARATOR = re.compile(r",|;|\\sep|\\and\b|\\textperiodcentered|\\cdot|·")
SETUP = re.compile(rf"\\hypersetup{ARGUMENT}", re.S)
SETTING = re.compile(rf"\b(pdf(?:title|author|subject|keywords|lang))\s*+=\s*+(?:{ARGUMENT}|([^,{{}}]+))")
BABEL = re.compile(
    r"\\usepackage\[([^\[\]]*+)\]\{(?:babel|polyglossia)\}|\\set(?:default|main)language(?:\[[^\[\]]*+\])?\{(\w++)\}"
)
SIMPLE: dict[str, re.Pattern[str]] = {
    "subtitle": re.compile(rf"\\subtitle{ARGUMENT}"),
    "doi": re.compile(rf"\\(?:doi|acmDOI){ARGUMENT}"),
}
SETTINGS = {"pdftitle": "title", "pdfauthor": "author", "pdfsubject": "description", "pdfkeywords": "keywords", "pdflang": "lang"}
# Commands of document classes, by the key that keeps their words: article, llncs, elsarticle, IEEEtran, acmart, KOMA, beamer.
COMMANDS = {
    "affiliations": "institute|institution|affil|affiliation|address|alignauthor|IEEEauthorblockA",
    "emails": "email|ead|mail",
    "orcids": "orcid|orcidID|orcidlink|ORCID",
    "author_notes": "thanks|authornote|corresp|correspondingauthor|fntext|cortext|tnotetext|equalcont|IEEEcompsocitemizethanks",
    "running_title": "titlerunning|shorttitle|runningtitle",
    "running_authors": "authorrunning|shortauthors|runningauthor",
    "publisher": "publishers|publisher",
    "dedication": "dedication|dedicatory",
    "other_titles": "titlehead|extratitle|uppertitleback|lowertitleback|subject|logo",
    "history": "received|accepted|revised",
    "classification": "pacs|subjclass|jel|JEL|amssubj|MSC",
    "translators": "translator|translators",
    "editors": "editor|editors",
}
KEYS = {name: key for key, names in COMMANDS.items() for name in names.split("|")}
COMMAND = re.compile(rf"\\({'|'.join(sorted(KEYS, key=len, reverse=True))})\*?+\s*+(?>(?:\[[^\[\]]*+\]\s*+)?){DEEP_ARGUMENT}")
SHORT_TITLE = re.compile(r"\\title\s*+\[([^\[\]]++)\]\s*+\{")
SIZES = re.compile(
    r"\\(?:tiny|scriptsize|footnotesize|small|normalsize|[lL]arge|LARGE|[hH]uge|bf|it|sf|tt|rm|sc|em|bfseries|itshape|sffamily"
    r"|ttfamily|rmfamily|scshape|mdseries|upshape|centering|raggedright|par|newline)(?![A-Za-z])"
)
NAMED = re.compile(r"\b[a-z]++\s*+=\s*+(?=\{)")
MARK = re.compile(r"(?<![\w#])#\d")
LANGUAGES = {
    "english": "en", "american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB",
    "german": "de", "ngerman": "de", "french": "fr", "francais": "fr", "italian": "it", "spanish": "es",
    "portuguese": "pt", "brazilian": "pt-BR", "brazil": "pt-BR", "dutch": "nl", "russian": "ru", "ukrainian": "uk",
    "polish": "pl", "czech": "cs", "swedish": "sv", "danish": "da", "norsk": "nb", "finnish": "fi", "greek": "el",
    "turkish": "tr", "hungarian": "hu", "romanian": "ro", "catalan": "ca", "latin": "la",
}  # fmt: skip


def said(text: str, meta: dict[str, Any]) -> dict[str, Any]:
    """pandoc's metadata of `text`, without the date of the current day, and the metadata that pandoc ignores."""
    found: dict[str, Any] = {}
    for setup in SETUP.finditer(text):
        found |= {SETTINGS[each[1]]: _plain(each[2] or each[3]) for each in SETTING.finditer(setup[1])}
    if isinstance(found.get("keywords"), str):
        found["keywords"] = _words(found["keywords"])
    for key, values in _commands(text).items():
        found[key] = values[0] if key == "publisher" and len(values) == 1 else values
    for key in ("title_notes", "author_notes"):
        if set(meta.get(key, ())) <= set(found.get("author_notes", ())):
            meta = {name: each for name, each in meta.items() if name != key}
    ours = {name for name, key in KEYS.items() if key in found}
    unused = {"nocite", "references", "csl", "bibliography"} | ours
    found |= {key: each for key, each in meta.items() if each and key not in unused}
    _settle(found, text)
    if found.get("abstract"):
        found.pop("description", None)
    if found.get("date") and re.search(r"\\date\{\s*\\today", text):
        del found["date"]
    found |= {key: _plain(each[1]) for key, pattern in SIMPLE.items() if (each := pattern.search(text))}
    if (words := _keywords(text)) is not None:
        found["keywords"] = _words(words)
    if (each := BABEL.search(text)) and (lang := _language(each[1] or each[2] or "")):
        found.setdefault("lang", lang)
    return found


def _settle(found: dict[str, Any], text: str) -> None:
    """Changes lines of pandoc's metadata in place, and removes commands for layout from the texts."""
    if "author" in found:
        authors = found["author"] if isinstance(found["author"], list) else [found["author"]]
        places = found.get("affiliations", [])
        found["author"] = [people.person(COMMAND.sub("", each), places) if isinstance(each, str) else each for each in authors]
    for key in ("title", "subtitle", "date"):
        if isinstance(found.get(key), str):
            found[key] = " ".join(SIZES.sub(" ", found[key]).replace(people.LINE, " ").split())
    if (short := SHORT_TITLE.search(text)) and (words := _plain(short[1])):
        found.setdefault("running_title", []).append(words)
    if isinstance(found.get("abstract"), str):
        found["abstract"] = COMMAND.sub("", KEYWORDS.sub("", found["abstract"])).strip()


def _commands(text: str) -> dict[str, list[str]]:
    """The arguments of COMMANDS; those with a parameter (#1) are definitions."""
    found: dict[str, list[str]] = {}
    for each in COMMAND.finditer(text):
        values = found.setdefault(KEYS[each[1]], [])
        for part in re.split(r"\\and\b", each[2]):
            words = _plain(NAMED.sub("", re.sub(r"\\\\", ", ", part)))
            if words and words not in values and not MARK.search(part):
                values.append(words)
        for inner in COMMAND.finditer(each[2]):
            words = _plain(inner[2])
            values = found.setdefault(KEYS[inner[1]], [])
            values += [words] if words and words not in values else []
    return {key: values for key, values in found.items() if values}


def _keywords(text: str) -> str | None:
    """The text of the first command or environment of keywords."""
    command = KEYWORDS.search(text)
    span = next(spans.spans(text, KEYWORDS_BEGIN, lambda found: KEYWORDS_END[found[1]]), None)
    if span and (command is None or span.start < command.start()):
        return text[span.opening.end() : span.inner_end]
    return command[1] if command else None


def _words(text: str) -> list[str]:
    return [word for part in SEPARATOR.split(text) if (word := _plain(part))]


def _plain(text: str) -> str:
    """An argument's text, its commands gone and its escapes undone."""
    text = re.sub(r"\\([&%$#_{}])", r"\1", re.sub(r"\\[A-Za-z]+\*?\s*|\\[\"'`^~=.](?=\w|\{)", "", text))
    return " ".join(text.replace("{", "").replace("}", "").replace("~", " ").split()).strip(" ,")


def _language(options: str) -> str:
    """babel's main language is the last one, or the one with `main`."""
    words = [word.strip() for word in options.split(",")]
    main = next((word.partition("=")[2].strip() for word in words if word.startswith("main")), "")
    return LANGUAGES.get(main or (words[-1] if words else ""), "")
