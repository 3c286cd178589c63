"""How hypothesis looks for examples: without a clock, and in every short run for the same ones."""

import os

from hypothesis import settings

IS_LONG = os.environ.get("FAULTS") == "long"  # then it looks for new ones

settings.register_profile("threshold", deadline=None, derandomize=not IS_LONG)
settings.load_profile("threshold")
