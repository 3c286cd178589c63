"""Today on the desk: a few leads in every queue and state, so that a first look shows what it is for."""

from dataclasses import dataclass, field
from typing import Any

from intake.services.screening import HAS_LINK, HONEYPOT, TOO_FAST

HOUR, DAY = 60, 24 * 60  # minutes
SEARCH = {"referrer_host": "search.example"}


@dataclass(frozen=True)
class Act:
    """What was done on a lead, how many minutes ago, and by which coordinator (0 has the demo sign-in)."""

    what: str
    ago: float
    who: int = 0


@dataclass(frozen=True)
class Scene:
    """One lead: minutes since the enquiry, what was said, and what has been done since."""

    ago: float
    said: dict[str, Any]
    acts: tuple[Act, ...] = ()
    source: dict[str, str] = field(default_factory=lambda: SEARCH)
    flags: tuple[str, ...] = ()
    safe: dict[str, Any] = field(default_factory=dict)


def _using(name: str, freq: str = "daily", **more: Any) -> list[dict[str, Any]]:
    return [{"name": name, "freq": freq, "status": "using", "hours_since_last": 8, **more}]


def _alcohol(amount: float) -> list[dict[str, Any]]:
    return _using("alcohol", amount_per_day=amount, unit="uk_units", route="oral")


_KETAMINE = _using("ketamine", route="nasal")
_SMOKED_OPIOID = _using("opioid", route="smoked")

UNTOUCHED = (
    Scene(4, {"substances": _alcohol(24), "symptoms": ["jaundice"], "free_text": "My eyes are yellow."}),
    Scene(11, {"substances": _KETAMINE, "suicide": "thoughts_safe_now", "symptoms": ["low_mood"]}),
    Scene(17, {"substances": _alcohol(36), "free_text": "I would like to stop, and do not know how."}),
    Scene(13, {"enquirer": "professional", "professional_urgent": True, "substances": _SMOKED_OPIOID}),
    Scene(26, {"substances": _using("cocaine"), "timing": "now", "free_text": "Can I come today?"}),
    Scene(20 * HOUR, {"substances": _using("cocaine", "weekly")}),
    Scene(30 * HOUR, {"substances": _using("gabapentinoid", source="prescribed")}),
    Scene(52 * HOUR, {"behaviours": ["gambling"], "pgsi": 6}),
    Scene(
        3 * HOUR,
        {
            "enquirer": "loved_one",
            "person_aware": "no",
            "substances": _alcohol(18),
            "free_text": "My son does not know that I am writing. Please do not call him.",
        },
    ),
)
AT_WORK = (
    Scene(
        38,
        {"substances": _using("ghb_gbl", unit="ml"), "free_text": "Every two hours, at night too."},
        (Act("claim", 30, 2), Act("no_answer", 29, 2), Act("no_answer", 11, 2)),
    ),
    Scene(16, {"substances": _alcohol(30), "symptoms": ["tremor", "sweating"]}, (Act("claim", 9, 1),)),
    Scene(
        24,
        {"substances": _using("opioid", route="injected"), "situation": ["alone"]},
        (Act("claim", 15), Act("no_answer", 14)),
    ),
    Scene(
        45,
        {"substances": _KETAMINE, "symptoms": ["bladder_pain_frequency", "k_cramps"]},
        (Act("claim", 25, 2), Act("left_message", 24, 2)),
    ),
    Scene(
        52,
        {"substances": _using("benzodiazepine", source="street"), "situation": ["abuse_or_coercion"]},
        (Act("claim", 41), Act("spoke", 40), Act("release", 30), Act("claim", 12)),
        safe={"voicemail": False, "text": False, "email": False, "note": "Weekdays before noon only."},
    ),
    Scene(
        50,
        {"enquirer": "loved_one", "substances": _alcohol(40), "symptoms": ["seizure_24h"]},
        (Act("claim", 48, 1), Act("spoke", 47, 1), Act("release", 40, 1)),
    ),
    Scene(
        5 * HOUR,
        {"enquirer": "loved_one", "age_band": "16_17", "substances": _using("cannabis")},
        (Act("claim", 285, 2), Act("spoke", 284, 2), Act("release", 270, 2)),
    ),
    Scene(7 * HOUR, {"enquirer": "phone", "substances": _alcohol(20)}, (Act("claim", 35), Act("spoke", 34))),
)
ON_THEIR_WAY = (
    Scene(
        2 * DAY,
        {"substances": _KETAMINE, "situation": ["drives"]},
        (Act("spoke", 2 * DAY - 200, 1), Act("assess", 20 * HOUR, 1), Act("spoke", 19 * HOUR, 1)),
    ),
    Scene(
        5 * DAY,
        {"substances": _alcohol(18)},
        (
            Act("spoke", 5 * DAY - 300, 2),
            Act("assess", 3 * DAY, 2),
            Act("offer", 22 * HOUR, 2),
            Act("spoke", 20 * HOUR, 2),
        ),
    ),
    Scene(
        8 * DAY,
        {"enquirer": "professional", "substances": _using("cocaine")},
        (
            Act("spoke", 8 * DAY - 400),
            Act("assess", 6 * DAY),
            Act("offer", 3 * DAY),
            Act("book", 21 * HOUR),
            Act("spoke", 20 * HOUR),
        ),
    ),
)
TWICE = (
    Scene(22 * HOUR, {"substances": _using("cocaine", "weekly")}, (Act("again", 2 * HOUR),)),
    Scene(28, {"substances": _SMOKED_OPIOID}, (Act("again", 9),)),
)
SUSPECT = (
    Scene(6, {"free_text": "Cheap watches"}, flags=(HONEYPOT,), source={}),
    Scene(3 * HOUR, {"free_text": "See https://example.com/offer"}, flags=(TOO_FAST, HAS_LINK), source={}),
)
SCENES = (*UNTOUCHED, *AT_WORK, *ON_THEIR_WAY, *TWICE, *SUSPECT)
