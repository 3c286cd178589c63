"""Uploading a list of people who asked for help elsewhere."""

from django import forms

from crm.forms.uploads import ListForm


class ImportForm(ListForm):
    agreed = forms.BooleanField(
        label="Each of these people asked for help, and was told that we would have what they said",
        error_messages={"required": "Import only people who asked for help and know that we have it."},
    )
