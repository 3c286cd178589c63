"""Notes from one shift to the next."""

from datetime import datetime

from crm.models import HandoverNote, Site, User
from crm.refusals import NothingWritten


def write_handover_note(*, site: Site, by: User, text: str, at: datetime) -> HandoverNote:
    """Leave a note for whoever comes next. Raises NothingWritten for an empty one."""
    if not text.strip():
        raise NothingWritten
    return HandoverNote.objects.create(site=site, by=by, text=text.strip(), written_at=at)
