"""The front door's vocabulary: every answer's values as triage/SPEC section 5 has them, with human labels.

Stored values are UPPER_CASE in this house; the answers keep the lower-case values that the API takes.
Level and CallerRole (the answer `enquirer`) belong to the desk too, so they live in crm.enums.
"""

from enum import StrEnum

from django.db.models import TextChoices


class Outcome(TextChoices):
    EMERGENCY_SIGNPOST = "emergency_signpost", "Emergency help now, and a call"
    URGENT = "urgent", "Urgent"
    PREBOOKED = "prebooked", "Pre-booked"


class Hold(TextChoices):
    """A task that blocks an offer of a bed, never a call."""

    CLINICIAN = "H-CLIN", "A clinician clears this first"
    CHILD = "H-CHILD", "No adult admission: child pathway"
    SAFE_CONTACT = "H-SAFE", "Contact only by the stated safe route"
    CONSENT = "H-CONSENT", "Do not contact the person discussed"
    PRESCRIBER = "H-PRESC", "Confirm the prescriber"
    SAFEGUARDING = "H-SG", "Safeguarding task, same day"
    CHILDREN_SAFETY = "H-SGQ", "Ask about the children's safety"
    TRAVEL = "H-TRAVEL", "No self-drive to admission"


class Voice(TextChoices):
    """Whom a text speaks to."""

    SELF = "self", "To the person themselves"
    LOVED_ONE = "loved_one", "To someone who cares about them"
    PROFESSIONAL = "professional", "To a professional"
    SPOKEN = "spoken", "Spoken script for call-takers"


class PersonAware(TextChoices):
    YES = "yes", "Yes, they have agreed"
    NO = "no", "No"
    UNKNOWN = "unknown", "I do not know"


class AgeBand(TextChoices):
    UNDER_16 = "under_16", "Under 16"
    AGE_16_17 = "16_17", "16 or 17"
    AGE_18_64 = "18_64", "18 to 64"
    AGE_65_PLUS = "65_plus", "65 or over"
    UNKNOWN = "unknown", "I do not know, or prefer not to say"


MINORS = frozenset({AgeBand.UNDER_16, AgeBand.AGE_16_17})


class SubstanceName(TextChoices):
    ALCOHOL = "alcohol", "Alcohol"
    BENZODIAZEPINE = "benzodiazepine", "Benzodiazepines, such as diazepam or alprazolam"
    Z_DRUG = "z_drug", "Sleeping tablets, such as zopiclone"
    BARBITURATE = "barbiturate", "Barbiturates"
    GABAPENTINOID = "gabapentinoid", "Pregabalin or gabapentin"
    GHB_GBL = "ghb_gbl", "GHB or GBL (G)"
    OPIOID = "opioid", "Heroin, or other opioids"
    NITAZENE_OR_UNKNOWN = "nitazene_or_unknown", "Nitazenes, fentanyl, or tablets with unknown contents"
    KETAMINE = "ketamine", "Ketamine"
    COCAINE = "cocaine", "Cocaine"
    CRACK = "crack", "Crack"
    METHAMPHETAMINE = "methamphetamine", "Crystal meth"
    AMPHETAMINE = "amphetamine", "Amphetamine (speed)"
    MDMA = "mdma", "MDMA or ecstasy"
    CANNABIS = "cannabis", "Cannabis"
    SYNTHETIC_CANNABINOID = "synthetic_cannabinoid", "Spice"
    OTHER = "other", "Something else"


class Frequency(TextChoices):
    DAILY = "daily", "Every day"
    MOST_DAYS = "most_days", "Most days"
    WEEKLY = "weekly", "Every week"
    LESS = "less", "Less often"
    NONE = "none", "Not at the moment"
    UNKNOWN = "unknown", "I do not know"


class Unit(TextChoices):
    UK_UNITS = "uk_units", "UK units"
    GRAMS = "g", "Grams"
    MILLIGRAMS = "mg", "Milligrams"
    MILLILITRES = "ml", "Millilitres"


class UseStatus(TextChoices):
    USING = "using", "Using now"
    CUT_DOWN = "cut_down", "Has cut down"
    STOPPED = "stopped", "Has stopped"
    PLANS_TO_STOP_ALONE = "plans_to_stop_alone", "Plans to stop without help"
    SUPPLY_ENDS_72H = "supply_ends_72h", "Runs out within 3 days"
    MEDICAL_DETOX_DONE = "medical_detox_done", "Has finished a medical detox"
    UNKNOWN = "unknown", "I do not know"


class Source(TextChoices):
    STREET = "street", "Bought or given, not prescribed"
    PRESCRIBED = "prescribed", "Prescribed"
    OTC = "otc", "From a pharmacy, without a prescription"


class Route(TextChoices):
    ORAL = "oral", "Swallowed or drunk"
    NASAL = "nasal", "Snorted"
    SMOKED = "smoked", "Smoked"
    INJECTED = "injected", "Injected"


class Behaviour(TextChoices):
    GAMBLING = "gambling", "Gambling"
    GAMING = "gaming", "Gaming"
    SEX = "sex", "Sex"
    SHOPPING = "shopping", "Shopping"
    EATING = "eating", "Eating"


