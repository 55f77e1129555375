"""The host's own certificate of an edition: given to whom it is asked for, and read as it is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

pytestmark = pytest.mark.django_db(databases="__all__")


def test_it_is_given_in_one_edition_only(host, make_edition, make_user, enrol, certifiable):
    spring, autumn = (make_edition(session_title=title).edition_key for title in ("Spring", "Autumn"))
    lea, max_ = make_user("lea"), make_user("max")
    for key in (spring, autumn):
        enrol(key, lea, max_)
        certifiable(key)
    for _time in range(2):  # the second finds what the first has made
        assert host.give_certificates(spring, [lea.pk]) == {lea.pk: ""}
        [found] = host.certificates([spring, autumn], [lea.pk, max_.pk])
        assert (found.edition_key, found.user_id) == (spring, lea.pk)
        assert abs(found.given_at - now()) < timedelta(minutes=1)


def test_who_is_not_enrolled_gets_none_and_is_told(host, make_edition, make_user, certifiable):
    key, lea = make_edition().edition_key, make_user()
    certifiable(key)
    assert host.give_certificates(key, [lea.pk])[lea.pk] != ""
    assert host.certificates([key], [lea.pk]) == []
