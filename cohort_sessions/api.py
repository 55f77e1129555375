"""
The public Python face: what other plugins may use, and all they may use.

Operations take `actor` and `now`; get an actor from `load_actor`, or use `SYSTEM` for your own tasks.
"""

from cohort_sessions.data import (
    SYSTEM,
    Actor,
    AfterClose,
    DeadlinePolicy,
    LineOutcome,
    Lock,
    SessionStatus,
    TeamRole,
)
from cohort_sessions.errors import CohortSessionError
from cohort_sessions.host import Deadline
from cohort_sessions.operations.announcement_reads import mark_announcements_read
from cohort_sessions.operations.announcements import create_announcement, delete_announcement, edit_announcement
from cohort_sessions.operations.application import apply_edition, plan_edition
from cohort_sessions.operations.certificates import give_certificates
from cohort_sessions.operations.courses import add_courses, order_courses, remove_courses
from cohort_sessions.operations.deadlines import set_deadlines
from cohort_sessions.operations.invitations import redeem_invitation, withdraw_invitations
from cohort_sessions.operations.joining import JoinOutcome, join_session, leave_session, withdraw_request
from cohort_sessions.operations.lifecycle import Advance, advance_session
from cohort_sessions.operations.locks import set_locks
from cohort_sessions.operations.materials import (
    add_file,
    add_link,
    edit_material,
    move_material,
    remove_material,
)
from cohort_sessions.operations.members import enrol_members, record_first_entry, remove_members, set_member_dates
from cohort_sessions.operations.messages import message_members
from cohort_sessions.operations.moves import move_members
from cohort_sessions.operations.prerequisites import set_prerequisites
from cohort_sessions.operations.repetition import duplicate_session
from cohort_sessions.operations.requests import approve_requests, decline_requests
from cohort_sessions.operations.restoring import restore_session
from cohort_sessions.operations.results import finalise_results, record_results, reopen_results, resync_results
from cohort_sessions.operations.sessions import (
    archive_session,
    cancel_session,
    create_session,
    edit_session,
    publish_session,
)
from cohort_sessions.operations.team import (
    assign_course_coaches,
    assign_session_team,
    remove_course_coaches,
    remove_session_team,
)
from cohort_sessions.queries.access import EditionAccess, edition_access
from cohort_sessions.queries.actors import load_actor
from cohort_sessions.queries.board import SessionBoard, session_board
from cohort_sessions.queries.deadlines import edition_deadlines
from cohort_sessions.queries.my_history import MyHistory, my_history
from cohort_sessions.queries.my_results import MyResults, my_results
from cohort_sessions.queries.my_sessions import MySessions, my_sessions
from cohort_sessions.queries.session_home import SessionHome, session_home

__all__ = [
    "SYSTEM",
    "Actor",
    "Advance",
    "AfterClose",
    "CohortSessionError",
    "Deadline",
    "DeadlinePolicy",
    "EditionAccess",
    "JoinOutcome",
    "LineOutcome",
    "Lock",
    "MyHistory",
    "MyResults",
    "MySessions",
    "SessionBoard",
    "SessionHome",
    "SessionStatus",
    "TeamRole",
    "add_courses",
    "add_file",
    "add_link",
    "advance_session",
    "apply_edition",
    "approve_requests",
    "archive_session",
    "assign_course_coaches",
    "assign_session_team",
    "cancel_session",
    "create_announcement",
    "create_session",
    "decline_requests",
    "delete_announcement",
    "duplicate_session",
    "edit_announcement",
    "edit_material",
    "edit_session",
    "edition_access",
    "edition_deadlines",
    "enrol_members",
    "finalise_results",
    "give_certificates",
    "join_session",
    "leave_session",
    "load_actor",
    "mark_announcements_read",
    "message_members",
    "move_material",
    "move_members",
    "my_history",
    "my_results",
    "my_sessions",
    "order_courses",
    "plan_edition",
    "publish_session",
    "record_first_entry",
    "record_results",
    "redeem_invitation",
    "remove_course_coaches",
    "remove_courses",
    "remove_material",
    "remove_members",
    "remove_session_team",
    "reopen_results",
    "restore_session",
    "resync_results",
    "session_board",
    "session_home",
    "set_deadlines",
    "set_locks",
    "set_member_dates",
    "set_prerequisites",
    "withdraw_invitations",
    "withdraw_request",
]
