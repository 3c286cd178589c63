"""What is wrong with a wording of a message to callers, in words for whoever wrote it.

Whoever else looks at the screen reads it: nothing in it may tell what it is about.
"""

import re
from collections.abc import Iterator

from notifications.catalogue import CATALOGUE
from notifications.channels.mime import sender_name
from notifications.enums import ChannelName
from notifications.promotion import promotes
from notifications.samples import sample_values
from notifications.worded import Worded
from notifications.wording import SLOT, Words, as_text, conditions_in, conditions_of, fill, slots_of

LONGEST_MAIL, LONGEST_TEXT = 3000, 300  # characters; a text of more than 306 is three, each charged
LONGEST_SUBJECT = 60
LINK = re.compile(r"https?:|www\.|\S@\S|\b\w+\.(?:com|org|net|uk|example)\b", re.IGNORECASE)
DIGITS = re.compile(r"\d{3,}|\d[\d ]{4,}\d")
MARKUP = re.compile(r"</?[a-z!][^>]*>|\{%|\{\{|\{#", re.IGNORECASE)
TELLS = re.compile(  # what it is about: stems, in every language of ours
    r"""\b(
        rehab\w* | detox\w* | dezintox\w* | odtru\w* | odwyk\w* | dadwenwyn\w* | adsefydl\w*
      | alco(h)?ol\w* | alkohol\w* | drugs? | cyffur\w* | narkoty\w* | drog\w*
      | ketamin\w* | cocain\w* | kokain\w* | heroin\w* | opioid\w* | opiat\w* | cannabis | gambl\w*
      | addict\w* | caethiw\w* | uzależn\w* | dependen\w*
      | clinic\w* | klini\w* | treat(ment|ed)\w* | triniaeth\w* | leczeni\w* | tratament\w*
      | admission\w* | admit\w* | therap\w* | terap\w* | relapse\w* | recover(y|ing) | threshold
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def problems_with(worded: Worded, words: Words) -> list[str]:
    """Return what has to be changed before it can be saved; nothing if it is fine."""
    return [*_with_slots(worded, words), *_with_subject(worded, words), *_with_what_is_said(worded, words)]


def _with_slots(worded: Worded, words: Words) -> Iterator[str]:
    known, said = slots_of(worded.kind), set(SLOT.findall(words.text))
    for slot in sorted(said - known):
        yield f"There is no {{{slot}}} to fill in here. There are: {_listed(known)}."
    needed = {
        name
        for name in ("call_by", "call_at", "link", "lines", "until")
        if name in CATALOGUE[worded.kind].needs
    }
    for slot in sorted(needed - said):
        yield f"It has to say {{{slot}}}."
    if re.search(r"[{}]", SLOT.sub("", words.text + words.subject)):
        yield "A bracket { or } stands alone. Write a slot as {phone}."
    for condition in _unknown_conditions(worded, words.text):
        yield f"A line cannot depend on [{condition}] here. {_can_depend_on(worded)}"


def _with_subject(worded: Worded, words: Words) -> Iterator[str]:
    if worded.channel == ChannelName.SMS:
        if words.subject:
            yield "A text message has no subject."
        return
    if not words.subject.strip():
        yield "An e-mail needs a subject."
    if "\n" in words.subject or len(words.subject) > LONGEST_SUBJECT:
        yield f"The subject is one line of at most {LONGEST_SUBJECT} characters."
    if set(SLOT.findall(words.subject)) - {"sender"}:
        yield "The subject may only have {sender}: it is read on locked screens."


def _with_what_is_said(worded: Worded, words: Words) -> Iterator[str]:
    own = SLOT.sub("", f"{words.subject}\n{words.text}")
    if found := TELLS.search(own):
        yield f"“{found[0]}” tells what it is about to whoever else reads it. Leave it out."
    if promoting := promotes(own):
        yield f"“{promoting}” promotes something: a message like this may not (PECR)."
    if found := LINK.search(own):
        yield f"“{found[0]}”: no addresses. What can be opened or called is filled in for you."
    if found := DIGITS.search(own):
        yield f"“{found[0]}”: no numbers of our own. Write {{phone}}."
    if found := MARKUP.search(own):
        yield f"“{found[0]}”: plain words only."
    yield from _with_length(worded, words)


def _with_length(worded: Worded, words: Words) -> Iterator[str]:
    values = {"sender": sender_name(), **sample_values(worded.kind, worded.language, is_full=True)}
    length = len(as_text(fill(words, values), worded.channel))
    most = LONGEST_TEXT if worded.channel == ChannelName.SMS else LONGEST_MAIL
    if not length:
        yield "Nothing of it would be sent: every line is left out. Write one that always stands."
    if length > most:
        yield f"It has {length} characters when it is filled in; {most} at most."


def _unknown_conditions(worded: Worded, text: str) -> list[str]:
    known = conditions_of(worded.kind)
    used = (condition for line in text.split("\n") for condition in conditions_in(line)[0])
    return sorted(set(used) - set(known))


def _can_depend_on(worded: Worded) -> str:
    known = conditions_of(worded.kind)
    return f"It can on: {', '.join(f'[{name}]' for name in known)}." if known else "There is none for it."


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
