"""What the scripts that measure peers share: threads, repeated runs, and a line of JSON for each result.

Import this first: some libraries read the number of threads when they are loaded.
"""
import json
import os
import statistics
import sys
import time

THREADS = int(os.environ.get("THREADS") or len(os.sched_getaffinity(0)))
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS"):
    os.environ[variable] = str(THREADS)

# How often each thing is run; the median counts. What lasts longer than so many seconds is not run again.
REPEATS = int(os.environ.get("REPEATS", "3"))
ENOUGH = float(os.environ.get("ENOUGH_SECONDS", "30"))


def median_seconds(body, repeats=None, warm_up=True, set_up=None):
    """Runs `body` again and again: the seconds of each run, and what the last one returned."""
    seconds, result = [], None
    for _ in range((repeats or REPEATS) + (1 if warm_up else 0)):
        if set_up:
            set_up()
        result = None
        start = time.perf_counter()
        result = body()
        seconds.append(time.perf_counter() - start)
        if sum(seconds) > ENOUGH:
            break
    # The first run counts only where it was the only one.
    return seconds[1:] if warm_up and len(seconds) > 1 else seconds, result


def say(peer, what, seconds, **results):
    """One result. `what` is the name that `riskgraph bench` gives to the same work."""
    print(json.dumps({"peer": peer, "what": what, "name": peer, "seconds": statistics.median(seconds),
                      "all": seconds, **results}), flush=True)


def missing(peer, why):
    print(json.dumps({"peer": peer, "missing": str(why)}), flush=True)


def run(peers):
    """Runs those functions whose names the command line ends with (all without any); what cannot be imported is named."""
    wanted = [word for word in sys.argv[2:] if not word.startswith("-")] or list(peers)
    for name in wanted:
        try:
            peers[name](sys.argv[1])
        except ImportError as error:
            missing(name, error)
