"""Whether the faults are the long ones (make faults) or those of the test run, which shares its machine."""

import os

LONG = os.environ.get("FAULTS") == "long"
SHORT_OF_CPU = 3  # how many times as long as promised something may take in a test run
