"""Who and what the demo is made of. All of it is invented; dates are days from the day on which the demo is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from cohort_sessions.data import TeamRole


@dataclass(frozen=True, slots=True)
class Character:
    """
    A person to sign in as.

    Attributes:
        look_at: what is worth looking at as them.
        authors: course names of `sandbox/courses` that they author.
    """

    username: str
    name: str
    headline: str
    look_at: str
    is_admin: bool = False
    time_zone: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Performance:
    """
    What a learner does in one course of a session: reads it from the beginning, and answers as they go.

    Attributes:
        day: on which they do it.
        right, wrong: so many answers are right, then so many wrong; then they stop.
    """

    username: str
    course: str
    day: int
    right: int
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Scene:
    """A session. `opens` (at 8:00 UTC), `closes` (at 20:00 UTC): days from today; ``None`` with `duration_days`."""

    code: str
    title: str
    description: str
    category: str
    organisation: str
    courses: tuple[str, ...]
    members: tuple[str, ...]
    team: tuple[tuple[TeamRole, str], ...]
    opens: int | None = None
    closes: int | None = None
    duration_days: int | None = None
    course_coaches: tuple[tuple[str, str], ...] = ()
    performances: tuple[Performance, ...] = field(default=())


CHARACTERS = (
    Character(
        "lea",
        "Lea Brandt",
        "Learner",
        "Same course, two sessions, two results: she finished Reading the tides with crew A (100 %) and takes it again "
        "with crew B (40 % so far). Crew C is to come.",
        time_zone="Europe/Berlin",
    ),
    Character("omar", "Omar Haddad", "Learner", "Crew B goes well; his thirty days of statistics are running."),
    Character("ines", "Inês Duarte", "Learner", "Crew A is over: she can still read everything, and answer nothing."),
    Character("yuki", "Yuki Tanaka", "Learner", "Has a place in crew B and has not begun."),
    Character(
        "nadia",
        "Nadia Petrova",
        "Session coach",
        "Coaches crews A, B and C as a whole, and enters crew C before it opens.",
    ),
    Character("felix", "Felix Oduya", "Course coach", "Coaches Bread from scratch in crew B, and nothing else."),
    Character("greta", "Greta Lind", "Session administrator", "Plans and runs every session here."),
    Character(
        "rosa",
        "Rosa Keller",
        "Course author",
        "Author's side: rename Reading the tides, publish, and see every edition follow.",
        authors=("tides", "bread"),
    ),
    Character("ada", "Ada Winter", "Platform administrator", "Sees everything.", is_admin=True),
    Character("sam", "Sam Rivers", "Nobody in particular", "Is in no session, and cannot tell that there are any."),
)

_COACH, _ADMINISTRATOR = TeamRole.SESSION_COACH, TeamRole.ADMINISTRATOR
_CREW_TEAM = ((_ADMINISTRATOR, "greta"), (_COACH, "nadia"))
_SAILING = "Sailing school"

SCENES = (
    Scene(
        "crew-a",
        "Crew A",
        "The crew of last season. Everything can still be read.",
        _SAILING,
        "Harbourside",
        courses=("tides",),
        members=("lea", "ines"),
        team=_CREW_TEAM,
        opens=-120,
        closes=-30,
        performances=(Performance("lea", "tides", -45, right=5), Performance("ines", "tides", -60, right=3, wrong=1)),
    ),
    Scene(
        "crew-b",
        "Crew B",
        "Tides in the morning, bread in the afternoon. We meet at the slipway on Saturdays.",
        _SAILING,
        "Harbourside",
        courses=("tides", "bread"),
        members=("lea", "omar", "yuki"),
        team=_CREW_TEAM,
        course_coaches=(("bread", "felix"),),
        opens=-20,
        closes=40,
        performances=(
            Performance("lea", "tides", -3, right=2, wrong=1),
            Performance("omar", "tides", -10, right=4, wrong=1),
            Performance("omar", "bread", -2, right=3),
        ),
    ),
    Scene(
        "crew-c",
        "Crew C",
        "Next season's crew.",
        _SAILING,
        "Harbourside",
        courses=("tides", "bread", "statistics"),
        members=("lea", "yuki"),
        team=_CREW_TEAM,
        opens=20,
        closes=80,
    ),
    Scene(
        "thirty-days-of-statistics",
        "Thirty days of statistics",
        "Begin when you like: your thirty days count from the first time you come in.",
        "Evening school",
        "Millrace",
        courses=("statistics",),
        members=("lea", "omar"),
        team=((_ADMINISTRATOR, "greta"),),
        duration_days=30,
        performances=(Performance("omar", "statistics", -6, right=2),),
    ),
)
