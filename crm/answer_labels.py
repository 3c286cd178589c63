"""The codes of the answers (triage/SPEC section 5) in the words of the desk.

Most codes read well once their underscores are gone; only the others are listed.
"""

LABELS = {
    # substances
    "z_drug": "Sleeping tablets (Z-drugs)",
    "ghb_gbl": "GHB or GBL",
    "gabapentinoid": "Pregabalin or gabapentin",
    "nitazene_or_unknown": "Nitazenes, fentanyl or unknown tablets",
    "methamphetamine": "Crystal meth",
    "mdma": "MDMA",
    "synthetic_cannabinoid": "Spice",
    "other": "Something else",
    # how often, how much, where from
    "daily": "every day",
    "most_days": "most days",
    "weekly": "every week",
    "less": "less than weekly",
    "uk_units": "UK units",
    "using": "still using",
    "cut_down": "has cut down",
    "stopped": "has stopped",
    "plans_to_stop_alone": "plans to stop without help",
    "supply_ends_72h": "runs out within 3 days",
    "medical_detox_done": "has finished a medical detox",
    "street": "from the street",
    "prescribed": "prescribed",
    "otc": "from a pharmacy without prescription",
    "oral": "swallowed",
    "nasal": "snorted",
    "smoked": "smoked",
    "injected": "injected",
    # signs and history
    "unresponsive_or_slow_breathing": "Cannot be woken, or slow, snoring or stopped breathing",
    "seizure_24h": "A fit in the last 24 hours",
    "overdose_24h": "An overdose in the last 24 hours",
    "hallucinations": "Seeing or hearing things that are not there",
    "tremor": "Shaking",
    "vomiting_persistent": "Cannot keep anything down",
    "severe_breathing_difficulty": "Struggling to breathe",
    "head_injury_blackout": "Head injury with a blackout",
    "unsteady": "Unsteady on their feet",
    "jaundice": "Yellow skin or eyes",
    "flank_pain_fever": "Back pain with a fever",
    "bladder_pain_frequency": "Bladder pain, or needing to go very often",
    "incontinence": "Leaking urine",
    "k_cramps": "K-cramps",
    "insomnia": "Cannot sleep",
    "paranoia_voices": "Hearing voices, or paranoid",
    "violence": "Violence now",
    "pregnancy_bleeding_pain": "Bleeding or pain in pregnancy",
    "withdrawal_seizure": "A fit when stopping before",
    "delirium_tremens": "Delirium tremens before",
    "overdose_30d": "An overdose in the last 30 days",
    "self_harm_30d": "Self-harm in the last 30 days",
    # what was said about suicide: words, never a grade (NICE NG225)
    "none_disclosed": "Said nothing of suicide. That does not rule it out: ask",
    "thoughts_safe_now": "Thoughts of suicide, says they are safe for now",
    "plan_or_means": "Has a plan or the means",
    "not_safe_now": "Has harmed themselves, or cannot stay safe now",
    # who and when
    "under_16": "Under 16",
    "16_17": "16 or 17",
    "18_64": "18 to 64",
    "65_plus": "65 or over",
    "postnatal_12m": "Had a baby in the last 12 months",
    "not_applicable": "Does not apply",
    "detox_28d": "Detox in the last 28 days",
    "prison_28d": "Left prison in the last 28 days",
    "hospital_28d": "Left hospital in the last 28 days",
    "self_break": "Took a break",
    "no_safe_place": "Nowhere safe to stay",
    "children_at_risk": "A child may be at risk",
    "child_danger_now": "A child is in danger now",
    "abuse_or_coercion": "Abuse or control by another person",
    "danger_now": "Someone is in danger now",
    "vocational_driver": "Drives for work",
    "mobility_needs": "Needs help to get around",
    "insulin_diabetes": "Diabetes treated with insulin",
    "anticoagulant": "Takes blood thinners",
    "eating_disorder_low_weight": "Eating disorder with low weight",
    "cognitive_impairment": "Problems with memory or thinking",
    "opioid_substitution": "On methadone or buprenorphine",
    "other_daily_medication": "Other daily medicine",
    "within_72h": "Within 72 hours",
    "within_2_weeks": "Within 2 weeks",
    "flexible": "No rush, or nobody asked",
    "now": "Today",
    "residential": "A residential programme",
    "day": "A day programme",
    "unknown": "Not answered",
    # what looked odd about a submission
    "HONEYPOT": "a hidden field was filled in",
    "TOO_FAST": "sent within two seconds",
    "NO_TRAP": "sent without the form's time stamp",
    "HAS_LINK": "a link in the message",
    "ADDRESS_BUDGET": "many enquiries from one connection",
    "FORM_BUDGET": "far more enquiries than usual by this form",
    "PROVED": "their device did a sum for it",
    "PROOF_WRONG": "the sum of their device was wrong or too old",
    "PROOF_REPLAYED": "the sum of another enquiry was sent again",
    "NOT_COUNTED": "not counted, because the cache was away",
}
HOLDS = {
    "H-CLIN": "A clinician clears a stay first",
    "H-CHILD": "No adult admission: use the child pathway",
    "H-SAFE": "Contact only by the safe route that they gave",
    "H-CONSENT": "Do not contact the person discussed",
    "H-PRESC": "Confirm the prescriber",
    "H-SG": "Safeguarding task, the same day",
    "H-SGQ": "Ask about the children's safety",
    "H-TRAVEL": "They must not drive themselves to admission",
}


def label(code: str) -> str:
    """Return a code in words; an unknown one without its underscores."""
    return LABELS.get(code) or code.replace("_", " ").capitalize()


def hold_label(code: str) -> str:
    """Return what a hold asks for."""
    return HOLDS.get(code, code)
