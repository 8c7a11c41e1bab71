"""Known tags of site generators, for every syntax: one row for each name.

PAIRS has tags around a text, EMPTY separate tags, INLINE tags that are a piece of text. Names are of Hugo and its
themes, Jekyll, Hexo, GitBook, Markdoc, Docusaurus, Starlight, Mintlify, Nextra and Quarto.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import dedent

from service.ast import pandoc_ast
from service.ast.pandoc_ast import attr, div, para
from service.readers.markdown import callouts, code_info
from service.readers.markdown.figures import figure
from service.readers.markdown.reading import Block, Reading
from service.readers.markdown.site_code.tags import Tag
from service.readers.markdown.text import words


@dataclass(frozen=True, slots=True)
class Body:
    """The text between a pair of tags; `line` is its first line, counted from 1."""

    text: str
    line: int

    def blocks(self, reading: Reading) -> list[Block]:
        return reading.sub_document(dedent(self.text.expandtabs(4)).split("\n"), self.line) if self.text.strip() else []


Pair = Callable[[Reading, Tag, Body], list[Block]]
Empty = Callable[[Reading, Tag], list[Block]]
CALLOUTS = {"hint": "tip", "message": "info", "alert": "note", "callout": "note", "notice": "note", "admonition": "note",
            "aside": "note", "check": "success", "blockalert": "note", "infobox": "info"}  # fmt: skip


def _callout(reading: Reading, tag: Tag, body: Body) -> list[Block]:
    """The kind is the tag's name, or its `type`, `style` or first word."""
    kind = tag.name
    if kind in CALLOUTS:
        given = tag.argument("type", "style", "kind", "class", "variant", "color", "context", "0").lower()
        words_given = [one for one in given.replace("callout-", "").split() if one in callouts.KINDS]
        kind = words_given[0] if words_given else CALLOUTS[kind]
    title = tag.argument("title", "header", "heading") or _title_in(tag)
    return callouts.shaped(kind, reading.inline_text(title) if title else None, body.blocks(reading))


def _title_in(tag: Tag) -> str:
    rest = [one for one in tag.positional if one.lower() not in callouts.KINDS]
    return " ".join(rest)


def _code(reading: Reading, tag: Tag, body: Body) -> list[Block]:
    language = tag.argument("lang", "language", "0").removeprefix("lang:")
    title = tag.argument("title", "filename", "file", "name", "caption")
    if "```" in body.text or "~~~" in body.text:
        return _titled(reading, tag, body)
    classes = [language.lower()] if language else []
    lines = body.text.strip("\n")
    return code_info.titled(attr(classes=classes), dedent(lines), title)


def _titled(reading: Reading, tag: Tag, body: Body) -> list[Block]:
    """A part with a title, such as a tab: the title in bold above the text."""
    title = tag.argument("label", "title", "name", "tabname", "header", "heading", "0", "value")
    heading = [para([{"t": "Strong", "c": reading.inline_text(title)}])] if title else []
    return [*heading, *body.blocks(reading)]


def _group(name: str) -> Pair:
    return lambda reading, _, body: [div(body.blocks(reading), attr(classes=[name]))]


def _details(reading: Reading, tag: Tag, body: Body) -> list[Block]:
    title = tag.argument("summary", "title", "header", "label", "0")
    return callouts.shaped("details", reading.inline_text(title) if title else None, body.blocks(reading))


def _quote(reading: Reading, tag: Tag, body: Body) -> list[Block]:
    author = tag.argument("author", "cite", "source", "0")
    by = [para(words(f"— {author}"))] if author else []
    return [{"t": "BlockQuote", "c": [*body.blocks(reading), *by]}]


def bare(reading: Reading, _: Tag, body: Body) -> list[Block]:
    return body.blocks(reading)


def _figure(reading: Reading, tag: Tag, body: Body | None = None) -> list[Block]:
    url = tag.argument("src", "url", "href", "link", "0")
    if not url:
        return body.blocks(reading) if body else []
    alt = reading.inline_text(tag.argument("alt", "title", "1")) if tag.argument("alt", "title", "1") else []
    text = tag.argument("caption", "title")
    caption = reading.inline_text(text) if text else []
    inner = body.blocks(reading) if body else []
    sizes = {key: value for key in ("width", "height") if (value := tag.argument(key))}
    picture = pandoc_ast.image(alt or caption, url, attributes=attr(pairs=sizes))
    shown = [*([pandoc_ast.plain(caption)] if caption else []), *inner]
    return [figure([picture], shown)] if shown else [para([picture])]


def _page_break(*_: object) -> list[Block]:
    return [div([], attr(classes=["page-break"]))]


def _link_around(reading: Reading, tag: Tag, body: Body) -> list[Block]:
    """dev.to's `{% cta https://… %} words {% endcta %}`."""
    words_within = reading.inline_text(" ".join(body.text.split()), body.line)
    return [para([pandoc_ast.link(words_within, tag.argument(*LINKS))])]


def _source(_: Reading, tag: Tag) -> list[Block]:
    """Astro's `<Code code={`…`} lang="js" />`."""
    language = tag.argument("lang", "language")
    return code_info.titled(attr(classes=[language] if language else []), tag.argument("code"), tag.argument("title"))


def _mermaid(_: Reading, tag: Tag, body: Body) -> list[Block]:
    return [{"t": "CodeBlock", "c": [attr(classes=[tag.name]), dedent(body.text.strip("\n"))]}]


