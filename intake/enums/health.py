"""Answers about health: signs now, what happened before, other conditions."""

from django.db.models import TextChoices


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
