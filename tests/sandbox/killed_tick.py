"""
Kill ``manage.py cohort_sessions_tick`` with SIGKILL at random points, and look what one more run makes of it.

A program of its own, for a database in a file and processes that really die: ``killed_tick.py DIRECTORY SEED TIMES``.
It prints, as JSON, how many SQL statements an undisturbed run takes, and the points, counted in statements, after
which one more run came to another state, each with what differed. Every run is a fork of this process, so that it
starts in an instant; it is killed before the statement of that number, or what lies between that and the one before.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.db import connection, models

DAY = timedelta(days=1)

# What is drawn by lot.
RANDOM = {"uuid", "enrolment_code"}
# Moments at which something was done, or that are counted from there: there or not there is what matters.
MOMENTS = {
    "applied_at",
    "assigned_at",
    "created_at",
    "due_at",
    "enrolled_at",
    "finished_at",
    "history_date",
    "locked_at",
    "made_at",
    "modified_at",
    "offer_expires_at",
    "removed_at",
    "requested_at",
    "seen_at",
    "sent_at",
}


def main(directory: Path, seed: int, times: int) -> None:
    """Build the world, run once undisturbed, then kill and repair `times` times."""
    settings.DATABASES["default"]["NAME"] = directory / "before.sqlite3"
    django.setup()
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = directory / "before"
    # Tables as the models are: their migrations are tested elsewhere, and take long.
    settings.MIGRATION_MODULES = {config.label: None for config in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)
    _build()
    connection.close()

    world = _World(directory, "undisturbed")
    statements = world.tick()
    wanted = world.state()
    differences = {}
    for point in sorted(random.Random(seed).sample(range(1, statements + 1), times)):
        world = _World(directory, f"killed-{point}")
        world.tick(kill_before=point)
        world.tick()
        found = world.state()
        if found != wanted:
            differences[point] = {
                name: [repr(wanted[name]), repr(rows)] for name, rows in found.items() if rows != wanted[name]
            }
    print(json.dumps({"statements": statements, "differences": differences}))  # noqa: T201 (its answer)


class _World:
    """A copy of the database as it was before, with a post office of its own."""

    def __init__(self, directory: Path, name: str):
        self.letters = directory / name
        self.letters.mkdir()
        self.database = directory / f"{name}.sqlite3"
        shutil.copyfile(directory / "before.sqlite3", self.database)

    def tick(self, *, kill_before: int = 0) -> int:
        """Run the command in a process of its own; how many statements it took, unless it was killed as asked."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                self._run(kill_before, writing)
            finally:
                os._exit(1)
        os.close(writing)
        with os.fdopen(reading) as answer:
            statements = answer.read()
        _child, status = os.waitpid(child, 0)
        if kill_before:
            assert os.WTERMSIG(status) == signal.SIGKILL
            return 0
        assert os.waitstatus_to_exitcode(status) == 0
        return int(statements)

    def _run(self, kill_before: int, answer: int) -> None:
        statements = 0

        def count(execute, *arguments):
            nonlocal statements
            statements += 1
            if statements == kill_before:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(*arguments)

        self._open()
        sys.stdout = sys.stderr
        with connection.execute_wrapper(count):
            execute_from_command_line(["manage.py", "cohort_sessions_tick", "--skip-checks"])
        os.write(answer, str(statements).encode())
        os._exit(0)

    def state(self) -> dict[str, list]:
        """Whole tables of the plugin and of the host, but for lots and moments; and who was mailed what, once each."""
        self._open()
        rows = {
            model.__name__: list(_rows(model)) for label in ("cohort_sessions", "sandbox") for model in _tables(label)
        }
        connection.close()
        mails = {mail for path in self.letters.iterdir() for mail in _mails(path)}
        return {**rows, "mails": sorted(mails)}

    def _open(self) -> None:
        settings.EMAIL_FILE_PATH = self.letters
        connection.close()
        connection.settings_dict["NAME"] = str(self.database)


def _tables(label: str) -> list[type[models.Model]]:
    return list(apps.get_app_config(label).get_models())


def _rows(model: type[models.Model]) -> Iterator[tuple]:
    names = [field.attname for field in model._meta.concrete_fields if field.attname not in RANDOM]
    for row in model._base_manager.order_by("pk").values_list(*names):
        yield tuple(
            str(value) if name not in MOMENTS else value is not None for name, value in zip(names, row, strict=True)
        )


def _mails(path: Path) -> Iterator[tuple[str, str]]:
    """To whom, and the subject, of each mail in a file; Django puts them one after another, each with a line below."""
    for text in path.read_text().split("-" * 79 + "\n")[:-1]:
        mail = message_from_string(text)
        yield str(mail["To"]), str(mail["Subject"])


def _build() -> None:
    """Something of everything that a tick can find."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from cohort_sessions import api
    from cohort_sessions.models import CohortSession, CourseEdition, JoinRequest, Notice, SessionAgenda
    from sandbox.publishing import publish_course

    now = timezone.now()
    by_system = {"actor": api.SYSTEM, "now": now - 10 * DAY}
    people = {name: get_user_model().objects.create_user(name, f"{name}@example.com") for name in ("lea", "ben", "max")}
    olx = '<course org="Example" course="Tides" url_name="2026" display_name="Tides"><chapter url_name="one"/></course>'
    base_key = publish_course(olx).course_key

    def make(title: str, **values) -> CohortSession:
        dates = {"opens_at": now - 30 * DAY, "closes_at": now + 30 * DAY}
        session = api.create_session(title=title, **(dates | values), **by_system)
        api.add_courses(session, [base_key], **by_system)
        api.enrol_members(session, ["lea"], **by_system)
        return api.publish_session(session, **by_system)

    hidden = make("Hidden at the end", after_close="hidden")
    api.enrol_members(hidden, ["ben"], **by_system)
    api.set_member_dates(hidden, ["ben"], extra_days=5, **by_system)
    put_away = make("Put away", archive_after_days=0)
    opening = make("Opening", opens_at=now + 9 * DAY)
    recurring = make("Recurring", repeat_every_days=30, repeat_lead_days=5, time_zone="Europe/Paris")
    api.assign_course_coaches(recurring.editions.get(), ["max"], **by_system)
    line = make("Line", capacity=1, offer_days=2, joining="open")
    for name in ("ben", "max"):
        api.join_session(line, actor=api.Actor(user_id=people[name].pk), now=by_system["now"])
    api.remove_members(line, ["lea"], **by_system)
    lost, failed = make("Lost its task"), make("Failed before")
    for session in CohortSession.objects.exclude(pk=opening.pk):
        api.advance_session(session.pk, **by_system)

    # And then time passes.
    CohortSession.objects.filter(pk__in=[hidden.pk, put_away.pk]).update(closes_at=now - DAY)
    CohortSession.objects.filter(pk=recurring.pk).update(closes_at=now + 3 * DAY)
    CohortSession.objects.filter(pk=opening.pk).update(opens_at=now - DAY)
    JoinRequest.objects.filter(offer_expires_at__isnull=False).update(offer_expires_at=now - DAY)
    SessionAgenda.objects.filter(session__in=[hidden, put_away, recurring, line]).update(due_at=now - DAY)
    CourseEdition.objects.filter(session=lost).update(wanted_revision=99)
    CourseEdition.objects.filter(session=failed).update(
        apply_error="On fire.", apply_failures=2, apply_again_at=now - DAY
    )
    Notice.objects.create(session=line, user=people["lea"], kind="request_declined", created_at=now - DAY)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
