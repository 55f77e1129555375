"""
Facets that say who may do what in an edition. Every role is on the edition's key; the base course and Studio never see
one.
"""

from __future__ import annotations

from collections import defaultdict

from django.conf import settings
from django.contrib.auth import get_user_model
from openedx.core.djangoapps.django_comment_common.models import FORUM_ROLE_ADMINISTRATOR, Role
from openedx.core.djangoapps.django_comment_common.utils import seed_permissions_roles

from cohort_sessions.edxapp.host.facets.base import Facet, FacetError
from cohort_sessions.edxapp.host.platform_roles import FORUM, PlatformRole, give_role, held_roles, take_role
from cohort_sessions.edxapp.host.state import EditionState
from cohort_sessions.models import GrantedRole


class ForumRoles(Facet):
    """The roles of the edition's discussion exist, as the platform seeds them for every course made in Studio."""

    name = "forum_roles"

    def differs(self, state: EditionState) -> bool:
        """Whether they were never seeded; the administrator's is the last to get its permissions. One query."""
        return not Role.objects.filter(course_id=state.spec.edition_key, name=FORUM_ROLE_ADMINISTRATOR).exists()

    def bring_about(self, state: EditionState) -> None:
        """Seed them."""
        seed_permissions_roles(state.spec.edition_key)


class TeamRoles(Facet):
    """
    Everybody of the team has the platform's roles that ``COHORT_SESSIONS_ROLE_MAP`` gives their team roles, on the
    edition's key.

    What we granted is recorded, with its reasons; roles that people had already are theirs and stay when they leave the
    team. Accounts that are not active get none, as everywhere on the platform.
    """

    name = "team_roles"

    def differs(self, state: EditionState) -> bool:
        """Whether a role is missing, or one of ours is held for another reason or none. Four queries."""
        wanted, held, recorded = self._look(state)
        ours = {grant: reasons for grant, reasons in wanted.items() if grant in recorded}
        return bool(wanted.keys() - held) or ours != recorded

    def bring_about(self, state: EditionState) -> None:
        """
        Take back what nobody wants any more, grant what is missing, record both. Roles of a discussion that could not
        be made ready are left to the next run.

        Raises:
            FacetError: the role map names a role that the discussion does not have.
        """
        wanted, held, recorded = self._look(state)
        if ForumRoles.name in state.failed_facets:
            wanted = {grant: reasons for grant, reasons in wanted.items() if not grant[1].startswith(FORUM)}
            recorded = {grant: reasons for grant, reasons in recorded.items() if not grant[1].startswith(FORUM)}
        edition_key = state.spec.edition_key
        for user_id, role in sorted(recorded.keys() - wanted.keys()):
            take_role(edition_key, user_id, role)
            self._record(edition_key, user_id, role).delete()
        for user_id, role in sorted(wanted.keys() - held):
            self._give(edition_key, user_id, role)
        for (user_id, role), reasons in wanted.items():
            if (user_id, role) in recorded:
                self._record(edition_key, user_id, role).update(reasons=reasons)
            elif (user_id, role) not in held:
                GrantedRole.objects.create(
                    edition_key=edition_key, user_id=user_id, platform_role=role, reasons=reasons
                )

    def _look(self, state: EditionState) -> tuple[dict[PlatformRole, str], set[PlatformRole], dict[PlatformRole, str]]:
        """What is wanted, with its reasons; what the team has; what we gave people, with the reasons recorded."""
        wanted = self._wanted(state)
        recorded = GrantedRole.objects.filter(edition_key=state.spec.edition_key)
        return (
            wanted,
            held_roles(state.spec.edition_key, {user_id for user_id, _role in wanted}),
            {(row.user_id, row.platform_role): row.reasons for row in recorded},
        )

    def _wanted(self, state: EditionState) -> dict[PlatformRole, str]:
        team = state.spec.team
        accounts = get_user_model().objects.filter(pk__in={grant.user_id for grant in team}, is_active=True)
        active = set(accounts.values_list("pk", flat=True)) if team else set()
        reasons: dict[PlatformRole, set[str]] = defaultdict(set)
        for grant in team:
            for role in settings.COHORT_SESSIONS_ROLE_MAP.get(grant.role.value, ()):
                if grant.user_id in active:
                    reasons[grant.user_id, role].add(grant.role.value)
        return {grant: ",".join(sorted(names)) for grant, names in reasons.items()}

    @staticmethod
    def _give(edition_key, user_id: int, role: str) -> None:
        try:
            give_role(edition_key, user_id, role)
        except Role.DoesNotExist as missing:
            raise FacetError(
                f"COHORT_SESSIONS_ROLE_MAP names {role}, and the discussion has no role "
                f"{role.removeprefix(FORUM)}. Its roles are Administrator, Moderator, Group Moderator, Community TA."
            ) from missing

    @staticmethod
    def _record(edition_key, user_id: int, role: str):
        return GrantedRole.objects.filter(edition_key=edition_key, user_id=user_id, platform_role=role)
