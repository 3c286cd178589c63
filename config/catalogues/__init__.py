"""The catalogues of the public words: taken from the source, checked, and built for Django to read.

`make messages` writes locale/django.pot and brings every django.po up to date; `make run` and `make test`
build the django.mo that Django reads. Babel does all of it, so that nobody needs GNU gettext.
"""
