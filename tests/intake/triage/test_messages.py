import re

import pytest

from intake.content.help_lines import shipped_help_lines
from intake.enums import Voice
from intake.triage.engine import NAMED_SUBSTANCE_MESSAGES, NEVER_TOLD_WITH, STATIC_MESSAGES
from intake.triage.messages import CallerText, shipped_keys, shipped_texts, texts_for
from intake.triage.rules import shipped_rule_set

TEXTS = sorted(shipped_texts().values(), key=lambda text: (text.key, text.voice))
# from the list of what a form must never say: stigma, grading, promises, and clinical advice
NEVER_SAY = ("addict", "abuser", "clean", "dirty", "low risk", "you are fine", "everything is confidential")
NEVER_SAY += ("admit you", "have a drink", "taper", "counsellor", "stop drinking before", "option 2")


def name(text: CallerText) -> str:
    return f"{text.key}-{text.voice.value}"


def numbers_in(text: str) -> set[str]:
    """Return every number of two digits or more, without its spaces and hyphens."""
    return {re.sub(r"[ -]", "", found) for found in re.findall(r"\d[\d -]*\d", text)}


def test_nineteen_messages_and_the_static_text_ship_in_four_voices():
    assert len(shipped_keys() - set(STATIC_MESSAGES)) == 19
    assert len(shipped_texts()) == (19 + len(STATIC_MESSAGES)) * len(Voice)


def test_every_message_that_a_rule_or_the_engine_tells_has_words():
    told = {key for rule in shipped_rule_set().rules for key in rule.messages}
    told |= {key for key, _ in NAMED_SUBSTANCE_MESSAGES} | set(STATIC_MESSAGES)
    told |= {key for keys in NEVER_TOLD_WITH.values() for key in keys}
    assert told == shipped_keys()


def test_texts_come_in_the_order_of_the_keys():
    found = texts_for(["MSTD", "M999"], Voice.LOVED_ONE)
    assert [text.key for text in found] == ["MSTD", "M999"]
    assert {text.voice for text in found} == {Voice.LOVED_ONE}
    assert found[0].version == "1"


def test_the_words_for_the_person_are_those_that_were_approved_for_wording():
    [text] = texts_for(["MALC"], Voice.SELF)
    assert text.text == (
        "Do not stop drinking suddenly. If you drink heavily it can make you seriously ill. Get medical "
        "advice first. Call 999 for a fit, confusion, or seeing or hearing things."
    )


def test_a_key_without_words_is_an_error():
    with pytest.raises(KeyError):
        texts_for(["MXXX"], Voice.SELF)


def test_the_static_text_is_the_same_for_everyone():
    said = {tuple(text.text for text in texts_for(STATIC_MESSAGES, voice)) for voice in Voice}
    assert len(said) == 1


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_every_number_is_a_help_line(text: CallerText):
    known = {number for line in shipped_help_lines() for number in numbers_in(line.number)}
    assert numbers_in(text.text) <= known


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_no_text_says_what_must_never_be_said(text: CallerText):
    assert not [words for words in NEVER_SAY if words in text.text.lower()]


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_every_text_is_short_sentences_on_one_line(text: CallerText):
    assert "\n" not in text.text
    assert text.text == text.text.strip()
    if text.key not in STATIC_MESSAGES:
        assert max(len(sentence.split()) for sentence in re.split(r"[.;:?] ?", text.text)) <= 26


@pytest.mark.parametrize("key", ["MALC", "MSED", "MGHB"])
@pytest.mark.parametrize("voice", Voice)
def test_sudden_stopping_is_warned_against_in_every_voice(key: str, voice: Voice):
    [text] = texts_for([key], voice)
    assert re.search(r"not (to )?stop \S+( \S+)? suddenly", text.text)


@pytest.mark.parametrize("key", ["M999", "MOD", "MDNG"])
@pytest.mark.parametrize("voice", Voice)
def test_emergencies_say_999_in_the_first_words_that_count(key: str, voice: Voice):
    [text] = texts_for([key], voice)
    assert "call 999" in text.text[:80].lower()
