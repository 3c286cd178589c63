"""What fictional callers say: plausible answers, so that the real rules give a plausible spread of levels."""

from dataclasses import dataclass
from random import Random
from typing import Any

from crm.enums import CallerRole, LeadChannel

Raw = dict[str, Any]

# name: (share, chance of regular use, status to draw from)
USING, MIXED = ("using",) * 9 + ("cut_down",), ("using",) * 7 + ("cut_down", "stopped", "plans_to_stop_alone")
SUBSTANCES: dict[str, tuple[float, float, tuple[str, ...]]] = {
    "alcohol": (38, 0.62, (*MIXED, "medical_detox_done")),
    "cocaine": (17, 0.5, USING),
    "ketamine": (14, 0.55, USING),
    "opioid": (7, 0.7, MIXED),
    "cannabis": (7, 0.7, USING),
    "benzodiazepine": (4, 0.6, MIXED),
    "crack": (3, 0.6, USING),
    "gabapentinoid": (2, 0.6, USING),
    "ghb_gbl": (1.5, 0.4, USING),
    "methamphetamine": (1.5, 0.5, USING),
    "mdma": (1, 0.1, USING),
    "gambling": (4, 0, ()),
}
UNITS = {"alcohol": "uk_units", "ketamine": "g", "cocaine": "g", "cannabis": "g", "ghb_gbl": "ml"}
ALCOHOL_UNITS = (6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40)
ROUTES = {"alcohol": "oral", "ketamine": "nasal", "cocaine": "nasal", "opioid": "smoked", "crack": "smoked"}
PRESCRIBED = {"benzodiazepine", "gabapentinoid"}

# sign: (chance, only with this main substance)
SYMPTOMS: dict[str, tuple[float, str]] = {
    "low_mood": (0.2, ""),
    "anxiety": (0.22, ""),
    "insomnia": (0.18, ""),
    "tremor": (0.05, "alcohol"),
    "sweating": (0.05, "alcohol"),
    "confusion": (0.006, "alcohol"),
    "bladder_pain_frequency": (0.22, "ketamine"),
    "k_cramps": (0.16, "ketamine"),
    "cannot_pass_urine": (0.012, "ketamine"),
    "jaundice": (0.006, "alcohol"),
    "vomiting_persistent": (0.004, ""),
    "chest_pain": (0.007, "cocaine"),
    "seizure_24h": (0.002, ""),
    "overdose_24h": (0.012, "opioid"),
    "paranoia_voices": (0.006, ""),
}
AGE: dict[str, float] = {"18_64": 89, "65_plus": 7, "unknown": 2.5, "16_17": 1.2, "under_16": 0.3}
SUICIDE: dict[str, float] = {
    "none_disclosed": 90,
    "thoughts_safe_now": 5,
    "unknown": 4,
    "plan_or_means": 0.7,
    "not_safe_now": 0.3,
}
PREGNANCY: dict[str, float] = {"no": 45, "not_applicable": 52, "unknown": 2, "yes": 0.6, "postnatal_12m": 0.4}
HISTORY = {"withdrawal_seizure": 0.02, "epilepsy": 0.01, "overdose_30d": 0.01, "self_harm_30d": 0.015}
SITUATION = {
    "alone": 0.14,
    "drives": 0.3,
    "lives_with_children": 0.18,
    "no_safe_place": 0.03,
    "abuse_or_coercion": 0.012,
    "children_at_risk": 0.008,
    "mobility_needs": 0.02,
    "danger_now": 0.001,
}
MEDICAL = {
    "other_daily_medication": 0.14,
    "heart_disease": 0.02,
    "insulin_diabetes": 0.02,
    "liver_disease": 0.025,
    "serious_mental_illness": 0.02,
}

