"""Answers about what is used, how, how often, and what has changed."""

from django.db.models import TextChoices


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


class ToleranceBreak(TextChoices):
    NONE = "none", "No break"
    DETOX_28D = "detox_28d", "A detox in the last 28 days"
    PRISON_28D = "prison_28d", "Left prison in the last 28 days"
    HOSPITAL_28D = "hospital_28d", "Left hospital in the last 28 days"
    SELF_BREAK = "self_break", "Took a break"
    UNKNOWN = "unknown", "I do not know"
