"""
Requests and answers of version 1.

Moments are UTC in ISO 8601, a bound of a window that is ``null`` is unbounded, shares are 0..1.
"""

from __future__ import annotations

from django.urls import reverse
from rest_framework import serializers
from rest_framework.utils.urls import replace_query_param

from cohort_sessions.data import (
    EditionState,
    Joining,
    PrerequisiteCondition,
    SessionStatus,
    TeamRole,
)
from cohort_sessions.joining import JoinAction, Obstacle, Seats, Standing
from cohort_sessions.queries.cards import MEMBER, SessionCard
from cohort_sessions.queries.catalogue import Catalogue, CatalogueEntry
from cohort_sessions.queries.my_history import MyHistory
from cohort_sessions.queries.records import SessionRecord
from cohort_sessions.standing import Standing as CourseStanding
from cohort_sessions.timeline import Access, Entry, Phase, Reason


def _choices(values) -> list[str]:
    return [value.value for value in values]


class MySessionsQuerySerializer(serializers.Serializer):
    """What may be asked of *My sessions*."""

    phase = serializers.ChoiceField(
        _choices(Phase),
        required=False,
        help_text="The list to answer; without it the first of current, upcoming and past that is not empty.",
    )
    search = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="Words that must all stand in the session's title, category, organisation or courses' titles.",
    )


class PersonSerializer(serializers.Serializer):
    """Somebody on a team."""

    username = serializers.CharField(help_text="The account.")
    name = serializers.CharField(help_text="The name other people may see; the username where there is none.")


class WindowSerializer(serializers.Serializer):
    """The period by which the session is listed for the person who asks; the closing moment itself is outside."""

    opens_at = serializers.DateTimeField(
        allow_null=True, help_text="First moment inside, UTC; null: it was always open."
    )
    closes_at = serializers.DateTimeField(allow_null=True, help_text="First moment after, UTC; null: it never closes.")


class AccessSerializer(serializers.Serializer):
    """What the person who asks may do in the session now."""

    phase = serializers.ChoiceField(_choices(Phase), help_text="In which of the three lists the session stands.")
    entry = serializers.SerializerMethodField(
        help_text="closed: may not go in; read_only: may look back; full: may work."
    )
    reason = serializers.ChoiceField(_choices(Reason), help_text="Why the entry is what it is.")
    window = WindowSerializer()

    def get_entry(self, access: Access) -> str:
        """The name of the entry: ``closed``, ``read_only`` or ``full``."""
        return Entry(access.entry).name.lower()


class EditionSerializer(serializers.Serializer):
    """A course in a session, with the result of the person who asks."""

    uuid = serializers.UUIDField(help_text="Stable name of the edition.")
    edition_key = serializers.CharField(help_text="The course key that the results of this session hang on.")
    base_key = serializers.CharField(help_text="The course run whose content is shared.")
    course_title = serializers.CharField(help_text="The course's own title.")
    image_url = serializers.CharField(help_text="The course's picture; empty for none.")
    url = serializers.CharField(
        help_text="Where the person goes in, resuming where they left off; empty while they may not."
    )
    state = serializers.ChoiceField(_choices(EditionState), help_text="How far the platform has prepared the course.")
    error = serializers.CharField(
        help_text="What the platform could not do; empty except for those who run the session."
    )
    started = serializers.BooleanField(help_text="Whether the person has any result yet.")
    progress = serializers.FloatField(help_text="Share of the course that is done, 0 to 1.")
    grade = serializers.FloatField(allow_null=True, help_text="Grade, 0 to 1; null while nothing is graded.")
    passed = serializers.BooleanField(help_text="Whether the course's passing line is reached.")
    as_of = serializers.DateTimeField(
        allow_null=True, help_text="When progress and grade were read from the platform, UTC."
    )
    coaches = PersonSerializer(many=True, help_text="Coaches of this course in this session.")


