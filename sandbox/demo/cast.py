"""Who and what the demo is made of. All of it is invented; dates are days from the day on which the demo is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cohort_sessions.data import Joining, TeamRole


@dataclass(frozen=True, slots=True)
class Character:
    """
    A person to sign in as.

    Attributes:
        look_at: what is worth looking at as them.
        plans_everything: whether they are session administrator of all sessions.
        authors: course names of `sandbox/courses` that they author.
    """

    username: str
    name: str
    headline: str
    look_at: str
    is_admin: bool = False
    plans_everything: bool = False
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
class Notice:
    """Something announced to a session, so many days from today at 9:00 UTC."""

    title: str
    text: str
    day: int
    is_pinned: bool = False


@dataclass(frozen=True, slots=True)
class Handout:
    """What a session gives its learners: a link, or a text file of this name."""

    title: str
    url: str = ""
    file_name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """
    A session. `opens` (at 8:00 UTC), `closes` (at 20:00 UTC): days from today; ``None`` with `duration_days`.

    Attributes:
        terms: other fields of the session, such as its seats and how people join.
        enrolment_closes: days from today, at 20:00 UTC; ``None`` does not end it.
        parallel_group: its name; empty for none.
        requires: code of a session further up that must be finished; empty for none.
        asks: who asks for a place, in this order.
        approved: who of them has been let in, or onto the waiting list.
        extra_days: who has more days than the others, how many, and why.
        notices, handouts: what its team announces, and gives its learners.
    """

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
    terms: Mapping[str, object] = field(default_factory=dict)
    enrolment_closes: int | None = None
    parallel_group: str = ""
    requires: str = ""
    asks: tuple[str, ...] = ()
    approved: tuple[str, ...] = ()
    extra_days: tuple[tuple[str, int, str], ...] = ()
    notices: tuple[Notice, ...] = ()
    handouts: tuple[Handout, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody goes from one session to another, after what they did in the first."""

    username: str
    origin: str
    destination: str
    reason: str


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
    Character(
        "ines",
        "Inês Duarte",
        "Learner",
        "Crew A is over: she can still read everything, and answer nothing. She waits for a seat in crew D.",
    ),
    Character("yuki", "Yuki Tanaka", "Learner", "Has a place in crew B and has not begun."),
    Character("tomas", "Tomás Vega", "Learner", "Was moved to crew B; what he did before is in his history."),
    Character(
        "nadia",
        "Nadia Petrova",
        "Session coach",
        "Coaches crews A, B and C as a whole, and enters crew C before it opens. Harbour pilots ends in five days, "
        "and most of its learners need her.",
    ),
    Character("felix", "Felix Oduya", "Course coach", "Coaches Bread from scratch in crew B, and nothing else."),
    Character(
        "greta",
        "Greta Lind",
        "Session administrator",
        "Plans and runs every session here. Galley nights has people who ask, wait, and were given more days.",
        plans_everything=True,
    ),
    Character(
        "rosa",
        "Rosa Keller",
        "Course author",
        "Author's side: rename Reading the tides, publish, and see every edition follow.",
        authors=("tides", "bread"),
    ),
    Character(
        "ada", "Ada Winter", "Platform administrator", "Sees everything.", time_zone="Europe/Berlin", is_admin=True
    ),
    Character(
        "sam",
        "Sam Rivers",
        "Nobody in particular",
        "Is in no session yet. Finds some to join: at once, by asking, by a code, or by waiting for a seat.",
    ),
)

# Learners in no session, for pasting a class into one: username and name. They are signed in by username.
CLASS = (
    ("aino", "Aino Salmi"),
    ("bao", "Bao Nguyen"),
    ("carla", "Carla Ferri"),
    ("dmitri", "Dmitri Orlov"),
    ("elif", "Elif Kaya"),
    ("farid", "Farid Rahimi"),
    ("gwen", "Gwen Pryce"),
    ("hana", "Hana Kimura"),
    ("ivo", "Ivo Marek"),
    ("jana", "Jana Novak"),
    ("kofi", "Kofi Mensah"),
    ("liam", "Liam Doyle"),
    ("mira", "Mira Bose"),
    ("noor", "Noor Saleh"),
    ("otto", "Otto Berg"),
    ("pilar", "Pilar Ruiz"),
    ("quinn", "Quinn Abbott"),
    ("rafael", "Rafael Lima"),
    ("sana", "Sana Mirza"),
    ("timo", "Timo Laine"),
    ("uma", "Uma Pillai"),
    ("vera", "Vera Costa"),
    ("wanda", "Wanda Zielska"),
    ("xavi", "Xavi Soler"),
    ("yara", "Yara Nasser"),
    ("zoltan", "Zoltan Varga"),
    ("anders", "Anders Holm"),
    ("bruna", "Bruna Alves"),
    ("chidi", "Chidi Okafor"),
    ("delia", "Delia Popa"),
)

