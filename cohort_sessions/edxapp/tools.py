"""
The platform's course tabs, and what stands beside its outline, as tools of ours: one name for each, so that an edition
says "textbooks" once and means all three kinds of them.
"""

from __future__ import annotations

from opaque_keys.edx.keys import CourseKey, UsageKey
from xmodule.tabs import CourseTab

from cohort_sessions.data import Tool

# Types of tab that are called otherwise with us; all others bear the name of their type.
_BY_TYPE = {
    "discussion": Tool.DISCUSSION,
    "external_discussion": Tool.DISCUSSION,
    "lti_discussion": Tool.DISCUSSION,
    "edxnotes": Tool.NOTES,
    "textbooks": Tool.TEXTBOOKS,
    "pdf_textbooks": Tool.TEXTBOOKS,
    "html_textbooks": Tool.TEXTBOOKS,
    "single_textbook": Tool.TEXTBOOKS,
}
_PAGE, _LINK = "page:", "link:"
STATIC_TAB, COURSE_INFO = "static_tab", "course_info"


def tool_of_tab(tab: CourseTab) -> str:
    """The tool that a tab is, or is a part of. Pages are named by their slug, links by what they are called."""
    if tab.type == STATIC_TAB:
        return tool_of_page(tab.url_slug)
    if tab.type == "external_link":
        return f"{_LINK}{tab.name}"
    return tool_of_type(tab.type)


def tool_of_type(tab_type: str) -> str:
    """The tool of all tabs of a type, of which a course has one."""
    return str(_BY_TYPE.get(tab_type, tab_type))


def tool_of_page(slug: str) -> str:
    """The tool that a page of an author's own making is."""
    return f"{_PAGE}{slug}"


def block_of_tool(tool: str, base_key: CourseKey) -> UsageKey | None:
    """The block of the base course in which a tool is kept; ``None`` where it is in none."""
    if tool.startswith(_PAGE):
        return base_key.make_usage_key(STATIC_TAB, tool.removeprefix(_PAGE))
    return base_key.make_usage_key(COURSE_INFO, tool) if tool in {Tool.HANDOUTS, Tool.UPDATES} else None
