"""Make what is there fit the rules to come: approved by somebody, one approved version, phrases on the shipped lines."""

from django.db import migrations

# Nobody is known to have approved these, or a later version was approved as well.
UNAPPROVE = """
UPDATE intake_guide SET state = 'AWAITING_REVIEW' WHERE state = 'APPROVED' AND reviewed_by_id IS NULL;
UPDATE intake_guide SET approved_at = created_at, review_date = coalesce(review_date, created_at::date + 365)
WHERE state = 'APPROVED';
UPDATE intake_guide AS older SET state = 'RETIRED' FROM intake_guide AS newer
WHERE older.state = 'APPROVED' AND newer.state = 'APPROVED' AND newer.slug = older.slug AND newer.version > older.version;
UPDATE intake_callermessage SET state = 'AWAITING_REVIEW' WHERE state = 'APPROVED' AND approved_by_id IS NULL;
UPDATE intake_callermessage AS older SET state = 'RETIRED' FROM intake_callermessage AS newer
WHERE older.state = 'APPROVED' AND newer.state = 'APPROVED' AND newer.version > older.version
AND newer.key = older.key AND newer.voice = older.voice;
"""

# key, number as shipped, phrases: a number that staff have changed keeps none, and they write them in the admin
PHRASES = (
    ("gb-999", "999", {"emergency": "999"}),
    ("gb-999-55", "999 then 55", {"silent": "if you cannot speak, press 55"}),
    ("england-111", "111", {"urgent": "111", "mental_health": "111 and choose mental health"}),
    ("wales-111", "111 then 2", {"urgent": "111", "mental_health": "111 and press 2"}),
    ("scotland-111", "111", {"urgent": "111"}),
    ("northern-ireland-lifeline", "0808 808 8000", {"mental_health": "Lifeline on 0808 808 8000"}),
    ("gb-samaritans", "116 123", {"listening": "Samaritans on 116 123"}),
    ("gb-gambling", "0808 8020 133", {"gambling": "National Gambling Helpline 0808 8020 133"}),
    ("gb-childline", "0800 1111", {"young": "Childline 0800 1111"}),
    ("england-domestic-abuse", "0808 2000 247", {"abuse": "National Domestic Abuse Helpline 0808 2000 247"}),
    ("ie-112", "112", {"emergency": "112"}),
    ("ie-samaritans", "116 123", {"listening": "Samaritans on 116 123"}),
    ("us-911", "911", {"emergency": "911"}),
    ("us-988", "988", {"mental_health": "988"}),
)


def fill_phrases(apps, schema_editor):
    HelpLine = apps.get_model("intake", "HelpLine")
    for key, number, phrases in PHRASES:
        HelpLine.objects.filter(key=key, number=number, phrases={}).update(phrases=phrases)


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_guides_and_help_lines_know_their_checks")]

    operations = [
        migrations.RunSQL(UNAPPROVE, migrations.RunSQL.noop),
        migrations.RunPython(fill_phrases, migrations.RunPython.noop),
    ]
