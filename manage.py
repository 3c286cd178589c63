#!/usr/bin/env python
"""Run Threshold's management commands."""

import os
import sys

from django.core.management import execute_from_command_line
from django.db import OperationalError

from config.embedded import data_dir, why_unreachable

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError:
        if sentence := why_unreachable(data_dir()):
            sys.exit(sentence)
        raise
