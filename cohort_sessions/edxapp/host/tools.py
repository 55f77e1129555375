"""The tools that a base course offers its learners."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from lms.djangoapps.courseware.tabs import get_course_tab_list
from opaque_keys.edx.keys import CourseKey
from xmodule.course_block import CourseBlock
from xmodule.modulestore import ModuleStoreEnum
from xmodule.modulestore.django import modulestore

from cohort_sessions.data import Tool
from cohort_sessions.edxapp.host.accounts import service_account_id
from cohort_sessions.edxapp.tools import block_of_tool, tool_of_tab
from cohort_sessions.host import CourseTool

# Not tools but the course itself, and what its team has.
_NO_TOOLS = frozenset({"courseware", "course_info", "instructor", "ccx_coach", "cohort_session"})


def tools(base_key: CourseKey) -> list[CourseTool]:
    """Its tabs, as the platform lists them, then handouts and updates where the author has made any."""
    store = modulestore()
    with store.branch_setting(ModuleStoreEnum.Branch.published_only, base_key):
        course = store.get_course(base_key)
    if not isinstance(course, CourseBlock):
        return []
    return list({tool.tool: tool for tool in (*_tabs(course), *_beside_the_outline(course, base_key))}.values())


def _tabs(course: CourseBlock) -> Iterator[CourseTool]:
    # The platform lists tabs for somebody, and to its staff all those that learners can have. In memory only.
    somebody = get_user_model()(pk=service_account_id(), is_staff=True)
    for tab in get_course_tab_list(somebody, course):
        if tab.type not in _NO_TOOLS and not tab.course_staff_only:
            tool = tool_of_tab(tab)
            yield CourseTool(tool, _("Textbooks") if tool == Tool.TEXTBOOKS else _(tab.name))


def _beside_the_outline(course: CourseBlock, base_key: CourseKey) -> Iterator[CourseTool]:
    made = {(key.type, key.id) for key in course.runtime.course_entry.structure["blocks"]}
    for tool, title in ((Tool.HANDOUTS, _("Course handouts")), (Tool.UPDATES, _("Course updates"))):
        block = block_of_tool(tool, base_key)
        if (block.block_type, block.block_id) in made:
            yield CourseTool(tool.value, title)
