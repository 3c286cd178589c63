"""Finding a lead."""

from django import forms


class SearchForm(forms.Form):
    q = forms.CharField(label="Reference, name, phone or e-mail", max_length=200, required=False)
