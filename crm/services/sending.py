"""Taking a form once, however often a browser sends it: a double press, a retry after a lost connection.

The id of a sending is made of the form's key, who sent it, where to, and every word of it. The same key with
other words is another sending: no word is ever dropped for an old key.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.db import connection

from crm.models import Sending, User

KEPT_FOR = timedelta(days=7)  # a tab that was closed by then sends nothing any more
INSERT = "INSERT INTO crm_sending (id, by_id, sent_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"


def is_first_sending(
    *, key: UUID, by: User, to: str, fields: Iterable[tuple[str, str]], at: datetime
) -> bool:
    """Note the sending, and return False if it has been taken before.

    Call it in the transaction that does what was asked: a refusal rolls the note back, so that the same form
    may be sent again. Two at the same moment wait for each other here.
    """
    words = urlencode(sorted(fields))
    sending = uuid5(key, f"{by.pk}|{to}|{words}")
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [sending, by.pk, at])
        return cursor.rowcount == 1


def forget_sendings(*, at: datetime) -> None:
    """Delete the notes of sendings that nobody will repeat."""
    Sending.objects.filter(sent_at__lt=at - KEPT_FOR).delete()