# A class in the middle of its session, whose coach has somebody to look after: username and name.
PILOTS = (
    ("astrid", "Astrid Moe"),
    ("bilal", "Bilal Aziz"),
    ("celia", "Célia Fonseca"),
    ("davor", "Davor Babić"),
    ("esra", "Esra Demir"),
    ("fiona", "Fiona Walsh"),
    ("goran", "Goran Ilić"),
    ("heidi", "Heidi Frank"),
    ("idris", "Idris Cole"),
    ("juno", "Juno Park"),
    ("karim", "Karim Said"),
    ("lucia", "Lucía Prado"),
    ("malte", "Malte Brink"),
    ("nia", "Nia Owens"),
)

_COACH, _ADMINISTRATOR = TeamRole.SESSION_COACH, TeamRole.ADMINISTRATOR
_GRETA = ((_ADMINISTRATOR, "greta"),)
_CREW_TEAM = (*_GRETA, (_COACH, "nadia"))
_CHOOSE_ONE = "Statistics this spring"
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
        notices=(
            Notice(
                "We meet at the slipway",
                "Every Saturday at **8:00**, whatever the weather.\n\n- Bring a coat and something warm to drink.\n"
                "- Who cannot come tells [the harbour office](https://example.com/harbour-office).",
                day=-1,
                is_pinned=True,
            ),
        ),
        handouts=(
            Handout("Tide tables of this year", url="https://example.com/tide-tables"),
            Handout(
                "What to pack",
                file_name="packing-list.txt",
                text="A coat\nGloves\nA flask of tea\nThe chart of the harbour\n",
            ),
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
        team=_GRETA,
        duration_days=30,
        performances=(Performance("omar", "statistics", -6, right=2),),
    ),
    Scene(
        "galley-nights",
        "Galley nights",
        "Baking for a crew of forty, at night, in a moving kitchen.",
        _SAILING,
        "Harbourside",
        courses=("bread",),
        members=("omar", "ines", "tomas"),
        team=_CREW_TEAM,
        opens=-12,
        closes=18,
        performances=(Performance("tomas", "bread", -9, right=2),),
        terms={"joining": Joining.APPROVAL.value, "capacity": 3, "offer_days": 5},
        asks=("rosa", "yuki", "felix"),
        approved=("rosa", "felix"),
        extra_days=(("ines", 7, "At sea until the end of the month."),),
    ),
    Scene(
        "harbour-pilots",
        "Harbour pilots",
        "Tides for those who bring others in, and bread for those who come off watch.",
        _SAILING,
        "Harbourside",
        courses=("tides", "bread"),
        members=tuple(username for username, _name in PILOTS),
        team=_CREW_TEAM,
        opens=-24,
        closes=5,
        performances=(
            Performance("astrid", "tides", -20, right=5),
            Performance("bilal", "tides", -16, right=3),
            Performance("celia", "tides", -9, right=1),
            Performance("astrid", "bread", -12, right=2),
        ),
    ),
    Scene(
        "crew-d",
        "Crew D",
        "Two seats, one boat, three weeks along the coast. Seats are given in the order in which people come.",
        _SAILING,
        "Harbourside",
        courses=("tides", "bread"),
        members=("omar", "yuki"),
        team=_GRETA,
        opens=15,
        closes=36,
        terms={"joining": Joining.OPEN.value, "capacity": 2},
        enrolment_closes=12,
        asks=("ines",),
    ),
    Scene(
        "second-season",
        "Second season",
        "For those who have sailed a season with us: longer passages, stronger tides.",
        _SAILING,
        "Harbourside",
        courses=("tides",),
        members=(),
        team=_GRETA,
        opens=50,
        closes=110,
        terms={"joining": Joining.OPEN.value},
        requires="crew-a",
    ),
    Scene(
        "lock-keepers",
        "Lock keepers",
        "For the staff of the canal; the code, SPRINGTIDE, hangs in every lock house.",
        "Evening school",
        "Millrace",
        courses=("tides", "statistics"),
        members=(),
        team=_GRETA,
        opens=-2,
        closes=60,
        terms={"joining": Joining.CODE.value, "enrolment_code": "SPRINGTIDE"},
    ),
    Scene(
        "statistics-before-breakfast",
        "Statistics before breakfast",
        "An hour before work. The same course as by lamplight: choose one of the two.",
        "Evening school",
        "Millrace",
        courses=("statistics",),
        members=(),
        team=_GRETA,
        opens=7,
        closes=49,
        terms={"joining": Joining.OPEN.value, "capacity": 15},
        parallel_group=_CHOOSE_ONE,
    ),
    Scene(
        "statistics-by-lamplight",
        "Statistics by lamplight",
        "One seat, and the tutor's whole attention.",
        "Evening school",
        "Millrace",
        courses=("statistics",),
        members=(),
        team=_GRETA,
        opens=7,
        closes=49,
        terms={"joining": Joining.OPEN.value, "capacity": 1},
        parallel_group=_CHOOSE_ONE,
    ),
)

MOVES = (Move("tomas", "galley-nights", "crew-b", "Works nights now; crew B meets by day."),)
