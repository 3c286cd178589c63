import factory
from factory.django import DjangoModelFactory

from crm.models import Person
from jobs.clock import database_now
from vault.tokens import email_tokens, name_tokens, phone_end_tokens, phone_tokens


class PersonFactory(DjangoModelFactory[Person]):
    """Somebody who may be called and e-mailed. Numbers are from Ofcom's range for drama."""

    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Robin Sample {n}")
    phone = factory.Sequence(lambda n: f"07700 {900800 + n % 180}")  # never one that a test names
    phone_e164 = factory.LazyAttribute(lambda person: person.phone.replace(" ", "").replace("0", "+44", 1))
    email = factory.Sequence(lambda n: f"robin{n}@example.org")
    may_call = True
    may_email = True
    search_tokens = factory.LazyAttribute(
        lambda person: [
            *name_tokens(person.name),
            *phone_tokens(person.phone_e164),
            *phone_end_tokens(person.phone_e164),
            *email_tokens(person.email),
        ]
    )
    created_at = factory.LazyFunction(database_now)
