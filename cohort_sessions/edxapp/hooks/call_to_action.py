"""
Repair: nobody is offered to try again where nothing more is taken.

In a self-paced course the platform shows at a problem that has closed, and above its unit, that deadlines were missed
and can be shifted. In an edition a problem closes with the session, which nobody can shift: where a person may only
read, the offer leads to a refusal. In a running edition it stays, and does what it says.
"""

from typing import Any

from crum import get_current_user
from openedx.features.personalized_learner_schedules.call_to_action import PersonalizedLearnerScheduleCallToAction
from xblock.core import XBlock

from cohort_sessions.edxapp.hooks.editions import course_key_of
from cohort_sessions.edxapp.hooks.visits import visit_of
from cohort_sessions.timeline import Entry

_stock_get_ctas = PersonalizedLearnerScheduleCallToAction.get_ctas


def offers(service: Any, block: XBlock, *args: Any, **kwargs: Any) -> list[dict]:
    """Return what the platform offers to do about `block`; nothing, where its edition takes no work of this person."""
    user = get_current_user()
    visit = None if user is None else visit_of(user.pk, course_key_of(block))
    if visit is not None and visit.edition.access.entry != Entry.FULL:
        return []
    return _stock_get_ctas(service, block, *args, **kwargs)


def install() -> None:
    """Stand in for the platform's method. Safe to call twice."""
    PersonalizedLearnerScheduleCallToAction.get_ctas = offers
