"""On the path of processes under libfaketime 0.9.10, which has time.sleep() raise EINVAL (clock_nanosleep).


With the monotonic clock left alone everything else waits as long as it should.
"""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep
