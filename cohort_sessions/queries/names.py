"""Naming people in the query that finds them: how a lookup reaches the name, and what stands in for a missing one."""

from __future__ import annotations

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, NullIf

from cohort_sessions.host import get_host


def name_of(account: str) -> Coalesce:
    """
    The name that other people may see of an account, else its username, as an expression to show, sort and search by.

    Args:
        account: the lookup that leads to the account, such as ``user``.
    """
    name = NullIf(F(f"{account}__{get_host().name_path}"), Value(""))
    return Coalesce(name, F(f"{account}__username"), output_field=CharField())
