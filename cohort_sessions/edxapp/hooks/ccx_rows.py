"""
Rows of editions stay what they are, whoever writes to the platform's CCX tables.

The platform's CCX REST API lets any staff member of a base course delete or overwrite the CCX rows over it.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from lms.djangoapps.ccx.models import CustomCourseForEdX

from cohort_sessions.edxapp.marker import parse_marker
from cohort_sessions.edxapp.protection import EditionIsProtected, is_discarding


def refuse_deletion(instance: CustomCourseForEdX, **_signal: Any) -> None:
    """
    Only this plugin deletes the row of an edition; that holds for the deletion of the service account, too, which would
    take all of them along.

    Raises:
        EditionIsProtected: somebody else does.
    """
    if parse_marker(instance.structure_json) is not None and not is_discarding():
        raise EditionIsProtected(
            _("“%(title)s” belongs to a session. Take the course out of the session instead of deleting it here.")
            % {"title": instance.display_name}
        )


def keep_marker(instance: CustomCourseForEdX, **_signal: Any) -> None:
    """A row that was marked as ours stays marked: without it, the edition would be read as a stock CCX."""
    if instance.pk is None or parse_marker(instance.structure_json) is not None:
        return
    stored = CustomCourseForEdX.objects.filter(pk=instance.pk).values_list("structure_json", flat=True).first()
    if parse_marker(stored) is not None:
        instance.structure_json = stored
