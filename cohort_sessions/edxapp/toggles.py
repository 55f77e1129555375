"""The switches by which an operator turns a part of the plugin off, with what that costs."""

from edx_toggles.toggles import WaffleSwitch

# .. toggle_name: cohort_sessions.disable_field_override_repairs
# .. toggle_implementation: WaffleSwitch
# .. toggle_default: False
# .. toggle_description: Turns the repairs off by which the blocks of an edition are read. Editions are then read as
#   the platform reads any CCX course: the guard alone keeps learners out before the opening and after the close.
# .. toggle_warning: While it is on, due dates and attempt limits set for an edition are not enforced on answers,
#   problems close at the end of the base course, and answers posted straight to an XBlock handler are accepted in
#   editions that are hidden or have not started if the guard is off as well. Editions should be rebuilt with
#   ``./manage.py lms cohort_sessions_reconcile`` after it was turned on or off, since outlines, dates and block
#   structures are stored as they were read.
# .. toggle_use_cases: circuit_breaker
# .. toggle_creation_date: 2026-11-23
DISABLE_FIELD_OVERRIDE_REPAIRS = WaffleSwitch("cohort_sessions.disable_field_override_repairs", __name__)

# .. toggle_name: cohort_sessions.disable_guard
# .. toggle_implementation: WaffleSwitch
# .. toggle_default: False
# .. toggle_description: Turns off the guard, which asks at every door of the LMS whether this person may enter this
#   edition now. The platform then decides alone, by the edition's own dates, which are the earliest opening and the
#   latest close of all its learners.
# .. toggle_warning: While it is on, a member whose own window has not opened, or has closed, gets in with the others;
#   anybody who is enrolled reads and answers until the edition's last close; posts, notes and bookmarks are taken in
#   sessions that are read only; people without any relation to a session can see that its editions exist if they guess
#   the address; and the course team of the base course can change or delete an edition through the platform's CCX
#   pages and API.
# .. toggle_use_cases: circuit_breaker
# .. toggle_creation_date: 2026-11-23
DISABLE_GUARD = WaffleSwitch("cohort_sessions.disable_guard", __name__)
