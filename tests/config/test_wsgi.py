"""What the web server serves, in a process of its own as it is there."""

import subprocess
import sys

LOADED = "import sys, config.wsgi; print('intake.views.journey' in sys.modules, 'crm.urls' in sys.modules)"


def test_views_are_there_before_the_first_visitor() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]
