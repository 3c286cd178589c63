#!/usr/bin/env python
"""Run Threshold's management commands."""

import os
import sys

from django.core.management import execute_from_command_line

from config.why import explained

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    with explained():
        execute_from_command_line(sys.argv)
