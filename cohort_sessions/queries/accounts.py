"""Accounts of the host by the names people type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

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


def addresses_in_use(addresses: Collection[str]) -> frozenset[str]:
    """
    Those of these addresses, given in lower case, that any active account has: as stored, and with MySQL in any case.
    One query; none for no addresses.
    """
    if not addresses:
        return frozenset()
    users = get_user_model().objects.filter(is_active=True, email__in=addresses)
    return frozenset(email.lower() for email in users.values_list("email", flat=True))


def account_of_address(address: str):
    """
    The one active account with this address, whatever its case; ``None`` for none, or several. One query.

    An account becomes active when its holder opens a link that was mailed to the address, or where the host trusts who
    signed them in to know it: an active account has proven its address.
    """
    sharing = list(get_user_model().objects.filter(is_active=True, email__iexact=address)[:2])
    return sharing[0] if len(sharing) == 1 else None
