"""A site's tags, and putting them on leads. Managers choose the words (crm.views.tags)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from crm.enums import EventKind
from crm.models import Lead, LeadEvent, LeadTag, Site, Tag, User
from crm.refusals import TagIsKnown, TagNotOfSite
from crm.services.locking import locked
from crm.services.pulse import touch_queues


def add_tag(*, site: Site, name: str, at: datetime) -> Tag:
    """Add a word to a site's vocabulary. Raises TagIsKnown, however it is spelt in capitals."""
    try:
        with transaction.atomic():
            return Tag.objects.create(site=site, name=" ".join(name.split()), created_at=at)
    except IntegrityError:
        raise TagIsKnown from None


def retire_tag(*, tag: Tag, at: datetime) -> None:
    """Offer a tag no more; it stays on the leads that have it."""
    Tag.objects.filter(pk=tag.pk, retired_at=None).update(retired_at=at)


@transaction.atomic
def tag_lead(*, lead: Lead, tag: Tag, by: User, at: datetime) -> bool:
    """Put a tag on a lead; return False when it has it already. Raises TagNotOfSite."""
    lead = locked(lead)
    if tag.site_id != lead.site_id or tag.retired_at:
        raise TagNotOfSite
    _, is_new = LeadTag.objects.get_or_create(lead=lead, tag=tag, defaults={"by": by, "tagged_at": at})
    if is_new:
        _note(lead, EventKind.TAGGED, tag, by, at)
    return is_new


@transaction.atomic
def untag_lead(*, lead: Lead, tag: Tag, by: User, at: datetime) -> bool:
    """Take a tag off a lead; return False when it is not there."""
    lead = locked(lead)
    gone, _ = LeadTag.objects.filter(lead=lead, tag=tag).delete()
    if gone:
        _note(lead, EventKind.UNTAGGED, tag, by, at)
    return bool(gone)


def _note(lead: Lead, kind: EventKind, tag: Tag, by: User, at: datetime) -> None:
    data = {"tag": tag.name, "id": str(tag.pk)}
    LeadEvent.objects.create(lead=lead, kind=kind, by=by, occurred_at=at, data=data)
    touch_queues()
