"""Giving the host's certificate to members who have passed."""

from __future__ import annotations

import pytest

from cohort_sessions import api
from cohort_sessions.data import SYSTEM, LineOutcome, TeamRole
from cohort_sessions.errors import NotAllowed, NotFound, WrongState
from cohort_sessions.models import EditionResult, Member
from cohort_sessions.operations.certificates import give_certificates
from cohort_sessions.queries.actors import load_actor
from tests.unit.conftest import NOW

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.COHORT_SESSIONS_CERTIFICATES = True


@pytest.fixture
def people(make_user):
    return {name: make_user(name) for name in ("lea", "max", "noor", "ada", "carl", "cleo")}


@pytest.fixture
def session(make_session, make_base_course, people):
    """Lea has passed and Max has not, in the first course; Noor has not begun."""
    first, second = make_base_course(title="Tides"), make_base_course(title="Stars")
    members = [people[name] for name in ("lea", "max", "noor")]
    session = make_session(courses=[first, second], members=members)
    edition = session.editions.first()
    by_system = {"actor": SYSTEM, "now": NOW}
    api.assign_session_team(session, TeamRole.ADMINISTRATOR, ["ada"], **by_system)
    api.assign_session_team(session, TeamRole.SESSION_COACH, ["carl"], **by_system)
    api.assign_course_coaches(edition, ["cleo"], **by_system)
    for name, grade in (("lea", 0.75), ("max", 0.25)):
        place = Member.objects.get(session=session, user=people[name])
        EditionResult.objects.create(member=place, edition=edition, grade=grade, passed=grade > 0.5, as_of=NOW)
    return session


@pytest.fixture
def edition(session):
    return session.editions.first()


def certified() -> list[str]:
    return list(
        EditionResult.objects.filter(certified_at__isnull=False).values_list("member__user__username", flat=True)
    )


def test_who_has_passed_gets_one_and_everybody_is_answered(edition, people):
    lines = ["lea", "max", "noor", "nobody"]
    assert give_certificates(edition, lines, actor=SYSTEM, now=NOW) == [
        LineOutcome("lea", ok=True, changed=True, message="The certificate is being made."),
        LineOutcome("max", ok=False, changed=False, message="Has not passed this course."),
        LineOutcome("noor", ok=False, changed=False, message="Has not passed this course."),
        LineOutcome(
            "nobody", ok=False, changed=False, message="No active account has this username or e-mail address."
        ),
    ]
    assert certified() == ["lea"]


def test_once_is_enough(edition, people):
    give_certificates(edition, ["lea"], actor=SYSTEM, now=NOW)
    assert give_certificates(edition, ["lea"], actor=SYSTEM, now=NOW) == [
        LineOutcome("lea", ok=True, changed=False, message="Has the certificate.")
    ]


def test_the_history_keeps_who_gave_it(edition, people):
    actor = load_actor(people["ada"], now=NOW)
    give_certificates(edition, ["lea"], actor=actor, now=NOW)
    line = EditionResult.history.latest("history_id")
    assert (line.history_user, line.history_date, line.certificate_given_at, line.history_change_reason) == (
        people["ada"],
        NOW,
        NOW,
        "Certificate given.",
    )


def test_the_hosts_refusal_is_answered_and_leaves_no_trace(edition, people, monkeypatch, host):
    monkeypatch.setattr(type(host), "give_certificates", lambda _self, _key, ids: dict.fromkeys(ids, "Not here."))
    lines_before = EditionResult.history.count()
    assert give_certificates(edition, ["lea"], actor=SYSTEM, now=NOW) == [
        LineOutcome("lea", ok=False, changed=False, message="Not here.")
    ]
    assert (certified(), EditionResult.history.count()) == ([], lines_before)


@pytest.mark.parametrize(
    ("name", "answer"), [("ada", None), ("carl", NotAllowed), ("cleo", NotAllowed), ("lea", NotAllowed)]
)
def test_administrators_give_them(edition, people, name, answer):
    actor = load_actor(people[name], now=NOW)
    if answer is None:
        assert give_certificates(edition, ["lea"], actor=actor, now=NOW)[0].ok
    else:
        with pytest.raises(answer):
            give_certificates(edition, ["lea"], actor=actor, now=NOW)
        assert certified() == []


def test_strangers_learn_nothing(edition, make_user):
    with pytest.raises(NotFound):
        give_certificates(edition, ["lea"], actor=load_actor(make_user("stranger"), now=NOW), now=NOW)


def test_only_where_operators_have_switched_it_on(edition, settings):
    settings.COHORT_SESSIONS_CERTIFICATES = False
    with pytest.raises(WrongState):
        give_certificates(edition, ["lea"], actor=SYSTEM, now=NOW)
    assert certified() == []
