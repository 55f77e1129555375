"""The headings under which sessions stand together."""

from __future__ import annotations

from django.utils.translation import gettext as _

from cohort_sessions import permissions
from cohort_sessions.data import Actor
from cohort_sessions.errors import InvalidInput, NotAllowed
from cohort_sessions.models import SessionCategory


def open_category(name: str, *, actor: Actor) -> SessionCategory:
    """
    The category of this name, made where there is none, for somebody who is about to put a session into it
    (`create_session` and `edit_session` do, and their history tells of it). A category is nothing but its name, so
    making one is no event. Capital and small letters are the same, and so is white space of any length.

    Raises:
        NotAllowed: the actor manages no session and may create none.
        InvalidInput: the name is empty or too long.
    """
    name = " ".join(name.split())
    longest = SessionCategory._meta.get_field("name").max_length
    # Categories belong to no session and to nobody, so there is no object to ask about.
    if not permissions.allows_somewhere(actor, permissions.MANAGE_SESSION):
        raise NotAllowed(_("Only session administrators can manage sessions."))
    if not 0 < len(name) <= longest:
        raise InvalidInput({"category": _("Give a name of at most %(n)d letters.") % {"n": longest}})
    standing = SessionCategory.objects.filter(name__iexact=name).first()
    return standing or SessionCategory.objects.get_or_create(name=name)[0]
