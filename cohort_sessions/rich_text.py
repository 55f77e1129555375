"""
What people of a team write for learners: Markdown or HTML, cleaned before it reaches a page, a letter or an answer of
the API. It is cleaned on the way out as well where it was cleaned on the way in: the rule that holds is today's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

# What scrolls on a page where it is too wide.
_SCROLLING = ("pre", "table")

# What Markdown makes, and no more: no pictures from elsewhere, which would tell their hosts who reads when.
_MARKDOWN_TAGS = frozenset(
    {"a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6"}
    | {"hr", "i", "li", "ol", "p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"}
)
_MARKDOWN_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
_SCHEMES = frozenset({"http", "https", "mailto"})

# How browsers read tags: a name, then attributes; what `script` and `style` hold is no HTML.
_TAG = re.compile(r"<([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)\s*(=?)\s*")
_VALUE = re.compile(r"[^\s>]*")
_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style")}

# So many texts are kept as HTML; operations let each have at most 20,000 characters.
_REMEMBERED = 256


@lru_cache(maxsize=_REMEMBERED)
def markdown_html(text: str) -> SafeString:
    """
    Markdown as clean HTML. HTML inside it is cleaned as well; headings begin two levels down, below a page's. What was
    made of a text is remembered for a while: the same one is shown to everybody in a session.
    """
    made = _PARSER.render(text).strip()
    cleaned = nh3.clean(made, tags=set(_MARKDOWN_TAGS), attributes=_MARKDOWN_ATTRIBUTES, url_schemes=set(_SCHEMES))
    for level in (4, 3, 2, 1):
        for slash in ("", "/"):
            cleaned = cleaned.replace(f"<{slash}h{level}>", f"<{slash}h{level + 2}>")
    return mark_safe(cleaned)  # noqa: S308 (cleaned by nh3)


def _cell(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, _env: dict[str, object]
) -> str:
    """The beginning of a cell of a table, aligned by the attribute that cleaning lets through: styles it does not."""
    style = tokens[index].attrs.pop("style", None)
    if style is not None:
        tokens[index].attrs["align"] = str(style).removeprefix("text-align:")
    return renderer.renderToken(tokens, index, options, _env)


def _parser() -> MarkdownIt:
    """Whose time grows with the text and no faster, whatever is written; lines that are broken stay so."""
    parser = MarkdownIt("commonmark", {"breaks": True, "html": True}).enable("table")
    for cell in ("th_open", "td_open"):
        parser.add_render_rule(cell, _cell)
    return parser


_PARSER = _parser()


def page_html(html: str) -> SafeString:
    """What `markdown_html` made, for a page of ours: keyboards reach what scrolls there."""
    for tag in _SCROLLING:
        html = html.replace(f"<{tag}>", f'<{tag} tabindex="0">')
    return mark_safe(html)  # noqa: S308 (cleaned by nh3)


def inert_html(html: str) -> SafeString:
    """The same for a page whose links lead nowhere: their words alone."""
    attributes = {tag: names for tag, names in _MARKDOWN_ATTRIBUTES.items() if tag != "a"}
    return page_html(nh3.clean(html, tags=set(_MARKDOWN_TAGS - {"a"}), attributes=attributes))


def clean_html(html: str) -> str:
    """
    HTML of a course without anything that runs, or that leaves the place where it stands: no scripts, event handlers,
    styles, forms or frames. Pictures, tables and links stay, links to files of the course as well.
    """
    return nh3.clean(html, url_schemes=set(_SCHEMES))


def taken_out(before: str, after: str) -> list[str]:
    """What cleaning has taken out of HTML, each kind once, as its author spells it: ``<script>``, ``onclick``."""
    return sorted((_parts(before) - _parts(after)).keys())


def _parts(html: str) -> Counter[str]:
    """How many there are of each tag and attribute. Looks at each character once, whatever the HTML is."""
    parts: Counter[str] = Counter()
    at = 0
    while tag := _TAG.search(html, at):
        name, at = tag[1].lower(), tag.end()
        parts[f"<{name}>"] += 1
        while attribute := _ATTRIBUTE.match(html, at):
            parts[attribute[1].lower()] += 1
            at = _end_of_value(html, attribute.end()) if attribute[2] else attribute.end()
        if name in _RAW:
            closing = _RAW[name].search(html, at)
            at = closing.end() if closing else len(html)
    return parts


def _end_of_value(html: str, at: int) -> int:
    """Behind the value of an attribute that begins here."""
    quote = html[at : at + 1]
    if quote not in {'"', "'"}:
        return _VALUE.match(html, at).end()
    end = html.find(quote, at + 1)
    return len(html) if end == -1 else end + 1
