"""`make run`: the whole of Threshold on one machine, until Ctrl-C or SIGTERM."""
