"""Sessions that are offered side by side: who is in two of them, and who may make them so."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cohort_sessions import permissions
from cohort_sessions.data import Actor, MemberStatus
from cohort_sessions.models import CohortSession, JoinRequest, Member, ParallelGroup


def taken_in_parallel(session: CohortSession, user_ids: Collection[int]) -> dict[int, str]:
    """
    Who of these people has a place, or stands in line, in another session of the same parallel group, and its title.

    None for a session without a group, and no query then.
    """
    if session.parallel_group_id is None:
        return {}
    others = CohortSession.objects.filter(parallel_group_id=session.parallel_group_id).exclude(pk=session.pk)
    people = Q(user_id__in=user_ids, session__in=others)
    members = Member.objects.filter(people, status=MemberStatus.ACTIVE.value)
    requests = JoinRequest.objects.filter(people)
    return {
        user_id: title
        for rows in (requests, members)
        for user_id, title in rows.order_by().values_list("user_id", "session__title")
    }


def doubled_faults(session: CohortSession) -> dict[str, str]:
    """What keeps a session from entering its group: people with a place, or in line, in it and in another one."""
    people = set(session.members.filter(status=MemberStatus.ACTIVE.value).values_list("user_id", flat=True))
    people |= set(session.requests.values_list("user_id", flat=True))
    doubled = len(taken_in_parallel(session, people))
    if not doubled:
        return {}
    sentence = ngettext(
        "%(n)d person has a place, or waits, in another session of this group as well.",
        "%(n)d people have a place, or wait, in another session of this group as well.",
        doubled,
    )
    return {"parallel_group": sentence % {"n": doubled}}


def name_faults(name: str) -> dict[str, str]:
    """What keeps a name from being that of a group: it is empty or too long."""
    longest = ParallelGroup._meta.get_field("name").max_length
    if 0 < len(name) <= longest:
        return {}
    return {"parallel_group": _("Give a name of at most %(n)d letters.") % {"n": longest}}


def foreign_faults(group: ParallelGroup, *, actor: Actor) -> dict[str, str]:
    """
    What keeps the actor from putting a session into the group: it has sessions, and they manage none of them. Its
    members would be kept out of the actor's session, and told of it.
    """
    managed = permissions.rows(actor, permissions.MANAGE_SESSION, group.sessions.all())
    if managed.exists() or not group.sessions.exists():
        return {}
    return {"parallel_group": _("This name is taken by sessions that you do not manage. Choose another.")}
