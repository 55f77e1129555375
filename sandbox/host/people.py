"""Accounts and enrolments."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.contrib.auth import get_user_model
from django.core.mail import send_mail
from django.utils.html import format_html
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.host import Enrolment as HeldEnrolment
from cohort_sessions.host import EnrolmentOutcome, Letter, WantedEnrolment
from sandbox.keys import is_edition
from sandbox.models import CourseRole, Edition, Enrolment, Persona


class PeopleMixin:
    """The part of `Host` about people and their places."""

    name_path = "first_name"  # the whole name stands there

    def time_zone(self, user_id: int) -> str | None:
        """The zone of the persona; ``None`` where there is none. One query."""
        zones = Persona.objects.filter(user_id=user_id).values_list("time_zone", flat=True)
        return zones.first() or None

    def language(self, user_id: int) -> str | None:
        """Nobody chose one."""

    def taught_base_keys(self, user_id: int) -> frozenset[CourseKey]:
        """The courses, editions left out, in which this person has a role. One query."""
        keys = CourseRole.objects.filter(user_id=user_id).values_list("course_key", flat=True)
        return frozenset(key for key in keys if not is_edition(key))

    def send_letter(self, user_id: int, letter: Letter) -> None:
        """To the address of the account."""
        self.send_letter_to(get_user_model().objects.values_list("email", flat=True).get(pk=user_id), letter)

    def send_letter_to(self, address: str, letter: Letter) -> None:
        """By Django's mailer, on plain paper; and as HTML what has it."""
        text = "\n\n".join([*letter.paragraphs, f"{letter.link_label}: {letter.link_path}"])
        link = format_html('<p><a href="{}">{}</a></p>', letter.link_path, letter.link_label)
        send_mail(letter.subject, text, None, [address], html_message=f"{letter.html}{link}" if letter.html else None)

    def enrolments(self, edition_keys: Collection[CourseKey], user_ids: Collection[int]) -> frozenset[HeldEnrolment]:
        """Every enrolment, active or not, of these people in these editions."""
        rows = Enrolment.objects.filter(course_key__in=edition_keys, user_id__in=user_ids)
        return frozenset(HeldEnrolment(row.course_key, row.user_id, row.is_active, row.is_ours) for row in rows)

    def apply_enrolments(self, wanted: Sequence[WantedEnrolment]) -> list[EnrolmentOutcome]:
        """Enrol and unenrol, one outcome a line; an enrolment that is not ours is never ended."""
        keys = {line.edition_key for line in wanted}
        user_ids = {line.user_id for line in wanted}
        known_ids = set(
            Edition.objects.filter(pk__in=[key.ccx for key in keys if is_edition(key)]).values_list("pk", flat=True)
        )
        accounts = set(get_user_model().objects.filter(pk__in=user_ids).values_list("pk", flat=True))
        rows = {
            (row.course_key, row.user_id): row
            for row in Enrolment.objects.filter(course_key__in=keys, user_id__in=user_ids)
        }
        outcomes = []
        for line in wanted:
            refusal = _refusal(line, known_ids, accounts)
            changed = not refusal and _bring_about(line, rows)
            outcomes.append(EnrolmentOutcome(line, changed, refusal))
        return outcomes


def _refusal(line: WantedEnrolment, known_ids: set[int], accounts: set[int]) -> str:
    if not is_edition(line.edition_key) or int(line.edition_key.ccx) not in known_ids:
        return f"There is no edition {line.edition_key}."
    if line.user_id not in accounts:
        return "There is no such account."
    return ""


def _bring_about(line: WantedEnrolment, rows: dict[tuple[CourseKey, int], Enrolment]) -> bool:
    """Make one line true in the tables and in `rows`; whether anything had to change."""
    row = rows.get((line.edition_key, line.user_id))
    if row is None:
        if line.is_active:
            rows[line.edition_key, line.user_id] = Enrolment.objects.create(
                course_key=line.edition_key, user_id=line.user_id, is_ours=True
            )
        return line.is_active
    if row.is_active == line.is_active or (row.is_active and not row.is_ours):
        return False
    row.is_active = line.is_active
    row.is_ours = True
    row.save(update_fields=["is_active", "is_ours"])
    return True
