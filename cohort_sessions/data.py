"""
Enums and frozen value objects shared by every floor.

Imports the standard library and opaque keys only, so that anything may import it. Every datetime is aware and UTC;
``None`` as a bound of time means unbounded.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime

from opaque_keys.edx.keys import CourseKey, UsageKey


class SessionStatus(enum.StrEnum):
    """Where a session stands in its life, as people decided it; what the clock says is `timeline.Phase`."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"


class SessionChange(enum.StrEnum):
    """What people, or time, did with a session."""

    CREATED = "created"
    EDITED = "edited"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    ARCHIVED = "archived"
    RESTORED = "restored"
    FINISHED = "finished"
    RESUMED = "resumed"


class AfterClose(enum.StrEnum):
    """What a member may still do once their own window has closed."""

    READ_ONLY = "read_only"
    FULL = "full"
    HIDDEN = "hidden"


class MemberStatus(enum.StrEnum):
    """Whether a member has a place in the session. A removed member's row, and all their results, stay."""

    ACTIVE = "active"
    REMOVED = "removed"


class Joining(enum.StrEnum):
    """How people come into a session; the team may enrol in any case."""

    CLOSED = "closed"
    OPEN = "open"
    APPROVAL = "approval"
    CODE = "code"


class RequestStatus(enum.StrEnum):
    """Where somebody stands who wants a place and has none yet: asked the team, in the line, or offered a seat."""

    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"


class PrerequisiteCondition(enum.StrEnum):
    """What must be behind somebody in the required session: its end, or a pass in each of its courses."""

    FINISHED = "finished"
    PASSED = "passed"


class DeadlinePolicy(enum.StrEnum):
    """What an edition does with the deadlines inside its base course."""

    SHIFT = "shift"
    KEEP = "keep"
    NONE = "none"


class NoticeKind(enum.StrEnum):
    """What people are told by mail, because it happened while they were not looking."""

    SEAT_GIVEN = "seat_given"
    SEAT_OFFERED = "seat_offered"
    OFFER_EXPIRED = "offer_expired"
    REQUEST_APPROVED = "request_approved"
    REQUEST_QUEUED = "request_queued"
    REQUEST_DECLINED = "request_declined"
    REQUEST_ENDED = "request_ended"
    MOVED = "moved"
    INVITED_SEATED = "invited_seated"
    INVITED_QUEUED = "invited_queued"
    MESSAGE = "message"
    ANNOUNCEMENT = "announcement"


class AnnouncementChange(enum.StrEnum):
    """What people did with an announcement."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"


class MaterialKind(enum.StrEnum):
    """What a session keeps for its learners: an address elsewhere, or a file of its own."""

    LINK = "link"
    FILE = "file"


class MaterialChange(enum.StrEnum):
    """What people did with a link or file of a session."""

    ADDED = "added"
    EDITED = "edited"
    REMOVED = "removed"


class InvitationEnd(enum.StrEnum):
    """How an invitation ended: by itself, or, the last two, because somebody took it back or its holder was retired."""

    MEMBER = "member"
    WAITING = "waiting"
    NEEDLESS = "needless"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"


class TeamRole(enum.StrEnum):
    """Who runs a session. The first two are given per session, the last per edition."""

    ADMINISTRATOR = "administrator"
    SESSION_COACH = "session_coach"
    COURSE_COACH = "course_coach"


class Lock(enum.StrEnum):
    """What a session administrator may take out of the coaches' hands, session by session."""

    SCHEDULE = "schedule"
    CONTENT_VISIBILITY = "content_visibility"
    TOOL_VISIBILITY = "tool_visibility"
    CONTENT_EDITS = "content_edits"
    GRADING_POLICY = "grading_policy"
    ENROLMENT = "enrolment"
    TEAM = "team"
    ANNOUNCEMENTS = "announcements"


class BlockField(enum.StrEnum):
    """
    What of a section, subsection or unit a session may have otherwise than its base course.

    The value of each: `HIDDEN` is true (a session hides more than the base course, never less), `OPENS_AT` a moment,
    `DUE` a moment or ``None`` for no deadline, `TITLE` a text.
    """

    HIDDEN = "hidden"
    OPENS_AT = "opens_at"
    DUE = "due"
    TITLE = "title"


