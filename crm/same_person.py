"""Whether two records are the same human, as far as numbers, addresses and names can tell."""

from crm.models import Person
from vault.tokens import email_search, name_words, phone_search

NUMBER, ADDRESS, NAME = "the same phone number", "the same e-mail address", "the same name"
Marks = dict[str, set[object]]


def what_they_share(one: Person, other: Person) -> list[str]:
    """Return in words what two records have in common. A name counts from its second word on."""
    mine, theirs = _marks(one), _marks(other)
    return [words for words in (NUMBER, ADDRESS, NAME) if not mine[words].isdisjoint(theirs[words])]


def _marks(person: Person) -> Marks:
    words = tuple(sorted(name_words(person.name)))
    return {
        NUMBER: set(phone_search(person.phone_e164 or person.phone)),
        ADDRESS: set(email_search(person.email)),
        NAME: {words} if len(words) > 1 else set(),
    }
