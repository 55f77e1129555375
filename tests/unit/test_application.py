"""The platform follows what we want: applying, failing, repairing and relaying."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cohort_sessions import api, tasks
from cohort_sessions.data import SYSTEM, Actor, EditionState
from cohort_sessions.errors import NotAllowed, NotFound
from cohort_sessions.host import ApplyReport, EnrolmentOutcome, FacetFailure
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def edition(make_session, make_base_course, make_user):
    """One applied edition with one learner, Lea, open for ever."""
    session = make_session(
        courses=[make_base_course(title="Tides")], members=[make_user("lea")], opens_at=None, closes_at=None
    )
    return session.editions.get()


@pytest.fixture
def broken(host, monkeypatch):
    """Break one method of the real host; the rest stays real."""

    def put(method: str, replacement) -> None:
        monkeypatch.setattr(type(host), method, replacement)

    return put


def outbox(edition) -> tuple:
    """What the edition says of itself."""
    edition.refresh_from_db()
    return edition.state, edition.apply_error, edition.wanted_revision - edition.applied_revision


class TestApply:
    """One path for creating, changing and repairing."""

    def test_applying_again_changes_nothing(self, edition):
        report = api.apply_edition(edition.pk, actor=SYSTEM, now=NOW)
        assert (report.changed, report.failed) == ((), ())
        assert outbox(edition) == (EditionState.READY, "", 0)

    def test_a_failed_facet_is_kept_and_its_revision_is_not_confirmed(self, edition, broken):
        failing = ApplyReport(failed=(FacetFailure("outline", "No structure."), FacetFailure("roles", "No such role.")))
        broken("apply_edition", lambda _self, _spec: failing)
        edition.session.editions.update(wanted_revision=99)
        assert api.apply_edition(edition.pk, actor=SYSTEM, now=NOW) == failing
        state, error, _behind = outbox(edition)
        assert (state, error) == (EditionState.FAILED, "outline: No structure.\nroles: No such role.")
        assert edition.applied_revision < 99

    def test_what_the_host_raises_is_kept_and_raised(self, edition, broken):
        def explode(_self, _spec):
            raise RuntimeError("The platform is on fire.")

        broken("apply_edition", explode)
        with pytest.raises(RuntimeError):
            api.apply_edition(edition.pk, actor=SYSTEM, now=NOW)
        assert outbox(edition)[:2] == (EditionState.FAILED, "The platform is on fire.")

    def test_a_refused_enrolment_is_told_and_does_not_hold_up_the_edition(self, edition, broken):
        broken(
            "apply_enrolments",
            lambda _self, wanted: [
                EnrolmentOutcome(line, changed=False, refusal="Account blocked.") for line in wanted
            ],
        )
        api.apply_edition(edition.pk, actor=SYSTEM, now=NOW)
        error = "1 person could not be enrolled: Account blocked."
        assert outbox(edition) == (EditionState.FAILED, error, 0)

    def test_a_change_made_meanwhile_is_applied_too(self, edition, host, broken, title_of):
        real, specs = type(host).apply_edition, []

        def rename_meanwhile(self, spec):
            specs.append(spec.session_title)
            if len(specs) == 1:
                api.edit_session(edition.session, title="Summer", actor=SYSTEM, now=NOW)
            return real(self, spec)

        broken("apply_edition", rename_meanwhile)
        api.apply_edition(edition.pk, actor=SYSTEM, now=NOW)
        assert specs == ["Spring", "Summer"]
        assert title_of(edition.edition_key) == "Tides - Summer"
        assert outbox(edition) == (EditionState.READY, "", 0)

    def test_only_those_who_manage_the_session(self, edition, coach_of):
        with pytest.raises(NotAllowed):
            api.apply_edition(edition.pk, actor=coach_of(edition.session), now=NOW)
        with pytest.raises(NotFound):
            api.plan_edition(edition.pk, actor=Actor(), now=NOW)


class TestTasks:
    """Doors for work that waits."""

    def test_a_confirmed_revision_is_not_applied_twice(self, edition, broken):
        applied = []
        broken("apply_edition", lambda _self, spec: applied.append(spec.revision) or ApplyReport())
        edition.refresh_from_db()
        tasks.apply_edition(edition_id=edition.pk, revision=edition.applied_revision)
        assert applied == []
        edition.session.editions.update(apply_error="Broken.")
        tasks.apply_edition(edition_id=edition.pk, revision=edition.applied_revision)
        tasks.apply_edition(edition_id=edition.pk)
        assert applied == [edition.wanted_revision] * 2

    def test_an_edition_that_is_gone_is_no_error(self):
        tasks.apply_edition(edition_id=404, revision=1, argument_of_a_later_release=True)

    def test_a_publish_reaches_every_edition_of_that_course_only(self, make_session, make_base_course, host, broken):
        tides, stars = make_base_course(), make_base_course()
        sessions = [make_session(courses=[tides]), make_session(courses=[tides, stars])]
        applied = []
        broken("apply_edition", lambda _self, spec: applied.append(spec.edition_key) or ApplyReport())
        tasks.relay_publish(base_key=str(tides))
        assert applied == [session.editions.get(base_key=tides).edition_key for session in sessions]

    @pytest.mark.parametrize(
        ("settings_there", "queue"),
        [
            ({}, None),
            ({"SERVICE_VARIANT": "lms", "CELERY_DEFAULT_QUEUE": "edx.lms.core.default"}, None),
            ({"SERVICE_VARIANT": "cms", "CELERY_DEFAULT_QUEUE": "edx.cms.core.default"}, "edx.lms.core.default"),
            ({"SERVICE_VARIANT": "cms", "CELERY_DEFAULT_QUEUE": "everything"}, "everything"),
            ({"COHORT_SESSIONS_LMS_QUEUE": "sessions"}, "sessions"),
        ],
        ids=["no platform", "the LMS", "Studio", "one queue", "told"],
    )
    def test_the_queue_of_the_lms(self, settings_there, queue, settings, monkeypatch):
        for name, value in settings_there.items():
            setattr(settings, name, value)
        sent = []
        monkeypatch.setattr(tasks.relay_publish, "apply_async", lambda **options: sent.append(options))
        tasks.send(tasks.relay_publish, base_key="k")
        assert sent == [{"kwargs": {"base_key": "k"}, "queue": queue, "countdown": None}]


class TestReconcile:
    """The command that finishes what a crash left."""

    def reconcile(self, *arguments) -> str:
        out = StringIO()
        call_command("cohort_sessions_reconcile", *arguments, stdout=out)
        return out.getvalue()

    def test_finishes_what_was_never_applied(self, make_session, make_base_course):
        session = make_session(publish=False)
        api.add_courses(session, [make_base_course(title="Tides")], actor=SYSTEM, now=NOW)
        edition = session.editions.get()
        assert outbox(edition) == (EditionState.PREPARING, "", 1)
        planned = self.reconcile("--dry-run")
        assert planned.startswith(f"{edition.edition_key}: would change ")
        assert outbox(edition) == (EditionState.PREPARING, "", 1)
        assert self.reconcile() == planned.replace("would change", "changed")
        assert outbox(edition) == (EditionState.READY, "", 0)
        assert self.reconcile("--session", session.code) == f"{edition.edition_key}: as wanted\n"
        assert self.reconcile("--session", "another") == ""

    def test_one_failure_does_not_stop_the_rest(self, make_session, make_base_course, host, broken):
        keys = [make_session(courses=[make_base_course()]).editions.get().edition_key for _ in range(3)]
        real = type(host).apply_edition

        def fail_some(self, spec):
            if spec.edition_key == keys[0]:
                raise RuntimeError("On fire.")
            if spec.edition_key == keys[1]:
                return ApplyReport(failed=(FacetFailure("outline", "No structure."),))
            return real(self, spec)

        broken("apply_edition", fail_some)
        out = StringIO()
        with pytest.raises(CommandError, match="2 editions"):
            call_command("cohort_sessions_reconcile", stdout=out)
        assert out.getvalue().splitlines() == [
            f"{keys[0]}: failed: On fire.",
            f"{keys[1]}: failed: outline: No structure.",
            f"{keys[2]}: as wanted",
        ]
