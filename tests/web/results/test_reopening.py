"""Final results are opened again, and what the history of the session tells of that."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cohort_sessions.models import EditionResult
from cohort_sessions.queries.changes import ChangeFilter, ChangeKind, session_changes
from cohort_sessions.web.manage import change_words
from tests.web.conftest import signed_in
from tests.web.kit import NOTICE, address, errors, send
from tests.web.results.kit import THEN, edition, of_course

pytestmark = pytest.mark.django_db(databases="__all__")

PAGE_WAYS = "//p[@class='cs-form__ways']"


class TestReopening:
    """Opening final results again."""

    def test_asks_first_and_says_who(self, crew, people, visit):
        page = visit(f"{of_course(crew, page='reopen_results')}?who=ana&who=dan&search=a", people["greta"])
        assert page.words("//h1") == ["Reopen final results"]
        assert page.words("//section[1]/p") == [
            "Their results in “Tides” follow the platform again, from what it says now.",
            "They become final anew in 3 days, or so long after the member's end where that is still to come.",
            "What they were stays in the history.",
        ]
        assert page.words("//ul[@class='cs-people']/li") == ["A ana ana", "D dan dan"]
        (form,) = page.tree.xpath("//form[@method='post' and contains(@class, 'cs-form')]")
        sent = [pair for pair in form.form_values() if pair[0] != "csrfmiddlewaretoken"]
        assert sent == [("search", "a"), ("who", "ana"), ("who", "dan"), ("reason", "\n")]
        assert page.links(PAGE_WAYS) == {"Back without changes": f"{of_course(crew)}?search=a"}
        assert EditionResult.objects.filter(edition=edition(crew), final_at=None).count() == 2

    def test_does_it_and_answers_every_line(self, crew, people):
        url = of_course(crew, page="reopen_results")
        response, page = send(url, people["greta"], who=["ana", "dan", "eve"], reason="An appeal.", final="yes")
        assert response.redirect_chain == [(f"{of_course(crew)}?final=yes", 302)]
        assert page.words(NOTICE)[:2] == ["1 result was opened again", "1 line could not be done."]
        assert page.words("//ul[@class='cs-report__lines']/li") == [
            "eve Has no result in this course.",
            "dan Is not final.",
        ]
        row = EditionResult.objects.get(edition=edition(crew), member__user=people["ana"])
        assert (row.final_at, row.grading_policy) == (None, {})

    def test_takes_a_reason(self, crew, people):
        url = of_course(crew, page="reopen_results")
        _response, page = send(url, people["greta"], who="ana", reason="")
        assert errors(page) == {"reason": "This field is required."}
        assert EditionResult.objects.filter(edition=edition(crew), final_at=THEN).count() == 1

    def test_nobody_was_chosen(self, crew, people):
        response = signed_in(people["greta"]).get(of_course(crew, page="reopen_results"), {"sort": "-grade"})
        assert response.url == f"{of_course(crew)}?sort=-grade"

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_who_may(self, method, crew, people):
        url, sent = of_course(crew, page="reopen_results"), {"who": "ana", "reason": "Why not."}
        names = ("ben", "cleo", "ana", "sam")
        statuses = [getattr(signed_in(people[name]), method)(url, sent).status_code for name in names]
        assert statuses == [403, 403, 403, 404]
        elsewhere = address("reopen_results", crew, uuid=uuid4())
        assert getattr(signed_in(people["greta"]), method)(elsewhere, sent).status_code == 404
        assert EditionResult.objects.filter(edition=edition(crew), final_at=THEN).count() == 1

    @pytest.mark.parametrize(
        ("days", "sentence"),
        [
            (None, "They stay open: results of this session do not become final by themselves."),
            (0, "They become final anew at once, or with the member's end where that is still to come."),
        ],
    )
    def test_when_they_become_final_anew(self, days, sentence, crew, people, visit):
        type(crew).objects.filter(pk=crew.pk).update(results_final_after_days=days)
        page = visit(f"{of_course(crew, page='reopen_results')}?who=ana", people["greta"])
        assert page.words("//section[1]/p")[1] == sentence


class TestChanges:
    """Becoming final and being opened again stand in the history of the session."""

    def test_in_words(self, decided):
        lines = session_changes(decided, ChangeFilter(kind=ChangeKind.RESULTS), page=1)
        told = [
            (
                change.by.username if change.by else None,
                change_words.deed(change),
                str(change_words.concerned(change)),
                [detail.split(":")[0] for detail in change_words.details(change)],
                change.why,
            )
            for change in lines
        ]
        final = "Final: so many days after the end as the session gives."
        assert told == [
            (None, "Result made final", "<bdi>ana, Tides</bdi>", ["Final since"], final),
            ("greta", "Result opened again", "<bdi>ana, Tides</bdi>", ["Final since"], "An appeal."),
            (None, "Result made final", "<bdi>ana, Tides</bdi>", ["Final since"], final),
        ]

    def test_on_the_page_and_by_person(self, decided, people, visit):
        page = visit(f"{address('changes', decided)}?kind=results&person=ana", people["greta"])
        assert [line.split(" Final since")[0] for line in page.words("//tbody/tr/th")] == [
            "Result made final",
            "Result opened again",
            "Result made final",
        ]
        assert page.words("//option[@value='results']") == ["Results"]

    def test_nothing_else_of_results_is_told(self, crew, now):
        """Not that they came about, nor what else is written to a final one."""
        row = EditionResult.objects.get(edition=edition(crew), member__user__username="ana")
        row.certified_at = now
        row.save()
        assert list(session_changes(crew, ChangeFilter(kind=ChangeKind.RESULTS), page=1)) == []