def _formula(_: Reading, __: Tag, body: Body) -> list[Block]:
    content = body.text.strip().strip("$").strip()
    return [para([{"t": "Math", "c": [{"t": "DisplayMath"}, content]}])]


def _nothing(*_: object) -> list[Block]:
    return []


ADDRESSES: Mapping[str, str] = {
    "youtube": "https://www.youtube.com/watch?v={}", "vimeo": "https://vimeo.com/{}", "gist": "https://gist.github.com/{}",
    "bilibili": "https://www.bilibili.com/video/{}", "tweet": "https://x.com/i/status/{}", "x": "https://x.com/i/status/{}",
    "twitter": "https://x.com/i/status/{}", "instagram": "https://www.instagram.com/p/{}/", "video": "{}", "audio": "{}",
    "codepen": "https://codepen.io/pen/{}", "embed": "{}", "iframe": "{}", "asciinema": "https://asciinema.org/a/{}",
    "youtubeembed": "https://www.youtube.com/watch?v={}", "spotify": "https://open.spotify.com/{}", "pdf": "{}",
    "jsfiddle": "https://jsfiddle.net/{}", "soundcloud": "{}", "lite-youtube": "https://www.youtube.com/watch?v={}",
    "github": "https://github.com/{}", "user": "https://dev.to/{}", "speakerdeck": "https://speakerdeck.com/{}",
    "codesandbox": "https://codesandbox.io/s/{}", "stackblitz": "https://stackblitz.com/edit/{}", "loom": "https://www.loom.com/share/{}",
    "reddit": "https://www.reddit.com/{}", "twitch": "https://www.twitch.tv/{}", "slideshare": "https://www.slideshare.net/{}",
    "figma": "{}", "replit": "https://replit.com/{}", "dailymotion": "https://www.dailymotion.com/video/{}", "wistia": "{}",
    "content-ref": "{}", "card": "{}", "linkcard": "{}", "download": "{}", "tiktok": "{}", "mastodon": "{}",
}  # fmt: skip


LINKS = ("id", "url", "src", "href", "link", "videoid", "youtubeid", "video", "0")


def link(reading: Reading, tag: Tag) -> list[Block]:
    """A video, a post, an embedded page: a link to it."""
    given = tag.argument(*LINKS)
    if tag.name in {"gist", "tweet", "x"} and not given.startswith("http"):
        given = "/".join(one for one in (tag.argument("user", "0"), tag.argument("id", "1")) if one)
        address = "https://x.com/{}".format(given.replace("/", "/status/")) if tag.name != "gist" and "/" in given else ""
    else:
        address = ""
    if not given:
        return []
    url = address or (given if given.startswith(("http", "/", ".")) else ADDRESSES.get(tag.name, "{}").format(given))
    title = tag.argument("title", "label", "alt", "caption")
    return [para([pandoc_ast.link(reading.inline_text(title) if title else [pandoc_ast.string(url)], url)])]


PAIRS: Mapping[str, Pair] = {
    **dict.fromkeys((*(callouts.KINDS - {"quote", "cite", "details", "example", "question"}), *CALLOUTS), _callout),
    **dict.fromkeys(("highlight", "codeblock", "code", "code-block", "prism"), _code),
    **dict.fromkeys(("tab", "tabitem", "step", "accordion", "card", "panel", "tabpanel", "update"), _titled),
    **dict.fromkeys(("tabs", "tabset", "tabpane", "tabgroup", "codegroup", "code-tabs"), _group("tabs")),
    **dict.fromkeys(("details", "expand", "expandable", "spoiler", "collapse", "fold"), _details),
    **dict.fromkeys(("quote", "blockquote", "pullquote"), _quote),
    **dict.fromkeys(("figure", "frame", "img", "image"), _figure),
    "cta": _link_around,
    **dict.fromkeys(("mermaid", "plantuml", "graphviz"), _mermaid),
    **dict.fromkeys(("math", "katex", "mathjax"), _formula),
    **dict.fromkeys(("raw", "verbatim"), bare),
    **dict.fromkeys(("comment", "script", "style", "capture", "schema"), _nothing),
}
EMPTY: Mapping[str, Empty] = {
    **dict.fromkeys(("figure", "img", "image", "asset_img", "picture", "themedimage", "zoom"), _figure),
    **dict.fromkeys(ADDRESSES, link),
    "code": _source,
    **dict.fromkeys(("pagebreak", "newpage", "page-break"), _page_break),
}
# Tags that are a piece of text, or an address within a link: the argument that is shown.
INLINE: Mapping[str, Callable[[Tag], str]] = {
    **dict.fromkeys(
        ("ref", "relref", "link", "post_url", "asset_path", "absurl", "relurl"), lambda tag: tag.argument("path", "0")
    ),
    "badge": lambda tag: tag.argument("text", "label", "title"),
    "kbd": lambda tag: " ".join(tag.positional),
    "post_link": lambda tag: f"[{tag.argument('1', '0')}]({tag.argument('0')})",
    "asset_link": lambda tag: f"[{tag.argument('1', '0')}]({tag.argument('0')})",
    "br": lambda _: "<br>",
    "output": lambda tag: tag.arguments,
}
# Removed without a loss for readers.
SILENT = frozenset({
    "toc", "tableofcontents", "output", "assign", "seo", "more", "break", "clear", "import", "export", "comment",
    "layout", "icon", "fa", "bi", "icons", "increment", "decrement", "capture", "doccardlist",
})  # fmt: skip
FILES = frozenset({"include", "include_relative", "include_cached", "readfile", "render", "code-file", "includecode"})
