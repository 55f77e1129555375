"""
What people of a team write for learners: Markdown or HTML, cleaned before it reaches a page, a letter or an answer of
the API. It is cleaned on the way out as well where it was cleaned on the way in: the rule that holds is today's.
"""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

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


def markdown_html(text: str) -> SafeString:
    """Markdown as clean HTML. HTML inside it is cleaned as well; headings begin two levels down, below a page's."""
    made = markdown.markdown(text, extensions=["sane_lists", "tables", "nl2br"], output_format="html")
    cleaned = nh3.clean(made, tags=set(_MARKDOWN_TAGS), attributes=_MARKDOWN_ATTRIBUTES, url_schemes=set(_SCHEMES))
    for level in (4, 3, 2, 1):
        for slash in ("", "/"):
            cleaned = cleaned.replace(f"<{slash}h{level}>", f"<{slash}h{level + 2}>")
    return mark_safe(cleaned)  # noqa: S308 (cleaned by nh3)


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
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.parts


class _Reader(HTMLParser):
    """Counts tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts[f"<{tag}>"] += 1
        self.parts.update(name for name, _value in attrs)
