"""
The doors of the LMS that lead into a course, classified: what goes through each, and who may.

A door is a view of the LMS that is told a course or a block. The guard asks `kind_of_door` what kind of door a request
is at, and `writes` whether this request would write. Both answer from the tables below, so that a review of the guard
is a review of data. ``tests/platform/test_doors.py`` walks the URL configuration of the LMS and fails on a door that
no rule covers, and on a rule that covers no door: a new release of the platform cannot open a door unnoticed.

The rules stay few because most views keep to the methods of HTTP: what is asked for with GET or HEAD reads, all else
writes.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from fnmatch import fnmatchcase

from cohort_sessions.data import Tool
from cohort_sessions.edxapp.tools import tool_of_page, tool_of_type

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Kind(enum.Enum):
    """What goes through a door of the LMS."""

    OPEN = "nothing of an edition, or its caller proves itself by other means than an account: never our business"
    ABOUT = "what the edition is, not what is in it: for everybody related to the session, before it opens too"
    CONTENT = "learning: reads or writes by its method"
    READING = "reading, or noting where somebody is, by whatever method"
    WRITING = "a score, submission, completion, post or note, by whatever method"
    TEAM = "running the course: for the team of this edition only; reads or writes by its method"
    TEAM_READING = "running the course: for the team only; reads by whatever method"
    MANAGED = "who has a place or a role in it: read by its people; changed in the session and nowhere else"
    REFUSED = "changing the edition behind the session's back: for nobody"


# (module of the view, name of its address, kind), with * for anything. The first rule that fits decides.
RULES = (
    # --- Callers without an account, and pages that only happen to carry a course key
    # Signing in with a course in the address must not ask for signing in.
    ("openedx.core.djangoapps.user_authn.*", "*", Kind.OPEN),
    ("common.djangoapps.third_party_auth.*", "*", Kind.OPEN),
    ("social_django.*", "*", Kind.OPEN),
    # LTI tools prove themselves by a secret of their own; whose scores they may still send is decided where these
    # arrive (`lti_scores`).
    ("lti_consumer.*", "*", Kind.OPEN),
    # Links in mails work for ever, and a certificate can be checked by anybody it was shown to.
    ("lms.djangoapps.bulk_email.views", "bulk_email_opt_out", Kind.OPEN),
    ("lms.djangoapps.certificates.views.webview", "*", Kind.OPEN),
    # Our own pages decide for themselves.
    ("cohort_sessions.*", "*", Kind.OPEN),
    # --- Who has a place, and changing the edition from outside
    ("lms.djangoapps.ccx.*", "*", Kind.REFUSED),
    # The forum's own API asks nobody who they are. The LMS does not use it: it calls the forum as a library.
    ("forum.*", "*", Kind.REFUSED),
    ("lms.djangoapps.lti_provider.*", "*", Kind.REFUSED),
    ("openedx.core.djangoapps.enrollments.*", "*", Kind.MANAGED),
    ("common.djangoapps.student.views.*", "change_email_settings", Kind.READING),
    ("common.djangoapps.student.views.*", "*", Kind.MANAGED),
    ("common.djangoapps.course_modes.*", "*", Kind.MANAGED),
    ("lms.djangoapps.bulk_enroll.*", "*", Kind.MANAGED),
    ("lms.djangoapps.commerce.*", "*", Kind.MANAGED),
    ("lms.djangoapps.program_enrollments.*", "*", Kind.MANAGED),
    ("lms.djangoapps.support.*", "*", Kind.MANAGED),
    ("lms.djangoapps.verify_student.*", "*", Kind.MANAGED),
    ("lms.djangoapps.courseware.views.views", "enroll_staff", Kind.MANAGED),
    ("lms.djangoapps.courseware.views.views", "financial_assistance*", Kind.MANAGED),
    ("lms.djangoapps.instructor.views.api", "students_update_enrollment", Kind.MANAGED),
    ("lms.djangoapps.instructor.views.api", "register_and_enroll_students", Kind.MANAGED),
    ("lms.djangoapps.instructor.views.api", "modify_access", Kind.MANAGED),
    ("openedx.core.djangoapps.credit.*", "*", Kind.MANAGED),
    ("openedx.features.discounts.*", "*", Kind.MANAGED),
    # --- What the edition is
    ("lms.djangoapps.course_api.views", "course-detail", Kind.ABOUT),
    # --- Running the course
    # Many reports are asked for with POST.
    ("lms.djangoapps.instructor.views.api", "get_*", Kind.TEAM_READING),
    ("lms.djangoapps.instructor.views.api", "list_*", Kind.TEAM_READING),
    ("lms.djangoapps.instructor.views.api", "show_*", Kind.TEAM_READING),
    ("lms.djangoapps.instructor.views.api", "export_ora2_*", Kind.TEAM_READING),
    ("lms.djangoapps.instructor.views.api", "*_grade*_report", Kind.TEAM_READING),
    ("lms.djangoapps.instructor.views.api", "calculate_grades_csv", Kind.TEAM_READING),
    ("lms.djangoapps.instructor.views.api", "generate_problem_responses", Kind.TEAM_READING),
    ("lms.djangoapps.courseware.masquerade", "*", Kind.TEAM_READING),
    ("lms.djangoapps.instructor*", "*", Kind.TEAM),
    ("lms.djangoapps.grades.rest_api.v1.gradebook_views", "*", Kind.TEAM),
    ("lms.djangoapps.ora_staff_grader.*", "*", Kind.TEAM),
    ("lms.djangoapps.discussion.views", "course_discussions_settings", Kind.TEAM),
    ("lms.djangoapps.discussion.rest_api.views", "discussion_course_settings", Kind.TEAM),
    ("lms.djangoapps.discussion.rest_api.views", "discussion_course_roles", Kind.TEAM),
    ("lms.djangoapps.courseware.views.views", "submission_history", Kind.TEAM),
    ("openedx.core.djangoapps.course_groups.*", "*", Kind.TEAM),
    ("openedx.core.djangoapps.discussions.*", "*", Kind.TEAM),
    ("bulk_grades.*", "*", Kind.TEAM),
    ("edxval.*", "*", Kind.TEAM),
    # --- Learning: what is neither by its method
    # Where somebody is, what they have marked or put away: nothing that counts.
    ("openedx.core.djangoapps.bookmarks.*", "*", Kind.READING),
    ("openedx.core.djangoapps.courseware_api.views", "celebration-api", Kind.READING),
    ("lms.djangoapps.course_home_api.outline.views", "dismiss-welcome-message", Kind.READING),
    ("lms.djangoapps.mobile_api.*", "*", Kind.READING),
    ("openedx.features.calendar_sync.*", "*", Kind.READING),
    ("search.*", "*", Kind.READING),
    # The key to the notes service, which asks no more questions afterwards.
    ("lms.djangoapps.edxnotes.views", "get_token", Kind.WRITING),
    # --- Learning: by the method
    ("common.djangoapps.util.views", "reset_course_deadlines", Kind.CONTENT),
    ("completion.*", "*", Kind.CONTENT),
    ("edx_proctoring.*", "*", Kind.CONTENT),
    ("edx_when.*", "*", Kind.CONTENT),
    ("lms.djangoapps.certificates.*", "*", Kind.CONTENT),
    ("lms.djangoapps.course_api.*", "*", Kind.CONTENT),
    ("lms.djangoapps.course_home_api.*", "*", Kind.CONTENT),
    ("lms.djangoapps.course_wiki.*", "*", Kind.CONTENT),
    ("lms.djangoapps.courseware.*", "*", Kind.CONTENT),
    ("lms.djangoapps.discussion.*", "*", Kind.CONTENT),
    ("lms.djangoapps.edxnotes.*", "*", Kind.CONTENT),
    ("lms.djangoapps.experiments.*", "*", Kind.CONTENT),
    ("lms.djangoapps.grades.*", "*", Kind.CONTENT),
    ("lms.djangoapps.staticbook.*", "*", Kind.CONTENT),
    ("lms.djangoapps.survey.*", "*", Kind.CONTENT),
    ("lms.djangoapps.teams.*", "*", Kind.CONTENT),
    ("openedx.core.djangoapps.agreements.*", "*", Kind.CONTENT),
    ("openedx.core.djangoapps.content.learning_sequences.*", "*", Kind.CONTENT),
    ("openedx.core.djangoapps.course_live.*", "*", Kind.CONTENT),
    ("openedx.core.djangoapps.courseware_api.*", "*", Kind.CONTENT),
    ("openedx.core.djangoapps.xblock.*", "*", Kind.CONTENT),
    ("openedx.features.*", "*", Kind.CONTENT),
    ("wiki.*", "*", Kind.CONTENT),
)

# Addresses that answer over several courses, and what their entries show of each: rules of the same form. Who may not
# have it of an edition finds no entry of it (`personal_lists`).
LISTS = (
    ("forum.views.*", "*", Kind.REFUSED),
    ("lms.djangoapps.course_api.views", "course-id-list", Kind.ABOUT),
    ("lms.djangoapps.learner_home.views", "initialize", Kind.ABOUT),
    ("lms.djangoapps.mobile_api.users.views", "courseenrollment-detail", Kind.ABOUT),
    ("lms.djangoapps.mobile_api.users.views", "user-enrollments-status", Kind.ABOUT),
    ("openedx.core.djangoapps.enrollments.views", "courseenrollments", Kind.ABOUT),
    ("openedx.core.djangoapps.enrollments.views", "roles", Kind.ABOUT),
    ("edx_proctoring.views", "proctored_exam.active_exams_for_user", Kind.CONTENT),
    ("lms.djangoapps.teams.views", "team_membership_list", Kind.CONTENT),
    ("openedx.core.djangoapps.bookmarks.views", "bookmarks", Kind.CONTENT),
    ("openedx.core.djangoapps.notifications.views", "notifications-list", Kind.CONTENT),
)

# What belongs to a tool that an edition may do without: (module of the view, name of its address, tool), rules of the
# same form. Where there are several of a kind, the path names which (`TOOLS_BY_WORD`).
TOOLS = (
    ("lms.djangoapps.course_home_api.progress.*", "*", Tool.PROGRESS),
    ("lms.djangoapps.courseware.views.views", "progress", Tool.PROGRESS),
    ("lms.djangoapps.courseware.views.views", "student_progress", Tool.PROGRESS),
    ("lms.djangoapps.course_home_api.dates.*", "*", Tool.DATES),
    ("lms.djangoapps.courseware.views.views", "dates", Tool.DATES),
    ("lms.djangoapps.courseware.views.views", "syllabus", "syllabus"),
    ("lms.djangoapps.course_wiki.*", "*", Tool.WIKI),
    ("wiki.*", "*", Tool.WIKI),
    ("lms.djangoapps.discussion.*", "*", Tool.DISCUSSION),
    ("lms.djangoapps.edxnotes.*", "*", Tool.NOTES),
    ("lms.djangoapps.staticbook.*", "*", Tool.TEXTBOOKS),
    ("lms.djangoapps.teams.*", "*", Tool.TEAMS),
    ("openedx.core.djangoapps.course_live.*", "*", "lti_live"),
)
# Addresses with a word that says which: (name of the address, name of the word, from the word to the tool).
TOOLS_BY_WORD = (("static_tab", "tab_slug", tool_of_page), ("course_tab_view", "tab_type", tool_of_type))

# The two addresses behind which every block answers for itself. The second is meant for programs without an account;
# the platform calls any handler there, for whoever is signed in, and asks nothing about their access.
HANDLER_DOOR = ("lms.djangoapps.courseware.block_render", "xblock_handler")
THIRD_PARTY_DOOR = ("lms.djangoapps.courseware.block_render", "xblock_handler_noauth")
# By block type: handlers whose callers prove themselves to the block, by a signature or a secret.
THIRD_PARTY_HANDLERS = {
    "lti": ("grade_handler", "lti_2_0_result_rest_handler/*"),
    "lti_consumer": ("outcome_service_handler", "result_service_handler/*", "lti_1p3_access_token"),
}
# Where an external grader answers. The platform passes any word of the address on to the block, for whichever account
# stands there too; this one is the grader's, who proves by a key that the submission was made, hence in time.
GRADER_DOOR = ("lms.djangoapps.courseware.block_render", "xqueue_callback")
GRADER_WORD = "score_update"
# By block type: what may be asked of it without handing anything in.
READING_HANDLERS = {
    "drag-and-drop-v2": ("get_user_state",),
    "openassessment": ("render_*", "get_*", "handle_*_info", "download_url"),
    "poll": ("handle_get_state", "xmodule_handler/get_state"),
    "problem": ("xmodule_handler/problem_get", "xmodule_handler/problem_show"),
    "sequential": (
        "goto_position",
        "get_completion",
        "xmodule_handler/goto_position",
        "xmodule_handler/get_completion",
    ),
    "split_test": ("log_child_render",),
    "video": ("xmodule_handler/save_user_state",),
    "word_cloud": ("handle_get_state", "xmodule_handler/get_state"),
}
# Where the members of a JSON body say what a request does, (module, name, method): those that note where somebody is.
NOTING_MEMBERS = {("lms.djangoapps.discussion.rest_api.views", "thread-detail", "PATCH"): frozenset({"read"})}
# Acts by the words after it, whatever the method.
DISPATCHING_HANDLER = "xmodule_handler"


def kind_of_door(module: str, name: str | None) -> Kind | None:
    """
    What kind of door the view of `module` under the address `name` is; ``None`` where nobody has classified it.

    Args:
        name: as in ``urlpatterns``, without namespace; ``None`` for an address without one.
    """
    for rule_module, rule_name, kind in RULES:
        if fnmatchcase(module, rule_module) and fnmatchcase(name or "", rule_name):
            return kind
    return None


def tool_behind(module: str, name: str | None, words: Mapping[str, object]) -> str | None:
    """
    The tool that the door belongs to; ``None`` for doors that belong to none.

    Args:
        words: what the address names, as the view is told.
    """
    for address, word, tool_of in TOOLS_BY_WORD:
        if name == address and word in words:
            return tool_of(str(words[word]))
    for rule_module, rule_name, tool in TOOLS:
        if fnmatchcase(module, rule_module) and fnmatchcase(name or "", rule_name):
            return str(tool)
    return None


def writes(kind: Kind, method: str) -> bool:
    """Whether a request with `method` at a door of this kind would write."""
    if kind in (Kind.READING, Kind.TEAM_READING):
        return False
    return kind == Kind.WRITING or method not in SAFE_METHODS


def handler_writes(block_type: str, handler: str, suffix: str, method: str) -> bool:
    """
    Whether calling this handler of a block would write.

    A handler that nobody has listed is taken to write unless it is asked with a safe method; one that acts by the
    words after its name is taken to write even then.
    """
    if _is_listed(READING_HANDLERS, block_type, handler, suffix):
        return False
    return handler == DISPATCHING_HANDLER or method not in SAFE_METHODS


def handler_proves_caller(block_type: str, handler: str, suffix: str) -> bool:
    """Whether this handler of a block is for third parties, and finds out by itself who they are."""
    return _is_listed(THIRD_PARTY_HANDLERS, block_type, handler, suffix)


def _is_listed(handlers: dict[str, tuple[str, ...]], block_type: str, handler: str, suffix: str) -> bool:
    called = f"{handler}/{suffix}" if suffix else handler
    return any(fnmatchcase(called, pattern) for pattern in handlers.get(block_type, ()))