class Tool(enum.StrEnum):
    """
    Tools of a course that every host names alike. A host may have others, such as pages that an author added: a tool is
    named by a text.
    """

    PROGRESS = "progress"
    DATES = "dates"
    DISCUSSION = "discussion"
    WIKI = "wiki"
    NOTES = "notes"
    TEXTBOOKS = "textbooks"
    TEAMS = "teams"
    HANDOUTS = "handouts"
    UPDATES = "updates"


class AsInBase(enum.Enum):
    """In the place of a value: as in the base course, whatever that says."""

    AS_IN_BASE = enum.auto()


AS_IN_BASE = AsInBase.AS_IN_BASE


class BlockKind(enum.StrEnum):
    """The levels of a course's outline."""

    SECTION = "section"
    SUBSECTION = "subsection"
    UNIT = "unit"


class ElementKind(enum.StrEnum):
    """
    What a field of an element of a unit holds, and how it is asked for.

    `HTML` is text that learners are shown as HTML, `TEXT` any other. Values of `NUMBER` are floats.
    """

    TEXT = "text"
    HTML = "html"
    INTEGER = "integer"
    NUMBER = "number"
    YES_NO = "yes_no"


class ResultPart(enum.StrEnum):
    """What of a result changes, and is read, apart: the platform tells of each by events of its own."""

    GRADE = "grade"
    PROGRESS = "progress"
    CERTIFICATE = "certificate"


class ExportFormat(enum.StrEnum):
    """As what kind of file results are exported."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportStatus(enum.StrEnum):
    """How far a file of results has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class EditionState(enum.StrEnum):
    """How far the platform has followed what we want of an edition."""

    READY = "ready"
    PREPARING = "preparing"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Actor:
    """
    The person acting, with every role they hold, loaded once per request by `queries.actors.load_actor`.

    Attributes:
        user_id: the account; ``None`` for nobody signed in and for `SYSTEM`.
        is_system: a task or command acting for the plugin itself; may do everything.
        is_platform_admin: global staff or superuser of the platform; may do everything.
        administers_all: session administrator of every session.
        organisations: short names of organisations whose sessions they administer.
        administered_session_ids: sessions they administer one by one.
        coached_session_ids: sessions they coach as a whole.
        coached_edition_ids: editions they coach as course coach.
        coached_edition_session_ids: the sessions of those editions.
        taught_base_keys: base courses whose course team they belong to (Studio doors load it; empty elsewhere).
        member_session_ids: sessions they are a member of and which are shown to them now.
    """

    user_id: int | None = None
    is_system: bool = False
    is_platform_admin: bool = False
    administers_all: bool = False
    organisations: frozenset[str] = frozenset()
    administered_session_ids: frozenset[int] = frozenset()
    coached_session_ids: frozenset[int] = frozenset()
    coached_edition_ids: frozenset[int] = frozenset()
    coached_edition_session_ids: frozenset[int] = frozenset()
    taught_base_keys: frozenset[CourseKey] = field(default=frozenset())
    member_session_ids: frozenset[int] = frozenset()


SYSTEM = Actor(is_system=True)
ANONYMOUS = Actor()


@dataclass(frozen=True, slots=True)
class BlockChange:
    """
    One thing that a session has otherwise than its base course.

    Attributes:
        usage_key: of the block in the base course.
        value: see `BlockField`.
    """

    usage_key: UsageKey
    field: BlockField
    value: bool | datetime | str | None


# What a field of an element can hold; ``None`` where it may hold nothing, such as no limit of attempts.
ElementValue = bool | int | float | str | None

# A field of an element: the usage key in the base course, and the field's name.
ElementPlace = tuple[UsageKey, str]


@dataclass(frozen=True, slots=True)
class ElementChange:
    """
    One field of an element of a unit that a session has otherwise than its base course.

    Attributes:
        usage_key: of the block in the base course.
        field: its name, as the block calls it.
    """

    usage_key: UsageKey
    field: str
    value: ElementValue


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """
    What became of one line of a bulk request, in the order given.

    Attributes:
        given: the line as the caller wrote it.
        ok: whether the wanted state holds now.
        changed: whether this call brought it about (``False`` when it held before: repeating a call is harmless).
        message: a sentence for the person who asked; empty when there is nothing to say.
        invited: whether the change is an invitation only: the line names an address that no account has yet.
    """

    given: str
    ok: bool
    changed: bool
    message: str = ""
    invited: bool = False
