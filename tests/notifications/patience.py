"""How long tests give a conversation in which the other side does not answer."""

SHORT = 2.0  # seconds for all of it: time enough to say everything, however busy the machine is
IN_TIME = 20.0  # seconds: well before the other side gives up (HANG)
