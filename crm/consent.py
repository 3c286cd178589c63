"""Two people, two consents: what may be told to whom, in words."""

from crm.enums import CallerRole
from crm.models import Lead, Person

GIVES_NO_AGREEMENT = "H-CONSENT"
KEEPS_TO_SAFE_ROUTE = "H-SAFE"


def has_not_agreed(lead: Lead, person: Person) -> bool:
    """Return whether a person of the lead must not be contacted because they have not agreed to it."""
    is_discussed = person.pk == lead.patient_id and lead.patient_id != lead.caller_id
    return person.no_contact or (is_discussed and GIVES_NO_AGREEMENT in lead.holds)


def what_may_be_told(lead: Lead, *, may_share: bool | None = None) -> list[str]:
    """Return the sentences that a coordinator reads before calling.

    `may_share` is what the person discussed said, when they were asked whether the caller may be told.
    """
    caller = lead.caller.name or "the caller"
    if lead.caller_id == lead.patient_id:
        return [
            f"{_start(caller)} asks for themselves. Speak about this with {caller} only, unless they agree.",
            *_safe_route(lead),
        ]
    patient = lead.patient.name or "the person they ask about"
    if has_not_agreed(lead, lead.patient):
        return [*_without_agreement(caller, patient), *_safe_route(lead)]
    if lead.caller_role == CallerRole.PROFESSIONAL and may_share is None:
        return [*_from_a_professional(caller, patient), *_safe_route(lead)]
    return [*_asked(caller, patient, may_share), *_safe_route(lead)]


def may_tell(lead: Lead, person: Person, *, may_share: bool | None = None) -> str:
    """Return in one sentence what may be told to one person of a lead."""
    if lead.caller_id == lead.patient_id:
        return "You may speak with them about all of this."
    caller = lead.caller.name or "the caller"
    patient = lead.patient.name or "the person discussed"
    if person.pk == lead.patient_id:
        return _to_the_patient(lead, caller)
    if has_not_agreed(lead, lead.patient):
        return f"Listen, and give general advice. Tell them nothing about {patient}."
    if may_share:
        return f"You may tell them how {patient} is: {patient} has agreed."
    if may_share is False:
        return f"Tell them nothing about {patient}: {patient} said no."
    return f"Tell them nothing that {patient} told us, until {patient} has been asked."


def _to_the_patient(lead: Lead, caller: str) -> str:
    if has_not_agreed(lead, lead.patient):
        return "Do not contact them. If they come to us, do not say that somebody asked about them."
    return f"You may speak with them about themselves. Do not repeat what {caller} told us."


def _asked(caller: str, patient: str, may_share: bool | None) -> list[str]:
    if may_share:
        return [
            f"{_start(patient)} agreed that {caller} may be told how they are. Ask again when things change."
        ]
    if may_share is False:
        return [f"{_start(patient)} was asked, and does not want {caller} to be told anything about them."]
    return [
        f"{_start(patient)} knows that {caller} got in touch. That is not consent to share.",
        f"Ask {patient} before you tell {caller} anything about them, and write down the answer below.",
    ]


def _safe_route(lead: Lead) -> list[str]:
    if KEEPS_TO_SAFE_ROUTE not in lead.holds:
        return []
    return [
        "Somebody may be watching: use only the ways and times that they called safe, and leave no trace."
    ]


def _without_agreement(caller: str, patient: str) -> list[str]:
    return [
        f"Do not contact {patient}: they have not agreed to it.",
        f"You may listen to {caller} and give general advice. You cannot tell them anything about {patient}, "
        "not even whether we have heard from that person.",
        "The exception is a serious risk to somebody's life or to a child: ask the clinical lead at once.",
    ]


def _from_a_professional(caller: str, patient: str) -> list[str]:
    return [
        f"{_start(caller)} refers {patient} as a professional, and says that {patient} knows about it.",
        f"You may discuss the referral with {caller}. Ask {patient} before you share what they tell us.",
    ]


def _start(name: str) -> str:
    """Return the name as the first word of a sentence."""
    return name[:1].upper() + name[1:]
