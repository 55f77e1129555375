"""
Repair: an LTI tool hands in no score of a learner whose session takes none.

A tool sends scores on its own, whenever it likes, at addresses that know no account: the guard cannot say whose score
comes in, and blocks take late scores unless their author has unticked it. All protocols (LTI 1.1, 2.0, 1.3) end in one
method of the block, which knows the person; there the session is asked.
"""

from functools import wraps

from ccx_keys.locator import CCXLocator
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from lti_consumer.lti_xblock import LtiConsumerXBlock
from xmodule.lti_block import LTIBlock

from cohort_sessions.edxapp.hooks.editions import course_key_of, is_edition_key
from cohort_sessions.edxapp.hooks.keys import canonical
from cohort_sessions.queries.access import edition_access
from cohort_sessions.timeline import Entry

_METHOD = "set_user_module_score"
_MARK = "_cohort_sessions_stock"


def install() -> None:
    """Stand in for the method of both kinds of LTI blocks. Safe to call twice."""
    for block_class in (LtiConsumerXBlock, LTIBlock):
        stock = getattr(block_class, _METHOD)
        if not hasattr(stock, _MARK):
            setattr(block_class, _METHOD, asking(stock))


def asking(stock):
    """The method `stock`, but it raises ``PermissionDenied``, a 403 to the tool, where no score is taken."""

    @wraps(stock)
    def set_user_module_score(block, user, *args, **kwargs):
        course_key = course_key_of(block)
        if is_edition_key(course_key) and not _takes_work(canonical(course_key), user):
            raise PermissionDenied("The session takes no scores of this learner now.")
        return stock(block, user, *args, **kwargs)

    setattr(set_user_module_score, _MARK, stock)
    return set_user_module_score


def _takes_work(edition_key: CCXLocator, user: AbstractUser) -> bool:
    is_platform_admin = user.is_staff or user.is_superuser
    edition = edition_access(edition_key, user_id=user.pk, is_platform_admin=is_platform_admin, now=timezone.now())
    return edition is not None and edition.access.entry == Entry.FULL
