"""``manage.py cohort_sessions_resync``: read results anew from the platform, and say what differed."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q, QuerySet
from django.utils import timezone
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from cohort_sessions.data import SYSTEM
from cohort_sessions.models import CourseEdition, Member
from cohort_sessions.operations.results import LedgerChange, resync_results


class Command(BaseCommand):
    """Repairs what no event brought; harmless to run at any time, and to stop: each line says how to go on."""

    help = "Read results of members anew from the platform, in batches, and say what differed. Run it in the LMS."

    def add_arguments(self, parser):
        """Whose results, and whether to act."""
        parser.add_argument("--session", metavar="CODE", help="only this session")
        parser.add_argument("--edition", metavar="KEY", help="only this edition, by its course key")
        parser.add_argument("--user", metavar="USERNAME", help="only this person")
        parser.add_argument("--batch", type=int, default=500, metavar="N", help="people read at a time (default: 500)")
        parser.add_argument("--after", metavar="E:M", help="go on after this place, as a run that was stopped named it")
        parser.add_argument("--dry-run", action="store_true", help="only say what differs")

    def handle(self, *, user, batch: int, after, dry_run: bool, **wanted):
        """A line for each result that differed, and one for each batch, once it is done."""
        if batch < 1:
            raise CommandError("--batch takes a number of people, at least 1.")
        first_edition, first_member = _place(after) if after else (0, 0)
        total = 0
        for edition in _editions(wanted["session"], wanted["edition"]).filter(pk__gte=first_edition):
            begin = first_member if edition.pk == first_edition else 0
            for members in _batches(edition, user, batch, after=begin):
                user_ids = list(members.values())
                changes = resync_results(edition, user_ids, write=not dry_run, actor=SYSTEM, now=timezone.now())
                for change in changes:
                    self.stdout.write(f"{edition.edition_key}: account {change.user_id}: {_said(change)}")
                total += len(changes)
                place = f"{edition.pk}:{max(members)}"
                self.stdout.write(f"Read {len(members)}, {len(changes)} differed; to go on: --after {place}")
        verb = "would change" if dry_run else "changed"
        self.stdout.write(f"Results that {verb}: {total}.")


def _editions(code: str | None, key: str | None) -> QuerySet[CourseEdition]:
    editions = CourseEdition.objects.select_related("session").order_by("pk")
    if code:
        editions = editions.filter(session__code=code)
    if key:
        editions = editions.filter(edition_key=_edition_key(key))
    if not editions.exists():
        raise CommandError("There is no such session or edition.")
    return editions


def _batches(edition: CourseEdition, username: str | None, size: int, *, after: int) -> Iterator[dict[int, int]]:
    """The members of the edition, from their rows' primary keys to their accounts, so many at a time."""
    whose = Q(user__username=username) if username else Q()
    members = Member.objects.filter(whose, session=edition.session).order_by("pk").values_list("pk", "user_id")
    while found := dict(members.filter(pk__gt=after)[:size]):
        yield found
        after = max(found)


def _said(change: LedgerChange) -> str:
    pairs = [f"{name} {_short(change.before[name])} -> {_short(value)}" for name, value in change.after.items()]
    said = ", ".join(pairs)
    return f"{said} (final: what counts stays)" if change.is_final else said


def _short(value: object) -> str:
    """Sections are many; how many is enough."""
    return f"{len(value)} sections" if isinstance(value, list) else str(value)


def _edition_key(text: str) -> CourseKey:
    try:
        return CourseKey.from_string(text)
    except InvalidKeyError as error:
        raise CommandError(f"--edition: {text} is no course key.") from error


def _place(text: str) -> tuple[int, int]:
    try:
        edition, member = map(int, text.split(":"))
    except ValueError as error:
        raise CommandError("--after takes two numbers, as the last run wrote them: 12:345.") from error
    return edition, member
