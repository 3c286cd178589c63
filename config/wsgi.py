"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from config.chunked import with_length

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = with_length(get_wsgi_application())
resolve("/")  # imports every view: a second that the first visitors of a new process need not wait for