class SessionSerializer(serializers.Serializer):
    """A session, as the person who asks sees it now."""

    code = serializers.SlugField(help_text="Names the session in addresses.")
    title = serializers.CharField(help_text="Plain text.")
    description = serializers.CharField(help_text="Plain text; may be empty.")
    category = serializers.CharField(help_text="The heading it stands under; empty for none.")
    organisation = serializers.CharField(help_text="Short name of the organisation that runs it; may be empty.")
    status = serializers.ChoiceField(_choices(SessionStatus), help_text="What people decided about it.")
    cancel_reason = serializers.CharField(help_text="Why it was cancelled; empty unless it was.")
    access = AccessSerializer()
    duration_days = serializers.IntegerField(
        allow_null=True, help_text="Days each member has from the first entry; null for a session with dates."
    )
    roles = serializers.SerializerMethodField(
        help_text=f"What the person is to the session: {MEMBER}, or roles on its team."
    )
    url = serializers.SerializerMethodField(help_text="Path of the session's home page.")
    coaches = PersonSerializer(many=True, help_text="Coaches of the whole session.")
    editions = EditionSerializer(many=True, help_text="Its courses, in their order.")

    def get_roles(self, card: SessionCard) -> list[str]:
        """In alphabetical order, so that equal answers are equal texts."""
        return sorted(card.roles)

    def get_url(self, card: SessionCard) -> str:
        """The page for people."""
        return reverse("cohort_sessions:session_home", kwargs={"code": card.code})


class CountsSerializer(serializers.Serializer):
    """Sessions found in each list."""

    current = serializers.IntegerField(help_text="Running now.")
    upcoming = serializers.IntegerField(help_text="Not open yet.")
    past = serializers.IntegerField(help_text="Over.")


class WishSerializer(serializers.Serializer):
    """An open request for a place."""

    standing = serializers.ChoiceField(
        _choices(Standing), help_text="requested: the team will answer; waiting: in line; offered: a seat is kept."
    )
    position = serializers.IntegerField(allow_null=True, help_text="Place in the line, from 1; null unless waiting.")
    offer_expires_at = serializers.DateTimeField(
        allow_null=True, help_text="Until when the offered seat is kept, UTC; null unless offered."
    )


class WishedSerializer(serializers.Serializer):
    """A session in which somebody wants a place and has none yet."""

    code = serializers.SlugField(help_text="Names the session in addresses.")
    title = serializers.CharField(help_text="Plain text.")
    wish = WishSerializer()


class MySessionsSerializer(serializers.Serializer):
    """One list of *My sessions*."""

    counts = CountsSerializer(help_text="What was found in each of the three lists, under the same search.")
    total = serializers.IntegerField(help_text="Sessions the person has at all, whatever the search.")
    phase = serializers.ChoiceField(_choices(Phase), help_text="The list answered here.")
    search = serializers.CharField(help_text="The search, as it was understood.")
    sessions = SessionSerializer(source="cards", many=True, help_text="Most urgent first.")
    wished = WishedSerializer(
        many=True, help_text="Sessions in which the person wants a place and has none yet; offers first."
    )


class EarlierResultSerializer(serializers.Serializer):
    """What was achieved in one course of a session that was left."""

    course_title = serializers.CharField(help_text="The course's own title.")
    progress = serializers.FloatField(help_text="Share of the course that is done, 0 to 1.")
    grade = serializers.FloatField(allow_null=True, help_text="Grade, 0 to 1; null while nothing is graded.")
    passed = serializers.BooleanField(help_text="Whether the course's passing line is reached.")
    as_of = serializers.DateTimeField(help_text="When progress and grade were read from the platform, UTC.")


class EarlierSessionSerializer(serializers.Serializer):
    """A session from which the person was moved."""

    title = serializers.CharField(help_text="Plain text.")
    moved_at = serializers.DateTimeField(help_text="When they were moved, UTC.")
    reason = serializers.CharField(help_text="Why, in the words of who moved them.")
    results = EarlierResultSerializer(many=True, help_text="What they had achieved there.")


