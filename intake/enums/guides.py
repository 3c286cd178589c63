"""The guides: what there is one to, of which parts, and what to do about a sign."""

from django.db.models import TextChoices


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
