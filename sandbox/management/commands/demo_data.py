"""``manage.py demo_data``: people, courses, sessions and results to look around in."""

from __future__ import annotations

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from cohort_sessions.models import EditionResult
from sandbox.demo.cast import CHARACTERS
from sandbox.demo.stage import perform, set_stage


class Command(BaseCommand):
    help = "Makes the demo, or brings it up to date; says whom to sign in as and what to look at."

    def handle(self, *args, **options):
        moment = now()
        set_stage(now=moment)
        perform(now=moment)
        self.stdout.write(self.style.MIGRATE_HEADING("Sign in by choosing a person. There are no passwords."))
        for character in CHARACTERS:
            self.stdout.write(f"  {character.name}, {character.headline.lower()}: {character.look_at}")
        self.stdout.write(self.style.MIGRATE_HEADING("Same course, same learner, two sessions:"))
        results = EditionResult.objects.filter(member__user__username="lea", grade__isnull=False)
        for result in results.select_related("edition__session").order_by("edition__session__opens_at"):
            line = (
                f"  {result.edition.session.title}: {result.grade:.0%}, {result.completed} of {result.completable} done"
            )
            self.stdout.write(f"{line} ({result.edition.edition_key})")