class Symptom(TextChoices):
    UNRESPONSIVE_OR_SLOW_BREATHING = (
        "unresponsive_or_slow_breathing",
        "Cannot be woken, or breathing is slow, snoring or stopped",
    )
    SEIZURE_24H = "seizure_24h", "A fit, now or in the last 24 hours"
    OVERDOSE_24H = "overdose_24h", "An overdose in the last 24 hours, even if better now"
    CONFUSION = "confusion", "Confused"
    HALLUCINATIONS = "hallucinations", "Seeing or hearing things that are not there"
    SEVERE_AGITATION = "severe_agitation", "Very agitated, cannot be calmed"
    TREMOR = "tremor", "Shaking"
    SWEATING = "sweating", "Sweating"
    VOMITING = "vomiting", "Being sick"
    VOMITING_PERSISTENT = "vomiting_persistent", "Cannot keep anything down"
    PALPITATIONS = "palpitations", "Heart racing or pounding"
    CHEST_PAIN = "chest_pain", "Chest pain"
    OVERHEATING = "overheating", "Overheating"
    SEVERE_BREATHING_DIFFICULTY = "severe_breathing_difficulty", "Struggling to breathe"
    VOMITING_BLOOD = "vomiting_blood", "Vomiting blood"
    HEAD_INJURY_BLACKOUT = "head_injury_blackout", "A head injury with a blackout"
    DOUBLE_VISION = "double_vision", "Double vision"
    UNSTEADY = "unsteady", "Unsteady on their feet"
    JAUNDICE = "jaundice", "Yellow skin or eyes"
    CANNOT_PASS_URINE = "cannot_pass_urine", "Cannot pass urine"
    FLANK_PAIN_FEVER = "flank_pain_fever", "Back pain with a fever"
    BLOOD_IN_URINE = "blood_in_urine", "Blood in urine"
    BLADDER_PAIN_FREQUENCY = "bladder_pain_frequency", "Bladder pain, or needing to go very often"
    INCONTINENCE = "incontinence", "Leaking urine"
    K_CRAMPS = "k_cramps", "Stomach cramps after ketamine"
    LOW_MOOD = "low_mood", "Low mood"
    ANXIETY = "anxiety", "Anxiety"
    INSOMNIA = "insomnia", "Cannot sleep"
    PARANOIA_VOICES = "paranoia_voices", "Hearing voices, or feeling watched or followed"
    VIOLENCE = "violence", "Violence now"
    PREGNANCY_BLEEDING_PAIN = "pregnancy_bleeding_pain", "Bleeding or pain in pregnancy"


class History(TextChoices):
    WITHDRAWAL_SEIZURE = "withdrawal_seizure", "A fit when stopping before"
    DELIRIUM_TREMENS = "delirium_tremens", "Delirium tremens (DTs) before"
    EPILEPSY = "epilepsy", "Epilepsy"
    OVERDOSE_30D = "overdose_30d", "An overdose in the last 30 days"
    SELF_HARM_30D = "self_harm_30d", "Self-harm in the last 30 days"
    DEBT_CRISIS = "debt_crisis", "A debt crisis"


class Suicide(TextChoices):
    """What was said about suicide: recorded, never graded (NICE NG225)."""

    NONE_DISCLOSED = "none_disclosed", "No thoughts of suicide mentioned"
    THOUGHTS_SAFE_NOW = "thoughts_safe_now", "Thoughts of suicide, says they can stay safe for now"
    PLAN_OR_MEANS = "plan_or_means", "Has a plan or the means"
    NOT_SAFE_NOW = "not_safe_now", "Has harmed themselves, or cannot stay safe now"
    UNKNOWN = "unknown", "I do not know, or prefer not to say"


class Pregnancy(TextChoices):
    NO = "no", "No"
    YES = "yes", "Yes"
    POSTNATAL_12M = "postnatal_12m", "Had a baby in the last 12 months"
    UNKNOWN = "unknown", "I do not know, or prefer not to say"
    NOT_APPLICABLE = "not_applicable", "Does not apply"


class ToleranceBreak(TextChoices):
    NONE = "none", "No break"
    DETOX_28D = "detox_28d", "A detox in the last 28 days"
    PRISON_28D = "prison_28d", "Left prison in the last 28 days"
    HOSPITAL_28D = "hospital_28d", "Left hospital in the last 28 days"
    SELF_BREAK = "self_break", "Took a break"
    UNKNOWN = "unknown", "I do not know"


class Situation(TextChoices):
    ALONE = "alone", "Alone"
    NO_SAFE_PLACE = "no_safe_place", "Nowhere safe to stay"
    LIVES_WITH_CHILDREN = "lives_with_children", "Lives with children"
    CHILDREN_AT_RISK = "children_at_risk", "A child may be at risk"
    CHILD_DANGER_NOW = "child_danger_now", "A child is in danger now"
    ABUSE_OR_COERCION = "abuse_or_coercion", "Abuse or control by another person"
    DANGER_NOW = "danger_now", "Someone is in danger now"
    DRIVES = "drives", "Drives"
    VOCATIONAL_DRIVER = "vocational_driver", "Drives for work"
    MOBILITY_NEEDS = "mobility_needs", "Needs help to get around"


