import re

import pytest

from intake.content.help_lines import shipped_help_lines
from intake.enums import Slot, Voice
from intake.lines import Line, lines_to_show
from intake.selectors import known_words, said_here
from intake.triage.engine import NAMED_SUBSTANCE_MESSAGES, NEVER_TOLD_WITH, STATIC_MESSAGES
from intake.triage.messages import CallerText, shipped_keys, shipped_texts, texts_for
from intake.triage.rules import shipped_rule_set
from intake.wording import Words, fill, slots_in, words_for

TEXTS = sorted(shipped_texts().values(), key=lambda text: (text.key, text.voice))
NATIONS = ("England", "Wales", "Scotland", "Northern Ireland")
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
    assert found[0].version == "2"


def test_the_words_for_the_person_are_those_that_were_approved_for_wording():
    [text] = said_here(texts_for(["MALC"], Voice.SELF), known_words())
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
def test_no_text_has_a_number_of_its_own_but_slots_that_exist(text: CallerText):
    assert numbers_in(text.text) == set()
    assert set(slots_in(text.text)) <= set(Slot)


@pytest.mark.parametrize("text", TEXTS, ids=name)
def test_every_number_said_is_a_help_line_shown_there(text: CallerText):
    for locale, nation in (*(("GB", nation) for nation in NATIONS), ("IE", ""), ("US", ""), ("FR", "")):
        shown = lines_of(locale, nation)
        known = {number for line in shown for number in re.findall(r"\d+", line.number)}
        said = fill(text.text, words_for(shown, locale))
        assert said
        assert set(re.findall(r"\d+", said)) <= known


def test_a_crisis_is_met_in_the_way_of_each_place():
    [text] = texts_for(["MCRI"], Voice.SELF)
    said = {nation: fill(text.text, words_of("GB", nation)) for nation in ("England", "Wales", "Scotland")}
    assert "Call 111 and choose mental health, or Samaritans on 116 123, any time." in said["England"]
    assert "Call 111 and press 2, or Samaritans on 116 123, any time." in said["Wales"]
    assert "Call Samaritans on 116 123, any time." in said["Scotland"]
    assert "call 112 or go to the emergency department." in fill(text.text, words_of("IE"))
    assert "Call 988, any time." in fill(text.text, words_of("US"))


def words_of(locale: str, nation: str = "") -> Words:
    return words_for(lines_of(locale, nation), locale)


def lines_of(locale: str, nation: str) -> tuple[Line, ...]:
    local = [line for line in shipped_help_lines() if line.locale == locale and line.nation in ("", nation)]
    return lines_to_show(local, locale)


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
    [text] = said_here(texts_for([key], voice), known_words())
    assert "call 999" in text.text[:80].lower()
