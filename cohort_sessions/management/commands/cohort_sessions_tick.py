"""``manage.py cohort_sessions_tick``: bring about what time brings about, and try again what failed."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cohort_sessions.queries import due
from cohort_sessions.tasks import pass_time


class Command(BaseCommand):
    """For cron, where the platform has no Celery beat; harmless to run at any time, twice, or twice at once."""

    help = "Tell the platform of openings and closings, let lines move, finish, archive and repeat. Run it in the LMS."

    def add_arguments(self, parser):
        """Whether to act."""
        parser.add_argument("--dry-run", action="store_true", help="only say how much is due")

    def handle(self, *, dry_run: bool, **options):
        """One line, and one for each failure; the exit code tells of failures."""
        now = timezone.now()
        if dry_run:
            sessions, editions, notices, announcements, invitations, finals, exports = (
                query(now=now).count()
                for query in (
                    due.due_sessions,
                    due.due_editions,
                    due.due_notices,
                    due.due_announcements,
                    due.due_invitations,
                    due.due_finals,
                    due.due_exports,
                )
            )
            self.stdout.write(
                f"Due: sessions {sessions}, editions {editions}, notices {notices}, announcements {announcements}, "
                f"invitations {invitations}, results to be final {finals}, exports {exports}."
            )
            return
        report = pass_time(now=now)
        self.stdout.write(str(report))
        if report.failures:
            raise CommandError("\n".join(report.failures))