class TeamLineSerializer(serializers.Serializer):
    """One role of one person."""

    person = PersonSerializer()
    role = serializers.ChoiceField(_choices(TeamRole), help_text="What they do.")
    course_title = serializers.CharField(help_text="The course they coach; empty for roles over the whole session.")


class WelcomeSerializer(serializers.Serializer):
    """What a course of a session says first."""

    uuid = serializers.UUIDField(help_text="Of the edition.")
    text = serializers.CharField(help_text="Markdown, as the team wrote it.")
    html = serializers.CharField(help_text="The same as clean HTML.")


class SessionHomeSerializer(serializers.Serializer):
    """The home of one session."""

    session = SessionSerializer(source="card")
    team = TeamLineSerializer(many=True, help_text="Who runs it: whole-session roles first.")
    member_count = serializers.IntegerField(
        allow_null=True, help_text="Active members; null for those who may not see them."
    )
    may_manage = serializers.BooleanField(help_text="Whether the person who asks may change the session.")
    may_leave = serializers.BooleanField(help_text="Whether the person who asks may give their place up.")
    earlier = EarlierSessionSerializer(many=True, help_text="Where the person was moved from, the latest first.")
    welcomes = WelcomeSerializer(many=True, help_text="What its courses say first, of those that say anything.")


class CatalogueQuerySerializer(serializers.Serializer):
    """What may be asked of *Available sessions*."""

    search = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="Words that must all stand in the session's title, category, organisation or courses' titles.",
    )
    page = serializers.IntegerField(required=False, default=1, min_value=1, help_text="From 1; 20 sessions each.")


class CatalogueCourseSerializer(serializers.Serializer):
    """A course of a session that may be joined."""

    base_key = serializers.CharField(help_text="The course run whose content is shared.")
    title = serializers.CharField(help_text="The course's own title.")
    image_url = serializers.CharField(help_text="The course's picture; empty for none.")


class SeatsSerializer(serializers.Serializer):
    """How full a session is."""

    capacity = serializers.IntegerField(allow_null=True, help_text="Seats in all; null: no limit.")
    free = serializers.SerializerMethodField(help_text="Seats for those who come now; null: no limit.")
    waiting = serializers.IntegerField(help_text="People in the line.")

    def get_free(self, seats: Seats) -> int | None:
        """None of them while others stand in line."""
        return seats.free if seats.has_room else 0


class PrerequisiteSerializer(serializers.Serializer):
    """What must be behind somebody before they may join."""

    code = serializers.SlugField(help_text="Of the required session.")
    title = serializers.CharField(help_text="Of the required session; plain text.")
    condition = serializers.ChoiceField(
        _choices(PrerequisiteCondition), help_text="finished: its end is past; passed: each of its courses is passed."
    )
    is_met = serializers.BooleanField(help_text="Whether the person who asks has it behind them.")


class JoinDecisionSerializer(serializers.Serializer):
    """What the person who asks may do now; posting to `join` does it."""

    action = serializers.ChoiceField(
        _choices(JoinAction),
        help_text="join: a seat at once; request: ask the team; queue: the last place in the line; accept: the seat "
        "that is kept; nothing: see the obstacle.",
    )
    obstacle = serializers.ChoiceField(
        _choices(Obstacle), allow_null=True, help_text="Why there is nothing to do; null otherwise."
    )
    needs_code = serializers.BooleanField(help_text="Whether the enrolment code must be given.")


