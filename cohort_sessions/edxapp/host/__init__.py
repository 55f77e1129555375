"""
The real edx-platform, as `cohort_sessions.host.Host` wants it; reached by the setting ``COHORT_SESSIONS_HOST``.

One module for each area of the platform; what they share is that only plain values of ours leave them. They import the
platform at module top: nothing imports this package but `cohort_sessions.host.get_host`, and that only inside the
platform.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.core.files.storage import Storage
from opaque_keys.edx.keys import CourseKey, UsageKey

from cohort_sessions.data import ElementKind, ElementPlace, ElementValue
from cohort_sessions.edxapp.host import (
    accounts,
    application,
    certificates,
    courses,
    editions,
    elements,
    enrolments,
    files,
    learner_pages,
    mail,
    outline,
    results,
    tools,
)
from cohort_sessions.host import (
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


class EdxappHost:
    """
    The Host protocol on edx-platform; what each method promises is said there, what it does here in the module it
    calls.
    """

    name_path = accounts.NAME_PATH

    def base_courses(self, base_keys: Collection[CourseKey]) -> Mapping[CourseKey, BaseCourse]:
        """See `courses.base_courses`."""
        return courses.base_courses(base_keys)

    def search_courses(
        self,
        words: str,
        *,
        limit: int,
        organisations: Collection[str] | None = None,
        base_keys: Collection[CourseKey] = (),
    ) -> list[BaseCourse]:
        """See `courses.search_courses`."""
        return courses.search_courses(words, limit=limit, organisations=organisations, base_keys=base_keys)

    def time_zone(self, user_id: int) -> str | None:
        """See `accounts.time_zone`."""
        return accounts.time_zone(user_id)

    def language(self, user_id: int) -> str | None:
        """See `accounts.language`."""
        return accounts.language(user_id)

    def taught_base_keys(self, user_id: int) -> frozenset[CourseKey]:
        """See `accounts.taught_base_keys`."""
        return accounts.taught_base_keys(user_id)

    def send_letter(self, user_id: int, letter: Letter) -> None:
        """See `mail.send`."""
        mail.send(user_id, letter)

    def send_letter_to(self, address: str, letter: Letter) -> None:
        """See `mail.send_to`."""
        mail.send_to(address, letter)

    def private_storage(self) -> Storage:
        """See `files.private_storage`."""
        return files.private_storage()

    def reserve_edition(self, base_key: CourseKey, edition_uuid: UUID) -> CourseKey:
        """See `editions.reserve`."""
        return editions.reserve(base_key, edition_uuid)

    def apply_edition(self, spec: EditionSpec) -> ApplyReport:
        """See `application.apply`."""
        return application.apply(spec)

    def plan_edition(self, spec: EditionSpec) -> ApplyReport:
        """See `application.plan`."""
        return application.plan(spec)

    def deadlines(self, base_key: CourseKey, rule: Deadlines) -> list[Deadline]:
        """See `courses.deadlines`."""
        return courses.deadlines(base_key, rule)

    def outline(self, base_key: CourseKey) -> list[OutlineBlock]:
        """See `outline.outline`."""
        return outline.outline(base_key)

    def tools(self, base_key: CourseKey) -> list[CourseTool]:
        """See `tools.tools`."""
        return tools.tools(base_key)

    def learners_at_work(self, edition_key: CourseKey) -> Mapping[UsageKey, int]:
        """See `outline.learners_at_work`."""
        return outline.learners_at_work(edition_key)

    def elements(self, base_key: CourseKey, unit_key: UsageKey, fields: Mapping[str, Collection[str]]) -> list[Element]:
        """See `elements.elements`."""
        return elements.elements(base_key, unit_key, fields)

    def base_elements(
        self, base_key: CourseKey, places: Collection[ElementPlace]
    ) -> Mapping[ElementPlace, BaseElement]:
        """See `elements.base_elements`."""
        return elements.base_elements(base_key, places)

    def element_kind(self, block_type: str, name: str) -> ElementKind:
        """See `elements.element_kind`."""
        return elements.element_kind(block_type, name)

    def typed_value(self, block_type: str, name: str, given: object) -> ElementValue:
        """See `elements.typed_value`."""
        return elements.typed_value(block_type, name, given)

    def enrolments(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> frozenset[Enrolment]:
        """See `enrolments.read`."""
        return enrolments.read(edition_keys, user_ids)

    def apply_enrolments(self, wanted: Sequence[WantedEnrolment]) -> list[EnrolmentOutcome]:
        """See `enrolments.apply`."""
        return enrolments.apply(wanted)

    def grades(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerGrade]:
        """See `results.grades`."""
        return results.grades(edition_keys, user_ids)

    def progress(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerProgress]:
        """See `results.progress`."""
        return results.progress(edition_keys, user_ids)

    def certificates(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> list[LearnerCertificate]:
        """See `certificates.read`."""
        return certificates.read(edition_keys, user_ids)

    def give_certificates(self, edition_key: CourseKey, user_ids: Collection[int]) -> Mapping[int, str]:
        """See `certificates.give`."""
        return certificates.give(edition_key, user_ids)

    def grading_policies(self, edition_keys: Collection[CourseKey]) -> Mapping[CourseKey, GradingPolicy]:
        """See `results.grading_policies`."""
        return results.grading_policies(edition_keys)

    def has_learner_data(self, edition_key: CourseKey) -> bool:
        """See `results.exist`."""
        return results.exist(edition_key)

    def discard_edition(self, edition_key: CourseKey) -> None:
        """See `editions.discard`."""
        editions.discard(edition_key)

    def entry_urls(self, edition_keys: Collection[CourseKey]) -> Mapping[CourseKey, str]:
        """See `courses.entry_urls`."""
        return courses.entry_urls(edition_keys)

    def learner_pages(self, edition_key: CourseKey, person: Person) -> Mapping[LearnerPage, str]:
        """See `learner_pages.learner_pages`."""
        return learner_pages.learner_pages(edition_key, person)