class Medical(TextChoices):
    HEART_DISEASE = "heart_disease", "Heart disease"
    INSULIN_DIABETES = "insulin_diabetes", "Diabetes treated with insulin"
    LIVER_DISEASE = "liver_disease", "Liver disease"
    ANTICOAGULANT = "anticoagulant", "Takes blood thinners"
    EPILEPSY = "epilepsy", "Epilepsy"
    EATING_DISORDER_LOW_WEIGHT = "eating_disorder_low_weight", "Eating disorder with low weight"
    LEARNING_DISABILITY = "learning_disability", "Learning disability"
    COGNITIVE_IMPAIRMENT = "cognitive_impairment", "Problems with memory or thinking"
    SERIOUS_MENTAL_ILLNESS = "serious_mental_illness", "Serious mental illness"
    OPIOID_SUBSTITUTION = "opioid_substitution", "On methadone or buprenorphine"
    OTHER_DAILY_MEDICATION = "other_daily_medication", "Other daily medicine"


class Programme(TextChoices):
    """What somebody would like: a wish, never a promise. A clinician looks at what is safe."""

    DETOX = "detox", "Detox"
    RESIDENTIAL = "residential", "A residential programme"
    DAY = "day", "A day programme"
    UNSURE = "unsure", "Not sure yet"


class Timing(TextChoices):
    NOW = "now", "Today"
    WITHIN_72H = "within_72h", "Within 3 days"
    WITHIN_2_WEEKS = "within_2_weeks", "Within 2 weeks"
    FLEXIBLE = "flexible", "No rush"


class Slot(StrEnum):
    """What a public text writes in braces in place of a number (intake.wording).

    Help lines fill all but the last two: CRISIS joins whoever answers in a crisis, HOSPITAL is a word.
    """

    EMERGENCY = "emergency"
    SILENT = "silent"
    URGENT = "urgent"
    MENTAL_HEALTH = "mental_health"
    LISTENING = "listening"
    YOUNG = "young"
    ABUSE = "abuse"
    GAMBLING = "gambling"
    CRISIS = "crisis"
    HOSPITAL = "hospital"


class GuideSubject(TextChoices):
    """What there is a guide to, in the order of the index; the values are the slugs."""

    ALCOHOL = "alcohol", "Alcohol"
    BENZODIAZEPINES = "benzodiazepines", "Benzodiazepines"
    CANNABIS = "cannabis", "Cannabis"
    COCAINE_AND_CRACK = "cocaine-and-crack", "Cocaine and crack"
    METHAMPHETAMINE = "methamphetamine", "Crystal meth"
    GHB_GBL = "ghb-gbl", "GHB and GBL (G)"
    OPIOIDS = "opioids", "Heroin and other opioids"
    KETAMINE = "ketamine", "Ketamine"
    PRESCRIPTION_MEDICINES = "prescription-medicines", "Prescription medicines"
    GAMBLING = "gambling", "Gambling"


class GuideSection(TextChoices):
    """The parts of a guide, in their order. LAW is the only place for a legal class, and only with a date."""

    WHAT = "what", "What it is"
    HARD_TO_STOP = "hard-to-stop", "Why it can be hard to stop"
    SIGNS = "signs", "Signs to look out for"
    ALSO = "also", "What else matters with this one"
    COMEDOWN = "comedown", "When it wears off"
    WITHDRAWAL = "withdrawal", "What stopping can feel like"
    TIMELINE = "timeline", "How long it may take"
    STOPPING = "stopping", "The dangers of stopping suddenly"
    EMERGENCY = "emergency", "When to get help at once"
    TREATMENT = "treatment", "What help looks like"
    LOVED_ONE = "loved-one", "For those who care about somebody"
    LAW = "law", "The law, with the date on which it was checked"


NEEDED_SECTIONS = (
    GuideSection.WHAT,
    GuideSection.SIGNS,
    GuideSection.COMEDOWN,
    GuideSection.WITHDRAWAL,
    GuideSection.STOPPING,
    GuideSection.EMERGENCY,
    GuideSection.TREATMENT,
)


class NextStep(TextChoices):
    """What to do about a sign, most pressing first: nothing is added up, and nobody is graded.

    A guide lists the signs of the first two; CRISIS, thoughts of suicide, is asked about with every guide.
    """

    EMERGENCY = "emergency", "Call an ambulance now"
    TODAY = "today", "See a doctor today"
    CRISIS = "crisis", "Talk to somebody now"
    OTHER = "other", "Talk to us"


class ImportState(TextChoices):
    """How far an imported list has got."""

    UPLOADED = "UPLOADED", "Waits for its columns"
    CHECKING = "CHECKING", "Being checked"
    CHECKED = "CHECKED", "Checked, not imported yet"
    IMPORTING = "IMPORTING", "Being imported"
    DONE = "DONE", "Imported"
    DROPPED = "DROPPED", "Deleted"
