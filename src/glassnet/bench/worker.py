"""A process of its own for one side: takes requests, a line of JSON each, and answers each with one.

    {"prepare": {…}}   make the job ready: {"facts": {…}}
    {"turn": n}        n pieces of it: {"seconds": …, "cpu": …, "loss": …}

An error is answered by {"error": "one line"}. The end of the input ends the process. What the library prints
goes to stderr, whatever way it takes: the answers have a channel that nobody else knows of.
"""

import gc
import json
import os
import sys
from time import perf_counter, process_time
from typing import Any, TextIO

from glassnet.bench.job import Job, make


def main() -> None:
    """Serve requests until there are no more: `side threads` are the command's arguments."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(sys.stdin, answers, sys.argv[1], int(sys.argv[2]))


def serve(requests: TextIO, answers: TextIO, side: str, threads: int) -> None:
    """Answer each request for that side with so many threads."""
    job: Job | None = None
    for line in requests:
        request = json.loads(line)
        try:
            if "prepare" in request:
                job = None
                gc.unfreeze()
                gc.collect()
                job = make(side, threads, request["prepare"])
                gc.freeze()
                answer: dict[str, Any] = {"facts": job.facts}
            elif job is None:
                raise ValueError("expected a job that was prepared, got none")
            else:
                answer = turn(job, request["turn"])
        except Exception as error:
            answer = {"error": one_line(error)}
        print(json.dumps(answer), file=answers, flush=True)


def turn(job: Job, pieces: int) -> dict[str, float]:
    """Do so many pieces and return what they took, in seconds of the clock and of all cores."""
    job.ready(pieces)
    gc.disable()  # as timeit does: another side's garbage is not this side's time
    try:
        cpu, started = process_time(), perf_counter()
        loss = job.run(pieces)
        return {"seconds": perf_counter() - started, "cpu": process_time() - cpu, "loss": loss}
    finally:
        gc.enable()


def one_line(error: Exception) -> str:
    """Return an error as one line of at most 200 letters."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}"[:200]
