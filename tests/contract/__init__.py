"""
What any host must do, as tests. They run on the sandbox (`make test`) and inside a real LMS (`make test-platform`),
unchanged.

**The kit.** The tests know a host only through the fixtures below. Each host supplies them in one module, its kit:
`tests.sandbox.kit` or `tests.platform.kit`; `tests/conftest.py` loads the one that belongs to the settings in force.

``host``
    The implementation under test, ``get_host()``.

``host_alone``
    While it is in use nobody asks the plugin's tables who may enter: an edition that belongs to no session can be
    visited, and what happens at its doors is the host's own doing. `make_edition` uses it.

``make_user(username="lea", *, is_staff=False) -> User``
    An account that can sign in. `is_staff`: administrator of the whole platform.

``make_base_course(*, title="Tides", window=Window(), due=None) -> CourseKey``
    A published course run, its own key at each call: one section, one subsection (graded), one unit, in it one text
    and one problem worth one point. Nothing else in it is graded or can be completed. `window`: the run's own start
    and end. `due`: the subsection's own deadline, a whole second; nothing else has one.

``make_foreign_enrolment(course_key, user) -> None``
    Enrol by the host's own means, as people are enrolled without this plugin.

``make_course_role(course_key, user, role) -> None``
    Make the person ``staff`` or ``instructor`` under exactly this course key by the host's own means.

``answer(course_key, user, *, correct=True) -> bool``
    Sign in as `user` and answer the problem through the host's real handler door, as a browser does. True when the
    host took the answer, that is when the door answered 2xx and the score in the host's tables is now the one for
    this answer.

``can_read(course_key, user) -> bool``
    Sign in as `user` and open the unit through the host's real page door. True when the text came back.

``stored(course_key, user) -> Stored``
    What the host's own tables hold of this person under exactly this course key; never asked through `host`.

``is_course_staff(course_key, user) -> bool``
    Whether the host gives this person staff rights under exactly this course key.

``title_of(course_key) -> str``
    The title the host shows for this key.

``retitle_base_course(base_key, title) -> None``, ``reschedule_base_course(base_key, due) -> None``
    Change the title, or the deadline of the subsection, as an author does; publish, and let everything run that a
    publish sets off in this process.

``due_of(course_key, user) -> datetime | None``
    When the subsection is due for this person, as the host tells them through one of its own doors.

``outline_of(course_key, user) -> list[str]``
    The titles of the sections and subsections that this person finds in the course, in reading order, as the host tells
    them through one of its own doors.

``block(course_key, kind) -> UsageKey``
    The section, subsection or unit (a `BlockKind`) of such a course, under this key.

``element(course_key, block_type) -> UsageKey``
    The text (``html``) or the problem (``problem``) of such a course, under this key.

``page_of(course_key, user) -> str``
    The HTML of the unit, as its real page door shows it to this person.

``rewrite_base_course(base_key, text) -> None``, ``shorten_base_course(base_key) -> None``
    Give the text other words, or take the text out of the course, as an author does; publish, and let everything run
    that a publish sets off in this process.

Work that the host does after commit or in a task has happened when a fixture returns. The tests need the database (mark
``django_db(databases="__all__")``) and make their editions with `make_edition` of `tests/contract/conftest.py`.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stored:
    """
    What a host's tables hold of one person in one course key.

    Attributes:
        is_enrolled: an active enrolment exists.
        answers: rows of problem state with an answer in them.
        score: points earned, ``None`` while no score is stored.
        completed: blocks stored as complete.
    """

    is_enrolled: bool = False
    answers: int = 0
    score: float | None = None
    completed: int = 0
