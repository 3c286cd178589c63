from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from crm.enums import Role
from crm.models import Membership, Site, User

PASSWORD = "a long enough password"


class SiteFactory(DjangoModelFactory[Site]):
    class Meta:
        model = Site

    slug = factory.Sequence(lambda n: f"site-{n}")
    name = factory.Sequence(lambda n: f"Example House {n}")
    phone = "020 7946 0000"
    day_summary_since = datetime(2020, 1, 1, tzinfo=UTC)  # sites of tests have been there long


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@threshold.example")
    full_name = factory.Sequence(lambda n: f"Sam Example {n}")

    @factory.post_generation
    def password(self: User, create: bool, extracted: str | None, **_: object) -> None:
        self.set_password(extracted or PASSWORD)
        if create:
            self.save(update_fields=["password"])


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    site = factory.SubFactory(SiteFactory)
    role = Role.COORDINATOR