class CatalogueEntrySerializer(serializers.Serializer):
    """A session that may be joined, now or soon, or that the person waits for."""

    code = serializers.SlugField(help_text="Names the session in addresses.")
    title = serializers.CharField(help_text="Plain text.")
    description = serializers.CharField(help_text="Plain text; may be empty.")
    category = serializers.CharField(help_text="The heading it stands under; empty for none.")
    organisation = serializers.CharField(help_text="Short name of the organisation that runs it; may be empty.")
    period = WindowSerializer(help_text="When an ordinary member may work in it.")
    duration_days = serializers.IntegerField(
        allow_null=True, help_text="Days each member has from the first entry; null for a session with dates."
    )
    enrolment = WindowSerializer(help_text="When people may join by themselves.")
    joining = serializers.ChoiceField(_choices(Joining), help_text="How people come into it.")
    courses = CatalogueCourseSerializer(many=True, help_text="In their order.")
    seats = SeatsSerializer()
    standing = serializers.ChoiceField(_choices(Standing), help_text="What the person is to the session already.")
    wish = WishSerializer(allow_null=True, help_text="Their open request; null for none.")
    prerequisites = PrerequisiteSerializer(many=True, help_text="What must be behind them.")
    parallel = serializers.CharField(
        help_text="Title of the parallel session in which they have a place or wait; empty for none."
    )
    decision = JoinDecisionSerializer()
    url = serializers.SerializerMethodField(help_text="Path of the page on which people join it.")

    def get_url(self, entry: CatalogueEntry) -> str:
        """The page for people."""
        return reverse("cohort_sessions:available_session", kwargs={"code": entry.code})


class EnvelopeSerializer(serializers.Serializer):
    """One page of sessions; the envelope is that of the platform's own lists."""

    count = serializers.IntegerField(source="total", help_text="Sessions found, on all pages.")
    num_pages = serializers.IntegerField(source="pages", help_text="There is always a first one.")
    current_page = serializers.IntegerField(source="page", help_text="The page answered here, from 1.")
    next = serializers.SerializerMethodField(help_text="Address of the next page; null on the last.")
    previous = serializers.SerializerMethodField(help_text="Address of the page before; null on the first.")

    def get_next(self, found: Catalogue | MyHistory) -> str | None:
        """The request's own address with another page."""
        return self._address(found, found.page + 1)

    def get_previous(self, found: Catalogue | MyHistory) -> str | None:
        """The request's own address with another page."""
        return self._address(found, found.page - 1)

    def _address(self, found: Catalogue | MyHistory, page: int) -> str | None:
        if not 1 <= page <= found.pages:
            return None
        return replace_query_param(self.context["request"].build_absolute_uri(), "page", page)


class CatalogueSerializer(EnvelopeSerializer):
    """One page of *Available sessions*."""

    search = serializers.CharField(help_text="The search, as it was understood.")
    results = CatalogueEntrySerializer(
        source="entries", many=True, help_text="What the person waits for first, then by opening."
    )


class JoinSerializer(serializers.Serializer):
    """What goes with joining."""

    code = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=64,
        help_text="The enrolment code, where the session asks for one.",
    )


class JoinOutcomeSerializer(serializers.Serializer):
    """Where the person stands now."""

    standing = serializers.ChoiceField(_choices(Standing), help_text="What they are to the session.")
    position = serializers.IntegerField(allow_null=True, help_text="Place in the line, from 1; null unless waiting.")


class GoingSerializer(serializers.Serializer):
    """What became of leaving or withdrawing."""

    changed = serializers.BooleanField(help_text="Whether there was anything to give up; repeating is harmless.")


class MyHistoryQuerySerializer(serializers.Serializer):
    """What may be asked of *My history*."""

    page = serializers.IntegerField(required=False, default=1, min_value=1, help_text="From 1; 50 sessions each.")


class SectionGradeSerializer(serializers.Serializer):
    """What was earned in one graded section of a course."""

    block_id = serializers.CharField(help_text="Names the section within the course.")
    title = serializers.CharField(help_text="Plain text.")
    assignment_type = serializers.CharField(help_text="As the grading policy names it.")
    earned = serializers.FloatField(help_text="Points, not weighted.")
    possible = serializers.FloatField(help_text="Points, not weighted.")


