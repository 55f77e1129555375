"""Accounts of the host by the names people type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.contrib.auth import get_user_model
from django.db.models import Q


def accounts_named(names: Iterable[str], *, active_only: bool = True) -> Mapping[str, object]:
    """
    The account behind each line that names one, by the line as written: a username, or an e-mail address as stored
    or in lower case.

    Lines that name nobody are absent, and so are addresses that several accounts share. One query.
    """
    wanted = {name: name.strip() for name in names if name.strip()}
    if not wanted:
        return {}
    addresses = {written.lower() for written in wanted.values() if "@" in written}
    users = get_user_model().objects.filter(
        Q(username__in=set(wanted.values())) | Q(email__in=addresses | set(wanted.values()))
    )
    if active_only:
        users = users.filter(is_active=True)
    by_username, by_address = {}, {}
    for user in users:
        by_username[user.username] = user
        by_address.setdefault(user.email.lower(), []).append(user)
    found = {}
    for name, written in wanted.items():
        sharing = by_address.get(written.lower(), [])
        user = by_username.get(written) or (sharing[0] if len(sharing) == 1 else None)
        if user is not None:
            found[name] = user
    return found