CHANNELS = {
    CallerRole.SELF: LeadChannel.WEB,
    CallerRole.LOVED_ONE: LeadChannel.WEB,
    CallerRole.PROFESSIONAL: LeadChannel.REFERRAL,
    CallerRole.PHONE: LeadChannel.PHONE,
}
AWARE: dict[CallerRole, dict[str, float]] = {
    CallerRole.SELF: {"yes": 1},
    CallerRole.LOVED_ONE: {"yes": 58, "no": 32, "unknown": 10},
    CallerRole.PROFESSIONAL: {"yes": 92, "unknown": 8},
    CallerRole.PHONE: {"yes": 1},
}
SOURCES: dict[str, float] = {"search-ads": 20, "community-campaign": 9, "leaflet": 6, "newsletter": 4}
HOSTS: dict[str, float] = {"search.example": 26, "recovery-forum.example": 9, "directory.example": 12}
CAMPAIGNS = {
    "search-ads": "help-soon",
    "community-campaign": "open-doors",
    "leaflet": "gp-surgeries",
    "newsletter": "spring",
}
LANDINGS = {"search-ads": "/urgent/", "leaflet": "/pre-booked/", "recovery-forum.example": "/help/ketamine/"}
WORDS = (
    "I have read your page twice. I think it is time.",
    "It has become more over the last year and I would like to stop.",
    "Work has noticed. I need a plan.",
    "I am tired of this. What would the first week look like?",
    "A friend was with you and says it helped.",
    "How long is the waiting list, and what does it cost?",
    "",
    "",
)
WORDS_OF_OTHERS = (
    "We do not know how to talk about it at home any more.",
    "I would like to know what I can do, and what I should not do.",
    "They said yes to a call last night.",
    "",
)


@dataclass(frozen=True)
class Story:
    """One enquiry's words: raw answers, how it came and where its writer came from."""

    answers: Raw
    channel: LeadChannel
    source: dict[str, str]


def story(rng: Random) -> Story:
    role = CallerRole(_drawn(rng, {"self": 62, "loved_one": 24, "professional": 8, "phone": 6}))
    main = _drawn(rng, {name: share for name, (share, *_) in SUBSTANCES.items()})
    return Story(answers=_answers(rng, role, main), channel=CHANNELS[role], source=_source(rng, role))


def _answers(rng: Random, role: CallerRole, main: str) -> Raw:
    others = {CallerRole.LOVED_ONE, CallerRole.PROFESSIONAL}
    return {
        "enquirer": role.value,
        "person_aware": _drawn(rng, AWARE[role]),
        "age_band": _drawn(rng, AGE),
        "substances": [] if main == "gambling" else _substances(rng, main),
        "behaviours": ["gambling"] if main == "gambling" or rng.random() < 0.03 else [],
        "pgsi": rng.randrange(3, 27) if main == "gambling" else None,
        "symptoms": _symptoms(rng, main),
        "history": _some(rng, HISTORY),
        "suicide": _drawn(rng, SUICIDE),
        "pregnancy": _drawn(rng, PREGNANCY),
        "tolerance_break": "none",
        "situation": _some(rng, SITUATION),
        "medical": _some(rng, MEDICAL),
        "timing": _drawn(rng, {"now": 10, "within_72h": 20, "within_2_weeks": 32, "flexible": 38}),
        "professional_urgent": role == CallerRole.PROFESSIONAL and rng.random() < 0.3,
        "free_text": rng.choice(WORDS_OF_OTHERS if role in others else WORDS),
    }


def _substances(rng: Random, main: str) -> list[Raw]:
    second = _drawn(
        rng, {name: share for name, (share, *_) in SUBSTANCES.items() if name not in {main, "gambling"}}
    )
    return [_substance(rng, main), *([_substance(rng, second)] if rng.random() < 0.12 else [])]


def _substance(rng: Random, name: str) -> Raw:
    _, regular, statuses = SUBSTANCES[name]
    status = rng.choice(statuses)
    return {
        "name": name,
        "freq": rng.choice(("daily", "most_days"))
        if rng.random() < regular
        else rng.choice(("weekly", "less")),
        "amount_per_day": rng.choice(ALCOHOL_UNITS) if name == "alcohol" else None,
        "unit": UNITS.get(name),
        "hours_since_last": rng.randrange(200, 700) if status == "stopped" else rng.randrange(2, 60),
        "status": status,
        "source": ("prescribed" if name in PRESCRIBED else "street") if name != "alcohol" else None,
        "route": ROUTES.get(name, "oral"),
    }


def _source(rng: Random, role: CallerRole) -> dict[str, str]:
    if role in {CallerRole.PROFESSIONAL, CallerRole.PHONE} or rng.random() < 0.14:
        return {}
    found = _drawn(rng, SOURCES | HOSTS)
    landing = {"landing": LANDINGS.get(found, "/")}
    if found in SOURCES:
        return {"utm_source": found, "utm_campaign": CAMPAIGNS[found], **landing}
    return {"referrer_host": found, **landing}


def _drawn(rng: Random, shares: dict[str, float]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def _some(rng: Random, chances: dict[str, float]) -> list[str]:
    return [sign for sign, chance in chances.items() if rng.random() < chance]


def _symptoms(rng: Random, main: str) -> list[str]:
    possible = {sign: chance for sign, (chance, only) in SYMPTOMS.items() if only in ("", main)}
    return _some(rng, possible)
