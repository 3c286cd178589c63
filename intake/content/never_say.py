"""What public words never say (the safety review of November 2026): checked by tests, and while staff write.

`instead` is shown to whoever wrote it. Names of prescription-only medicines may stand where a guide says what
something is, so that people can tell what they take, and nowhere else: a clinic must not promote them (Human
Medicines Regulations 2012).
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: str
    instead: str

    def found_in(self, text: str) -> str:
        found = re.search(self.pattern, text, re.IGNORECASE)
        return found[0] if found else ""


ALWAYS = (
    Rule(
        r"\b(?:addict|junkie|abuser|druggie)s?\b|\balcoholics?\b(?! Anonymous)",
        "Say “person”, “people who use”.",
    ),
    Rule(r"\bsubstance abuse\b|\babused? (?:of )?(?:drugs|alcohol|substances)", "Say “use”."),
    Rule(r"\b(?:clean|dirty)\b", "Say “stopped”, “has not used”."),
    Rule(
        r"\b(?:low|medium|high)[ -]risk\b|\brisk score\b|\btraffic light",
        "Nobody is graded: say what to do next.",
    ),
    Rule(r"\byou (?:are|will be) (?:fine|safe now)\b|\bnothing to worry about\b", "Nobody can know that."),
    Rule(r"\badmit (?:you|them|him|her) (?:today|tonight|at once|now)\b", "Say when we will call."),
    Rule(
        r"\b(?:everything|all) (?:\w+ )*is confidential\b|\bcompletely confidential\b|\b100 ?% confidential",
        "Say “private, except where someone is at risk”.",
    ),
    Rule(r"\b24/7\b|\b24[- ]hour\b|\b24 hours a day\b|\bround the clock\b", "Say the true hours."),
    Rule(r"\bindependent\b", "Say who owns the service."),
    Rule(r"\bCQC\b|\bBupa\b|\bAXA\b|\bVitality\b", "No marks of regulators or insurers without a basis."),
    Rule(
        r"\bstop (?:drinking|your tablets|using) before (?:you come|your stay|admission)",
        "Say “do not stop suddenly”.",
    ),
    Rule(
        r"\bhave a drink (?:to|first)\b|\btaper(?:ing|ed)?\b|\bcut down by\b",
        "No schedules: name the prescriber, a GP or {urgent}.",
    ),
    Rule(r"\b\d+(?:\.\d+)? ?(?:mg|mcg|micrograms?|milligrams?|ml|g|grams?|units?)\b", "No amounts."),
)
LEGAL_CLASS = Rule(r"\bclass [abc]\b", "A legal class belongs in the section on the law, with a date.")
UNDATED = Rule(r"\A(?!.*\b20\d\d\b).*\bclass [abc]\b", "Say on which date this was checked.")
NUMBER = Rule(
    r"\b(?:999|112|911|111|988)\b|\d[\d -]{4,}\d", "Write a slot, such as {emergency}, in place of a number."
)

MEDICINES = Rule(
    r"\b(?:diazepam|valium|lorazepam|alprazolam|xanax|oxazepam|chlordiazepoxide|librium|temazepam|clonazepam|zopiclone"
    r"|zolpidem|pregabalin|gabapentin|acamprosate|campral|disulfiram|antabuse|naltrexone|nalmefene|selincro"
    r"|buprenorphine|subutex|suboxone|espranor|buvidal|methadone|lofexidine|codeine|tramadol|oxycodone|morphine|fentanyl"
    r"|baclofen|bupropion|varenicline|mirtazapine|modafinil|dexamfetamine|lisdexamfetamine|methylphenidate|clonidine)\b",
    "A medicine on prescription is never offered: say “medically supervised detox”.",
)


def problems_in(text: str, *, says_what_it_is: bool = False, is_law: bool = False) -> list[str]:
    """Return what is wrong with a public text, each with what to say instead."""
    law = (UNDATED,) if is_law else (LEGAL_CLASS,)
    medicines = () if says_what_it_is else (MEDICINES,)
    rules = (*ALWAYS, NUMBER, *law, *medicines)
    return [f"“{found}”: {rule.instead}" for rule in rules if (found := rule.found_in(text))]
