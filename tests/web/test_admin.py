"""Django's admin: everything to look at, nothing to get around the operations with."""

from __future__ import annotations

import pytest
from django.contrib.admin.sites import site
from django.test import RequestFactory
from django.urls import reverse

from cohort_sessions import api, models
from cohort_sessions.models import EditionResult
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db(databases="__all__")

READ_ONLY = (
    models.CohortSession,
    models.CourseEdition,
    models.GrantedRole,
    models.Member,
    models.MemberMove,
    models.Invitation,
    models.JoinRequest,
    models.Notice,
    models.SessionAgenda,
    models.SessionRepetition,
    models.EditionResult,
)
EDITED = (models.SessionCategory, models.ParallelGroup, models.AdministratorScope)


@pytest.fixture
def request_of_ada(make_user):
    """A request of a superuser."""
    request = RequestFactory().get("/")
    request.user = make_user("ada", is_staff=True)
    request.user.is_superuser = True
    request.user.save()
    return request


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_operations_keep_whole_is_read_only(model, request_of_ada):
    page = site._registry[model]
    assert [
        page.has_view_permission(request_of_ada),
        page.has_add_permission(request_of_ada),
        page.has_change_permission(request_of_ada),
        page.has_delete_permission(request_of_ada),
    ] == [True, False, False, False]
    for inline in page.get_inline_instances(request_of_ada):
        assert not inline.has_add_permission(request_of_ada)
        assert not inline.has_change_permission(request_of_ada)
        assert not inline.can_delete


def test_what_has_no_operation_is_edited_here(request_of_ada):
    assert all(site._registry[model].has_change_permission(request_of_ada) for model in EDITED)


def test_lists_and_rows_can_be_looked_at(request_of_ada, make_session, make_base_course, make_user, now):
    session = make_session(courses=[make_base_course()], members=[make_user("lea")], session_coaches=[make_user("ben")])
    session.editions.update(apply_error="outline: no structure")
    member, edition = session.members.get(), session.editions.get()
    result = EditionResult.objects.create(member=member, edition=edition, as_of=now)
    browser = signed_in(request_of_ada.user)
    for row in (session, edition, member, result):
        name = row._meta.model_name
        listed = browser.get(reverse(f"admin:cohort_sessions_{name}_changelist"))
        shown = browser.get(reverse(f"admin:cohort_sessions_{name}_change", args=[row.pk]))
        assert list(listed.context["cl"].result_list) == [row]
        assert shown.context["has_change_permission"] is False
        # What the platform could not do stands on every page about an edition.
        tells = "outline: no structure"
        assert (tells in shown.content.decode()) is (row in (session, edition))


def test_requests_moves_and_what_hangs_on_them_can_be_looked_at(
    request_of_ada, make_session, make_base_course, make_user, now
):
    lea, max_ = make_user("lea"), make_user("max")
    session = make_session("One", courses=[make_base_course()], members=[lea])
    other = make_session("Two", courses=[make_base_course()], capacity=1, joining="open")
    api.move_members(session, other, ["lea"], reason="Works nights.", actor=api.SYSTEM, now=now)
    api.join_session(other, actor=api.load_actor(max_, now=now), now=now)
    rows = [
        models.MemberMove.objects.get(),
        models.JoinRequest.objects.get(),
        models.Notice.objects.get(),
        models.SessionRepetition.objects.create(original=session, successor=other, made_at=now),
        models.SessionAgenda.objects.create(session=session, due_at=now),
    ]
    browser = signed_in(request_of_ada.user)
    for row in rows:
        name = row._meta.model_name
        listed = browser.get(reverse(f"admin:cohort_sessions_{name}_changelist"))
        assert row in listed.context["cl"].result_list
        shown = browser.get(reverse(f"admin:cohort_sessions_{name}_change", args=[row.pk]))
        assert shown.context["has_change_permission"] is False


def test_only_staff_with_the_right_looks(make_user):
    response = signed_in(make_user("lea")).get(reverse("admin:cohort_sessions_member_changelist"))
    assert response.status_code == 302


def test_a_scope_remembers_when_it_was_given(request_of_ada, make_user):
    page = site._registry[models.AdministratorScope]
    scope = models.AdministratorScope(user=make_user("greta"), organisation="Sea")
    page.save_model(request_of_ada, scope, form=None, change=False)
    given = scope.assigned_at
    page.save_model(request_of_ada, scope, form=None, change=True)
    assert (given is not None, scope.assigned_at) == (True, given)
