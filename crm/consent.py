"""Two people, two consents: what may be told to whom, in words."""

from crm.enums import CallerRole
from crm.models import Lead

GIVES_NO_AGREEMENT = "H-CONSENT"


def what_may_be_told(lead: Lead) -> list[str]:
    """Return the sentences that a coordinator reads before calling."""
    caller = lead.caller.name or "the caller"
    if lead.caller_id == lead.patient_id:
        return [
            f"{_start(caller)} asks for themselves. Speak about this with {caller} only, unless they agree."
        ]
    patient = lead.patient.name or "the person they ask about"
    if _must_not_be_contacted(lead):
        return _without_agreement(caller, patient)
    if lead.caller_role == CallerRole.PROFESSIONAL:
        return _from_a_professional(caller, patient)
    return [
        f"{_start(patient)} knows that {caller} got in touch. That is not consent to share.",
        f"Ask {patient} before you tell {caller} anything about them, and write down the answer as a note.",
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


def _must_not_be_contacted(lead: Lead) -> bool:
    return lead.patient.no_contact or GIVES_NO_AGREEMENT in lead.holds


def _start(name: str) -> str:
    """Return the name as the first word of a sentence."""
    return name[:1].upper() + name[1:]
