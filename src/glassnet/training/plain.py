"""A state as plain data and named arrays, which a file can hold, and back: nothing lost, not a bit."""

from dataclasses import asdict, fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.nn import schedules
from glassnet.nn.dropout import Dropout
from glassnet.nn.schedules import Schedule
from glassnet.training import events
from glassnet.training.events import Epoch
from glassnet.training.metrics import Tally
from glassnet.training.settings import Settings
from glassnet.training.state import BestEpoch, Kept, Place, State

Array = NDArray[Any]

SCHEDULES = {kind.__name__: kind for kind in schedules.SCHEDULES.values() if isinstance(kind, type)}


def to_plain(state: State) -> tuple[dict[str, Any], dict[str, Array]]:
    """Return what JSON can hold of a state, and its arrays by name.

    Raises ValueError for a schedule that is not one of glassnet's.
    """
    place, best, good = state.place, state.best, state.good
    arrays = {"parameters": state.parameters, "state": state.network_state}
    arrays |= {f"slot.{name}": slot for name, slot in state.slots.items()}
    arrays |= {"good.parameters": good.parameters, "good.state": good.state}
    if best is not None and best.kept is not good:
        arrays |= {"best.parameters": best.kept.parameters, "best.state": best.kept.state}
    record = {
        "settings": {f.name: getattr(state.settings, f.name) for f in fields(Settings)}
        | {"schedule": _from_schedule(state.settings.schedule)},
        "place": {f.name: getattr(place, f.name) for f in fields(Place)} | {"tally": asdict(place.tally)},
        "optimizer_steps": state.optimizer_steps,
        "generator": state.generator,
        "dropout_rates": [*state.dropout_rates],
        "good": good.epoch,
        "best": None if best is None else events.to_json(best.epoch),
        "pending": [events.to_json(event) for event in state.pending],
        "history_length": state.history_length,
        "threads": state.threads,
        "of": state.of,
        "machine": state.machine,
    }
    return record, arrays


def from_plain(record: dict[str, Any], arrays: dict[str, Array]) -> State:
    """Return the state that `to_plain` was given. ValueError, KeyError or TypeError for anything else."""
    np.random.PCG64(0).state = record["generator"]  # which refuses what is none of its states
    good = Kept(arrays["good.parameters"], arrays["good.state"], record["good"])
    settings = {**record["settings"], "schedule": _to_schedule(record["settings"]["schedule"])}
    sums = record["place"]["tally"]
    tally = Tally(**{**sums, **{name: _to_sum(sums[name]) for name in ("squares", "sizes")}})
    pending = [events.from_json(line) for line in record["pending"]]
    return State(
        settings=Settings(**settings),
        place=Place(**{**record["place"], "tally": tally}),
        parameters=arrays["parameters"],
        network_state=arrays["state"],
        slots={name.removeprefix("slot."): a for name, a in arrays.items() if name.startswith("slot.")},
        optimizer_steps=record["optimizer_steps"],
        generator=record["generator"],
        dropout_rates=tuple(Dropout(rate).rate for rate in record["dropout_rates"]),
        good=good,
        best=None if record["best"] is None else _to_best(record["best"], good, arrays),
        pending=tuple(event for event in pending if event is not None),
        history_length=record["history_length"],
        threads=record["threads"],
        of=dict(record["of"]),
        machine=record["machine"],
    )


def _to_sum(numbers: list[float] | None) -> Array | None:
    return None if numbers is None else np.array(numbers, np.float64)


def _to_best(line: str, good: Kept, arrays: dict[str, Array]) -> BestEpoch:
    epoch = events.from_json(line)
    if not isinstance(epoch, Epoch):
        raise ValueError(f"expected an epoch's event, got {line}")
    if "best.parameters" not in arrays:
        return BestEpoch(epoch, good)
    return BestEpoch(epoch, Kept(arrays["best.parameters"], arrays["best.state"], epoch.epoch))


def _from_schedule(schedule: Schedule) -> dict[str, Any]:
    kind = type(schedule)
    if SCHEDULES.get(kind.__name__) is not kind or not is_dataclass(schedule):
        raise ValueError(f"checkpoint: expected one of glassnet's schedules, got {schedule!r}")
    options = {f.name: getattr(schedule, f.name) for f in fields(schedule)}
    if "then" in options:
        options["then"] = _from_schedule(options["then"])
    return {"kind": kind.__name__, **options}


def _to_schedule(record: dict[str, Any]) -> Schedule:
    options = {name: value for name, value in record.items() if name != "kind"}
    if "then" in options:
        options["then"] = _to_schedule(options["then"])
    schedule: Schedule = SCHEDULES[record["kind"]](**options)
    return schedule
