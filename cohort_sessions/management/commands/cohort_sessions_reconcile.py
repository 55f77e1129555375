"""``manage.py cohort_sessions_reconcile``: bring every edition on the platform to what our tables want."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cohort_sessions.data import SYSTEM
from cohort_sessions.models import CourseEdition
from cohort_sessions.operations.application import apply_edition, plan_edition


class Command(BaseCommand):
    """Repairs drift and finishes what a crash left; harmless to run at any time."""

    help = "Apply every edition to the platform, or show what would change. Run it in the LMS."

    def add_arguments(self, parser):
        """Which editions, and whether to act."""
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--session", metavar="CODE", help="only the editions of this session")

    def handle(self, *, dry_run: bool, session: str | None, **options):
        """One line an edition; the first failure does not stop the rest, and the exit code tells of it."""
        editions = CourseEdition.objects.order_by("pk")
        if session:
            editions = editions.filter(session__code=session)
        failed = 0
        for edition_id, edition_key in editions.values_list("pk", "edition_key"):
            line, is_well = self._reconcile(edition_id, dry_run=dry_run)
            failed += not is_well
            self.stdout.write(f"{edition_key}: {line}")
        if failed:
            raise CommandError(f"{failed} editions could not be brought to what is wanted; see the lines above.")

    def _reconcile(self, edition_id: int, *, dry_run: bool) -> tuple[str, bool]:
        try:
            if dry_run:
                report = plan_edition(edition_id, actor=SYSTEM, now=timezone.now())
            else:
                report = apply_edition(edition_id, actor=SYSTEM, now=timezone.now())
        except Exception as error:  # noqa: BLE001 (the other editions go on; the error is reported and kept)
            return f"failed: {error}", False
        if report.failed:
            return "failed: " + "; ".join(f"{failure.facet}: {failure.reason}" for failure in report.failed), False
        verb = "would change" if dry_run else "changed"
        return (f"{verb} " + ", ".join(report.changed)) if report.changed else "as wanted", True
