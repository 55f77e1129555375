"""
What a host must be able to do. ``tests/contract/`` states it as behaviour and runs on every implementation.

Reads are plural and take a fixed number of SQL queries whatever the number of keys and people; what the host does
not know is simply absent from the answer. Writes are idempotent. Nothing raises for a single bad item: outcomes
carry the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.files.storage import Storage
from django.utils.module_loading import import_string
from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions.data import ElementKind, ElementPlace, ElementValue
from cohort_sessions.host.data import (
    ApplyReport,
    BaseCourse,
    BaseElement,
    CourseTool,
    Deadline,
    Deadlines,
    EditionSpec,
    Element,
    Enrolment,
    EnrolmentOutcome,
    GradingPolicy,
    LearnerCertificate,
    LearnerGrade,
    LearnerPage,
    LearnerProgress,
    Letter,
    OutlineBlock,
    Person,
    WantedEnrolment,
)


class Host(Protocol):
    """
    The platform, seen from here.

    Attributes:
        name_path: the lookups that lead from an account to the name other people may see, such as ``profile__name``:
            who finds people names, sorts and searches them in the same query. Without a name there, the username
            counts.
    """

    name_path: str

    def base_courses(self, base_keys: Collection[CourseKey]) -> Mapping[CourseKey, BaseCourse]:
        """The courses among `base_keys` that exist, by key. One query."""

    def search_courses(
        self,
        words: str,
        *,
        limit: int,
        organisations: Collection[str] | None = None,
        base_keys: Collection[CourseKey] = (),
    ) -> Sequence[BaseCourse]:
        """
        Courses that editions can be made of, by title: those that have every one of `words` in their title or key,
        case ignored; all of them for no words. At most `limit`. One query.

        Args:
            organisations: only courses of these, and those among `base_keys`; ``None``: of every organisation.
        """

    def time_zone(self, user_id: int) -> str | None:
        """
        The IANA name of the zone in which this person reads dates, ``None`` where they chose none. At most one
        query.
        """

    def language(self, user_id: int) -> str | None:
        """The code of the language this person reads in, ``None`` where they chose none. At most one query."""

    def taught_base_keys(self, user_id: int) -> frozenset[CourseKey]:
        """
        The base courses of whose course team this person is, as its staff or instructor. At most two queries.

        Editions are no base courses: a role in one teaches none. Administrators of the platform are on no team by
        that alone.
        """

    def send_letter(self, user_id: int, letter: Letter) -> None:
        """
        Mail `letter` to this person, the way the host mails.

        Raises:
            Exception: whatever kept it from being handed to the mailer, so that it is tried again.
        """

    def send_letter_to(self, address: str, letter: Letter) -> None:
        """
        Mail `letter` to an e-mail address that need not belong to any account, the way the host mails.

        Raises:
            Exception: whatever kept it from being handed to the mailer, so that it is tried again.
        """

    def private_storage(self) -> Storage:
        """
        Where files with personal data are kept, which this site's web server hands to nobody by itself. Every process
        that runs tasks or serves pages finds in it what another has put there.
        """

    def reserve_edition(self, base_key: CourseKey, edition_uuid: UUID) -> CourseKey:
        """
        Make an edition key over the content of `base_key`, inside the caller's transaction; the same UUID finds the
        same key again.

        Raises:
            HostRefused: the course does not exist, or its kind of key cannot carry editions.
        """

    def apply_edition(self, spec: EditionSpec) -> ApplyReport:
        """Make the platform match `spec`, facet by facet; one that fails is reported and does not stop the others."""

    def plan_edition(self, spec: EditionSpec) -> ApplyReport:
        """What `apply_edition` would change, without changing it."""

    def deadlines(self, base_key: CourseKey, rule: Deadlines) -> list[Deadline]:
        """
        The dated blocks of a base course, in the order of the course, and what `rule` would make of each; changes
        nothing. Empty for a course that has none, or is unknown.
        """

    def outline(self, base_key: CourseKey) -> list[OutlineBlock]:
        """
        Sections, subsections and units of a base course, in reading order, each before what stands in it. Empty for a
        course that has none, or is unknown.
        """

    def tools(self, base_key: CourseKey) -> list[CourseTool]:
        """
        The tools that a base course offers its learners, in the host's order, hence those that an edition may hide.
        Empty for a course that is unknown.
        """

    def learners_at_work(self, edition_key: CourseKey) -> Mapping[UsageKey, int]:
        """
        How many people have worked in each block of the outline of an edition, or in something in it; by usage key of
        the base course, without those where nobody has. A fixed number of queries.
        """

    def elements(self, base_key: CourseKey, unit_key: UsageKey, fields: Mapping[str, Collection[str]]) -> list[Element]:
        """
        What stands in a unit of a base course, at any depth and in reading order, and has any of `fields`: names, by
        block type, of which each element has those that its blocks have and that can be typed. Empty for a unit that is
        not there. Loads no block.
        """

    def base_elements(
        self, base_key: CourseKey, places: Collection[ElementPlace]
    ) -> Mapping[ElementPlace, BaseElement]:
        """
        What a base course says about these fields now. Blocks that are gone, or stand in no unit any more, are absent.
        No SQL beyond one query, whatever the number.
        """

    def element_kind(self, block_type: str, name: str) -> ElementKind:
        """
        What a field of this type of block holds.

        Raises:
            InvalidInput: there is no such field, or what it holds is none of the kinds; under the empty name.
        """

    def typed_value(self, block_type: str, name: str, given: object) -> ElementValue:
        """
        A value for a field, from what somebody wrote in a form or sent as JSON: as the block's own field types it, if
        that takes it. What was typed is typed to itself.

        Raises:
            InvalidInput: it does not, or see `element_kind`; in a sentence, under the empty name.
        """

    def enrolments(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> frozenset[Enrolment]:
        """Every enrolment, active or not, of these people in these editions."""

    def apply_enrolments(self, wanted: Sequence[WantedEnrolment]) -> list[EnrolmentOutcome]:
        """
        Enrol and unenrol, through the platform's own rules; one outcome a line, in the order given.

        An active enrolment that this plugin did not make is never ended: that line is reported as unchanged.
        """

    def grades(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerGrade]:
        """
        How each of these people is graded in each of these editions; who is not graded is absent. At most two queries:
        what changes a grade is recorded at the cost of these.
        """

    def progress(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerProgress]:
        """How far each of these people has come in each of these editions; who has no stored work is absent."""

    def certificates(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerCertificate]:
        """The host's certificates that these people hold of these editions. At most one query."""

    def give_certificates(self, edition_key: CourseKey, user_ids: Collection[int]) -> Mapping[int, str]:
        """
        Have the host make its certificate of the edition for these people, whatever their grade: callers know that they
        have passed. By account: why it does not, in a sentence; empty where it does.

        The certificate may come a moment later. Who holds one already keeps it.
        """

    def grading_policies(self, edition_keys: Collection[CourseKey]) -> Mapping[CourseKey, GradingPolicy]:
        """How each of these editions, or base courses, is graded now; unknown ones are absent."""

    def has_learner_data(self, edition_key: CourseKey) -> bool:
        """Whether anybody has stored state, a grade or a completion in the edition."""

    def discard_edition(self, edition_key: CourseKey) -> None:
        """
        Forget an edition nobody has worked in.

        Raises:
            HasLearnerData: somebody has.
            HostRefused: something else of the host hangs on it, such as an enrolment that is not ours.
        """

    def entry_urls(self, edition_keys: Collection[CourseKey]) -> Mapping[CourseKey, str]:
        """
        The address at which a person enters each edition: where they left off if the host knows, else its home. No
        query.
        """

    def learner_pages(self, edition_key: CourseKey, person: Person) -> Mapping[LearnerPage, str]:
        """
        The addresses of the host's own pages about this person in an edition, as far as it has such pages. No query;
        who may open them is the host's to say.
        """


@cache
def _load(dotted_path: str) -> Host:
    return import_string(dotted_path)()


def get_host() -> Host:
    """The host this process runs on, from the setting ``COHORT_SESSIONS_HOST``."""
    return _load(settings.COHORT_SESSIONS_HOST)
