"""Wrong ways back through a step, each of which the doctor can try in place of the right one.

A fault is a replacement of one step's backward. What it would make of all gradients is computed and compared
with the learner's: if every number agrees, the fault is what they wrote, or something equal to it.
"""

from collections.abc import Iterator

from glassnet.doctor.faults.activation import of_activation
from glassnet.doctor.faults.dense import of_dense
from glassnet.doctor.faults.fault import Fault
from glassnet.doctor.faults.others import of_mask, of_normalization, of_shortcut
from glassnet.doctor.faults.output import of_head, of_softmax
from glassnet.doctor.model import Model
from glassnet.doctor.steps import Dense, Elementwise, Mask, Normalization, Run, Skip, Softmax, Step
from glassnet.doctor.words import listed


def faults(model: Model, run: Run) -> list[Fault]:
    """All mistakes worth trying, the likelier first: at one step, then the same at several."""
    single = [fault for k, step in enumerate(model.steps) for fault in _of_step(model, run, k, step)]
    single += of_head(model, run)
    return [*single, *_everywhere(single, len(model.steps))]


def _of_step(model: Model, run: Run, k: int, step: Step) -> Iterator[Fault]:
    match step:
        case Dense():
            yield from of_dense(model, run, k, step)
        case Elementwise():
            yield from of_activation(model, run, k, step.activation)
        case Softmax():
            yield from of_softmax(model, run, k, step)
        case Normalization():
            yield from of_normalization(model, k, step)
        case Skip():
            yield from of_shortcut(k)
        case Mask():
            yield from of_mask(k)


def _everywhere(single: list[Fault], last: int) -> list[Fault]:
    """The same mistake at every step of a kind, and at every one but the last."""
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in single:
        groups.setdefault((fault.cause, fault.key), []).append(fault)
    found = []
    for group in groups.values():
        hidden = [fault for fault in group if max(fault.replaced) < last - 1]
        for chosen in (group, hidden) if len(hidden) < len(group) else (group,):
            if len(chosen) > 1:
                found.append(_together(chosen))
    return found


def _together(chosen: list[Fault]) -> Fault:
    """The first fault, at the steps of all."""
    first = chosen[0]
    others = [where for where in dict.fromkeys(fault.where for fault in chosen) if where != first.where]
    says = f"{first.says}; the same at {listed(others)}" if others else first.says
    return first._replace(says=says, replaced={k: back for f in chosen for k, back in f.replaced.items()})
