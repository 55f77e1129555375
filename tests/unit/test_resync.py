"""``cohort_sessions_resync``: any part of the ledger is read anew, and it says what differed."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cohort_sessions.models import EditionResult, Member
from tests.unit.test_ledger import Platform, counts

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def platform(host, monkeypatch):
    platform = Platform()
    monkeypatch.setattr(type(host), "grades", lambda _self, *asked: platform.grades(*asked))
    monkeypatch.setattr(type(host), "progress", lambda _self, *asked: platform.progress(*asked))
    return platform


@pytest.fixture
def people(make_user):
    return [make_user(name) for name in ("ada", "ben", "cleo")]


@pytest.fixture
def editions(make_session, make_base_course, people, platform):
    """Of two sessions of one course; nothing of what was earned has arrived."""
    course = make_base_course()
    found = []
    for title in ("Spring", "Autumn"):
        found.append(make_session(title=title, courses=[course], members=people).editions.get())
        for user in people:
            platform.grade(found[-1], user, 0.5)
            platform.complete(found[-1], user, 2)
    return found


def resync(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("cohort_sessions_resync", *arguments, stdout=out)
    return out.getvalue().splitlines()


def test_it_says_what_differed_and_mends_it(editions, people, platform):
    resync()
    spring = editions[0]
    platform.grade(spring, people[1], 0.25)
    place = Member.objects.get(session=spring.session, user=people[2]).pk
    said = [
        f"{spring.edition_key}: account {people[1].pk}: grade 0.5 -> 0.25, letter Pass -> , passed True -> False",
        f"Read 3, 1 differed; to go on: --after {spring.pk}:{place}",
    ]
    assert resync("--session", "spring", "--dry-run") == [*said, "Results that would change: 1."]
    assert EditionResult.objects.filter(grade=0.25).count() == 0
    assert resync("--session", "spring") == [*said, "Results that changed: 1."]
    assert counts(EditionResult.objects.get(edition=spring, member__user=people[1])) == (0.25, "", False, 2, 4)
    assert resync("--session", "spring")[-1] == "Results that changed: 0."


EVERYBODY = {"ada", "ben", "cleo"}


@pytest.mark.parametrize(
    ("arguments", "restored"),
    [
        ((), {"Spring": EVERYBODY, "Autumn": EVERYBODY}),
        (("--session", "autumn"), {"Autumn": EVERYBODY}),
        (("--user", "ben"), {"Spring": {"ben"}, "Autumn": {"ben"}}),
        (("--session", "spring", "--user", "ada"), {"Spring": {"ada"}}),
    ],
    ids=["everything", "session", "user", "session and user"],
)
def test_only_the_part_that_was_asked_for(editions, arguments, restored):
    resync(*arguments, "--batch", "2")
    found: dict[str, set[str]] = {}
    for title, name in EditionResult.objects.values_list("edition__session__title", "member__user__username"):
        found.setdefault(title, set()).add(name)
    assert found == restored


def test_one_edition(editions):
    resync("--edition", str(editions[1].edition_key))
    assert set(EditionResult.objects.values_list("edition", flat=True)) == {editions[1].pk}


def test_a_run_that_was_stopped_goes_on_where_it_stopped(editions):
    lines = resync("--batch", "2")
    first = next(line for line in lines if line.startswith("Read"))
    EditionResult.objects.all().delete()
    resync("--batch", "2", "--after", first.rpartition(" ")[2])
    # The two of the first batch were done by the run that was stopped.
    assert EditionResult.objects.count() == 4
    assert EditionResult.objects.filter(edition=editions[0]).get().member.user.username == "cleo"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--session", "nowhere"), "There is no such session or edition."),
        (("--edition", "nonsense"), "--edition: nonsense is no course key."),
        (("--after", "12"), "--after takes two numbers, as the last run wrote them: 12:345."),
        (("--batch", "0"), "--batch takes a number of people, at least 1."),
    ],
    ids=str,
)
def test_bad_arguments_get_a_sentence(editions, arguments, sentence):
    with pytest.raises(CommandError) as refusal:
        resync(*arguments)
    assert str(refusal.value) == sentence
