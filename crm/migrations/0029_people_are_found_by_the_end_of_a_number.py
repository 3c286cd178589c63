"""Find everybody who is known already by the last digits of their number, too."""

from itertools import islice

from django.db import migrations

from vault.tokens import phone_end_tokens

AT_A_TIME = 500


def note_ends(apps, schema_editor):
    Person = apps.get_model("crm", "Person")
    with_number = Person.objects.exclude(search_tokens=[]).only("phone", "phone_e164", "search_tokens")
    everybody = with_number.order_by("pk").iterator(chunk_size=AT_A_TIME)
    while some := list(islice(everybody, AT_A_TIME)):
        for person in some:
            person.search_tokens = sorted({*person.search_tokens, *_ends(person)})
        Person.objects.bulk_update(some, ["search_tokens"])


def _ends(person):
    return phone_end_tokens(person.phone_e164 or person.phone)


class Migration(migrations.Migration):
    dependencies = [("crm", "0028_contact_plans_have_versions")]

    operations = [migrations.RunPython(note_ends, migrations.RunPython.noop)]
