"""A note to the next shift."""

from crm.forms.desk_form import DeskForm
from crm.forms.fields import text


class HandoverNoteForm(DeskForm):
    """Whatever the next shift must know; a lead is named by its reference."""

    text = text("What must they know?", "Name a lead by its reference, not by its person.", rows=4)
