"""Settings for every kind of deployment: our defaults, and what the host must know from the start."""

from __future__ import annotations

from typing import Any

from cohort_sessions.settings import _host
from cohort_sessions.settings._merge import set_default


def plugin_settings(settings: Any) -> None:
    """Give our own settings their defaults, then tell the host what it must contain."""
    _set_defaults(settings)
    if _host.is_edxapp(settings):
        _host.require_hooks(settings)


def _set_defaults(settings: Any) -> None:
    # .. setting_name: COHORT_SESSIONS_HOST
    # .. setting_default: "cohort_sessions.edxapp.host.EdxappHost"
    # .. setting_description: Dotted path of the class through which the plugin reaches the platform it runs on.
    #   Nothing but the sandbox and tests have a reason to change it; while it does not name
    #   ``cohort_sessions.edxapp``, the plugin leaves the settings of the host alone and connects none of its hooks.
    set_default(settings, "COHORT_SESSIONS_HOST", _host.EDXAPP_HOST)

    # .. setting_name: COHORT_SESSIONS_SERVICE_USERNAME
    # .. setting_default: "cohort_sessions_service"
    # .. setting_description: The account that owns the CCX rows behind editions. The plugin makes it, without a
    #   password. It must not be a person's: the platform deletes a CCX with the account of its coach, and every result
    #   in it would be orphaned.
    set_default(settings, "COHORT_SESSIONS_SERVICE_USERNAME", "cohort_sessions_service")

    # .. setting_name: COHORT_SESSIONS_ROLE_MAP
    # .. setting_default: {"administrator": ["instructor", "data_researcher", "forum:Administrator"], "session_coach":
    #   ["staff", "data_researcher", "forum:Moderator"], "course_coach":
    #   ["staff", "data_researcher", "forum:Moderator"]}
    # .. setting_description: Which roles of the platform each role in a session's team brings, on the edition's own
    #   course key only and never on the base course. ``staff`` is needed to see the instructor dashboard,
    #   ``data_researcher`` to download from it; ``forum:`` stands before the roles of the edition's discussion.
    set_default(
        settings,
        "COHORT_SESSIONS_ROLE_MAP",
        {
            "administrator": ["instructor", "data_researcher", "forum:Administrator"],
            "session_coach": ["staff", "data_researcher", "forum:Moderator"],
            "course_coach": ["staff", "data_researcher", "forum:Moderator"],
        },
    )

    # .. setting_name: COHORT_SESSIONS_INVITATION_DAYS
    # .. setting_default: 60
    # .. setting_description: How many days an invitation to an e-mail address without an account stays open. It
    #   ends with its session in any case. Invitations that stand keep the end they were given.
    set_default(settings, "COHORT_SESSIONS_INVITATION_DAYS", 60)

    # .. setting_name: COHORT_SESSIONS_RESULTS_FINAL_AFTER_DAYS
    # .. setting_default: 30
    # .. setting_description: How many days after a member's end their results become final in sessions that are
    #   made from now on; each session can say otherwise. ``None``: never. From then on a result stays as it is,
    #   whatever becomes of the platform's grades.
    set_default(settings, "COHORT_SESSIONS_RESULTS_FINAL_AFTER_DAYS", 30)

    # .. setting_name: COHORT_SESSIONS_DEFAULT_LOCKS
    # .. setting_default: []
    # .. setting_description: Locks that every session has which is made from now on, until its session administrator
    #   releases them: any of ``schedule``, ``content_visibility``, ``tool_visibility``, ``content_edits``,
    #   ``grading_policy``, ``enrolment``, ``team``, ``announcements``. A session made after another has that one's.
    set_default(settings, "COHORT_SESSIONS_DEFAULT_LOCKS", [])

    # .. setting_name: COHORT_SESSIONS_HIDDEN_TOOLS
    # .. setting_default: ["wiki"]
    # .. setting_description: Tools of a course that learners of a session do not have unless its team shows them. The
    #   wiki is one because the platform has one for a base course and all its editions. Names are those of the
    #   platform's course tabs, ``page:`` before the slug of a page, and ``notes``, ``textbooks``, ``handouts``,
    #   ``updates``. Editions follow a change with ``manage.py cohort_sessions_reconcile``.
    set_default(settings, "COHORT_SESSIONS_HIDDEN_TOOLS", ["wiki"])

    # .. setting_name: COHORT_SESSIONS_EXPORT_AT_ONCE
    # .. setting_default: 500
    # .. setting_description: Up to how many members results are exported while the person waits. Of more, a task makes
    #   a file, which is kept where the platform keeps its grade reports (``GRADES_DOWNLOAD``).
    set_default(settings, "COHORT_SESSIONS_EXPORT_AT_ONCE", 500)

    # .. setting_name: COHORT_SESSIONS_EXPORT_HOURS
    # .. setting_default: 48
    # .. setting_description: How many hours such a file can be downloaded by who asked for it; then the tick deletes
    #   it. Files that were asked for before keep the end they were given.
    set_default(settings, "COHORT_SESSIONS_EXPORT_HOURS", 48)

    # .. setting_name: COHORT_SESSIONS_MATERIAL_MAX_MB
    # .. setting_default: 10
    # .. setting_description: How large a file may be that the team of a session gives its learners, in megabytes of
    #   1 048 576 bytes. Files are kept where the platform keeps its grade reports (``GRADES_DOWNLOAD``), and sent by
    #   the LMS to who may have them; the web server's own limit on requests must be higher.
    set_default(settings, "COHORT_SESSIONS_MATERIAL_MAX_MB", 10)

    # .. setting_name: COHORT_SESSIONS_MATERIAL_TYPES
    # .. setting_default: ["pdf", "txt", "csv", "docx", "xlsx", "pptx", "odt", "ods", "odp", "png", "jpg", "jpeg",
    #   "gif", "mp3", "mp4", "zip"]
    # .. setting_description: The endings that the name of such a file may have. Where the beginning of a file tells
    #   what it is, it must be what its name says. Files are only ever sent to be saved, never shown by the
    #   browser.
    set_default(
        settings,
        "COHORT_SESSIONS_MATERIAL_TYPES",
        [
            *("pdf", "txt", "csv", "docx", "xlsx", "pptx", "odt", "ods", "odp"),
            *("png", "jpg", "jpeg", "gif", "mp3", "mp4", "zip"),
        ],
    )

    # .. toggle_name: COHORT_SESSIONS_CERTIFICATES
    # .. toggle_implementation: DjangoSetting
    # .. toggle_default: False
    # .. toggle_description: Lets session administrators give the platform's certificate to members who have passed a
    #   course of a session, on the edition's own course key, through the platform's list of exceptions (its allowlist).
    #   The platform makes none for editions by itself.
    # .. toggle_warning: The platform must have certificates for the base course: ``CERTIFICATES_HTML_VIEW``, and an
    #   active certificate in Studio. Who is given one is enrolled in honor mode from then on, since the platform makes
    #   none in audit mode.
    # .. toggle_use_cases: opt_in
    # .. toggle_creation_date: 2026-11-29
    set_default(settings, "COHORT_SESSIONS_CERTIFICATES", value=False)

    # .. setting_name: COHORT_SESSIONS_ELEMENT_FIELDS
    # .. setting_default: {"html": ["display_name", "data"], "problem": ["display_name", "max_attempts", "weight"]}
    # .. setting_description: Which fields of what stands in the units of a course coaches may set for their session, by
    #   type of block. A field can be any text, number or yes-or-no of the content or the settings of any type of block,
    #   but for the source of a problem, which may contain programs. ``manage.py check`` says which cannot. What a field
    #   that is taken out again was set to comes to nothing with the next ``cohort_sessions_reconcile``.
    set_default(
        settings,
        "COHORT_SESSIONS_ELEMENT_FIELDS",
        {"html": ["display_name", "data"], "problem": ["display_name", "max_attempts", "weight"]},
    )

    # .. toggle_name: COHORT_SESSIONS_TRUST_COACH_HTML
    # .. toggle_implementation: DjangoSetting
    # .. toggle_default: False
    # .. toggle_description: Takes the HTML that coaches write into their sessions as it is. While it is off, whatever
    #   could run, or leave the place where it stands, is taken out: scripts, event handlers, styles, forms and frames.
    # .. toggle_warning: With it, coaches can run scripts in the browsers of their learners, as authors in Studio can.
    # .. toggle_use_cases: opt_in
    # .. toggle_creation_date: 2026-11-29
    set_default(settings, "COHORT_SESSIONS_TRUST_COACH_HTML", value=False)

    # .. setting_name: COHORT_SESSIONS_LMS_QUEUE
    # .. setting_default: None
    # .. setting_description: The Celery queue whose workers run LMS code, for work that begins in Studio and must be
    #   done in the LMS. ``None`` finds it by the platform's own names: Studio's default queue with ``.lms.`` in the
    #   place of ``.cms.``. Set it where your queues are named otherwise.
    set_default(settings, "COHORT_SESSIONS_LMS_QUEUE", None)
