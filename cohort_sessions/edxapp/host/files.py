"""Files with personal data, kept where the platform keeps its own reports of grades."""

from __future__ import annotations

from django.core.files.storage import Storage


def private_storage() -> Storage:
    """
    The storage of grade reports, as the operator has set it (``GRADES_DOWNLOAD``): shared by web servers and workers,
    and closed to the public, since the platform's reports must be.
    """
    # Here, since it is an app of the LMS; nobody asks in Studio.
    from lms.djangoapps.instructor_task.models import ReportStore

    return ReportStore.from_config("GRADES_DOWNLOAD").storage