class CourseRecordSerializer(serializers.Serializer):
    """A course of a session, with what the person who asks earned in it."""

    uuid = serializers.UUIDField(help_text="Stable name of the edition.")
    edition_key = serializers.CharField(help_text="The course key that the results of this session hang on.")
    base_key = serializers.CharField(help_text="The course run whose content is shared.")
    course_title = serializers.CharField(help_text="The course's own title.")
    is_withdrawn = serializers.BooleanField(help_text="Whether it is no part of the session any more.")
    course_standing = serializers.ChoiceField(
        _choices(CourseStanding),
        source="standing",
        allow_null=True,
        help_text="How the person stands, or stood when their place ended; null: it ended with the course under way.",
    )
    grade = serializers.FloatField(allow_null=True, help_text="Grade, 0 to 1; null while nothing is graded.")
    letter = serializers.CharField(help_text="The platform's letter grade; may be empty.")
    passed = serializers.BooleanField(help_text="Whether the course's passing line is reached.")
    passed_at = serializers.DateTimeField(allow_null=True, help_text="When it was first reached, UTC; null: unknown.")
    completed = serializers.IntegerField(help_text="Blocks that are done.")
    completable = serializers.IntegerField(help_text="Blocks that can be done.")
    progress = serializers.FloatField(help_text="Share of the course that is done, 0 to 1.")
    first_activity_at = serializers.DateTimeField(allow_null=True, help_text="First work in the course, UTC.")
    last_activity_at = serializers.DateTimeField(allow_null=True, help_text="Last work in the course, UTC.")
    as_of = serializers.DateTimeField(
        allow_null=True, help_text="When the result last changed, UTC; null for who never worked in the course."
    )
    final_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Since when the result stays as it is, whatever the platform says later, UTC; null: it still follows "
        "the platform.",
    )
    becomes_final_at = serializers.DateTimeField(
        allow_null=True, help_text="When it will be final, as things are, UTC; null: never, or it is final."
    )
    sections = SectionGradeSerializer(many=True, help_text="Graded sections that were worked in, in their order.")


class StepSerializer(serializers.Serializer):
    """A move from or to another session."""

    code = serializers.SlugField(help_text="Of the other session.")
    title = serializers.CharField(help_text="Of the other session; plain text.")
    moved_at = serializers.DateTimeField(help_text="When the person was moved, UTC.")
    reason = serializers.CharField(help_text="Why, in the words of who moved them.")


class SessionRecordSerializer(serializers.Serializer):
    """A session, as the person who asks had it."""

    code = serializers.SlugField(help_text="Names the session in addresses.")
    title = serializers.CharField(help_text="Plain text.")
    organisation = serializers.CharField(help_text="Short name of the organisation that runs it; may be empty.")
    status = serializers.ChoiceField(_choices(SessionStatus), help_text="What people decided about it.")
    cancel_reason = serializers.CharField(help_text="Why it was cancelled; empty unless it was.")
    phase = serializers.ChoiceField(_choices(Phase), help_text="By the person's own dates.")
    window = WindowSerializer(help_text="The person's own dates.")
    duration_days = serializers.IntegerField(
        allow_null=True, help_text="Days each member has from the first entry; null for a session with dates."
    )
    is_shown = serializers.BooleanField(help_text="Whether the session's own page is shown to the person now.")
    left_at = serializers.DateTimeField(allow_null=True, help_text="When their place ended, UTC; null: they have it.")
    moved_to = StepSerializer(allow_null=True, help_text="Where their place went; null for nowhere.")
    came_from = StepSerializer(allow_null=True, help_text="Where they were moved here from; null for nowhere.")
    courses = CourseRecordSerializer(
        many=True, help_text="In their order; for who left the session those in which something was done."
    )
    url = serializers.SerializerMethodField(help_text="Path of the page of the person's results in it.")

    def get_url(self, record: SessionRecord) -> str:
        """The page for people."""
        return reverse("cohort_sessions:my_results", kwargs={"code": record.code})


class MyHistorySerializer(EnvelopeSerializer):
    """One page of *My history*."""

    passed = serializers.IntegerField(help_text="Results that reach the passing line, on all pages.")
    results = SessionRecordSerializer(source="records", many=True, help_text="Newest first.")
