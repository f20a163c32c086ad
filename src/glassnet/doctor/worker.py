"""The process in which a learner's file is examined, which leaves the outcome in a file."""

import faulthandler
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

OUTCOME, WHERE = "outcome.json", "where.txt"  # what came of it; where it was when it crashed or was stopped


def main() -> None:
    """Examine `spec` with `seed`; arguments: spec, seed, the folder to write to, the time to end by."""
    spec, seed, folder, deadline = sys.argv[1:5]
    where = Path(folder, WHERE).open("w", encoding="utf-8")  # noqa: SIM115
    faulthandler.enable(where)
    # Ends this process in time whatever the code does, with a note of the line it was in.
    faulthandler.dump_traceback_later(max(float(deadline) - time.time(), 0.01), exit=True, file=where)
    _write(Path(folder, OUTCOME), outcome(spec, int(seed)))
    os._exit(0)  # threads and exit handlers of the learner's have no say any more


def outcome(spec: str, seed: int) -> dict[str, Any]:
    """Return the diagnosis, or why there is none, as what JSON can hold."""
    from glassnet.doctor.calls import CodeError
    from glassnet.doctor.examine import examine
    from glassnet.doctor.loading import loaded

    try:
        with loaded(spec) as file:
            return {"diagnosis": examine(file.subject(seed=seed), seed=seed).plain()}
    except CodeError as error:
        return {"error": str(error), "traceback": error.traceback}
    except (ValueError, OSError) as error:
        return {"error": str(error), "traceback": ""}
    except MemoryError:
        return {"error": f"{spec}: asked for more memory than there is", "traceback": ""}
    except Exception as error:
        if os.environ.get("GLASSNET_DEBUG"):
            import traceback

            return {"fault": traceback.format_exc()}
        return {"fault": f"{type(error).__name__}: {error}"}


def _write(path: Path, plain: dict[str, Any]) -> None:
    """Write all of it or nothing."""
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(plain, default=_number), encoding="utf-8")
    part.replace(path)


def _number(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"expected what JSON can hold, got {type(value).__name__}")
