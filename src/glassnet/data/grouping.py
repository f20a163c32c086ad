"""Which strokes make up a digit, and in which order the digits stand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.components import Components

Array = NDArray[Any]

SPECK = 0.2  # of the tallest stroke's height: what is smaller both ways is dirt, or a decimal point
ROUND = 0.7  # of the strokes' thickness: a speck as large that stands over them is their dot, as on an i
DOT_APART, DOT_ASIDE = 0.55, 0.2  # of their height that may be between, and that it may stand aside
OVER = 0.4  # of the narrower stroke's width that lies over another of the same digit
APART = 0.3  # of the taller stroke's height that may be between two strokes of a digit, one over the other
ROWS_APART = 0.1  # of that, if both are tall: two digits in a column
TALL = 0.6  # of the taller one's height
FEW = 6  # specks: more are dirt
NEAR = 0.12  # of a digit's height that a small stroke may be beside it

Group = list[int]


def strokes(parts: Components) -> Group:
    """Return the components that are no specks, all that there are if there is but one."""
    size = (parts.boxes[:, 2:] - parts.boxes[:, :2]).max(axis=1, initial=0)
    tallest = max((parts.boxes[:, 3] - parts.boxes[:, 1]).max(initial=0), 1)
    return [int(k) for k in np.flatnonzero(size >= SPECK * tallest)]


def dots(parts: Components, found: Group, group: Group) -> Group:
    """Return the specks that stand over a group of strokes as the dot of an i does: round, and as thick."""
    specks = np.setdiff1d(np.arange(len(parts.areas)), found)
    if not len(specks) or len(specks) > FEW:
        return []
    sizes = (parts.boxes[:, 2:] - parts.boxes[:, :2]).max(axis=1)
    thick = parts.areas[group].sum() / sizes[group].sum()
    x0, y0, x1, y1 = around(parts, group)
    height = y1 - y0
    left, _, right, bottom = parts.boxes[specks].T
    middle = (left + right) / 2
    over = (bottom <= y0) & (bottom >= y0 - DOT_APART * height)
    beside = (middle > x0 - DOT_ASIDE * height) & (middle < x1 + DOT_ASIDE * height)
    return [int(k) for k in specks[over & beside & (sizes[specks] >= ROUND * thick)]]


def digits(parts: Components, found: Group) -> list[Group]:
    """Return the groups of strokes that are digits, line by line, from left to right.

    Strokes are of one digit if one lies over the other with little between them, or if a small one is close
    by; not if they stand beside each other, however far they lean.
    """
    groups: list[Group] = [[k] for k in found]
    boxes = parts.boxes[found]  # one that has gone into another keeps its place in the list, empty
    k = 0
    while k < len(groups):
        other = _partner(parts, groups, boxes, k)
        if other is None:
            k += 1
            continue
        k, other = min(k, other), max(k, other)
        groups[k] += groups[other]
        groups[other] = []
        boxes[k] = around(parts, groups[k])
    return _in_order(parts, [group for group in groups if group])


def around(parts: Components, group: Sequence[int]) -> tuple[int, int, int, int]:
    """Return the box x0, y0, x1, y1 around components."""
    boxes = parts.boxes[list(group)]
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _partner(parts: Components, groups: list[Group], boxes: Array, k: int) -> int | None:
    """The first group that is of the same digit as group `k`; of the thousands in a texture few are near."""
    if not groups[k]:
        return None
    over = np.minimum(boxes[k, 2:], boxes[:, 2:]) - np.maximum(boxes[k, :2], boxes[:, :2])
    tallest = np.maximum(boxes[k, 3] - boxes[k, 1], boxes[:, 3] - boxes[:, 1])
    near = (over[:, 0] >= -NEAR * tallest) & (over[:, 1] >= -APART * tallest)
    near[k] = False
    among = (int(other) for other in np.flatnonzero(near) if groups[other])
    return next((j for j in among if _belong(parts, groups[min(j, k)], groups[max(j, k)])), None)


def _belong(parts: Components, one: Group, other: Group) -> bool:
    a, b = around(parts, one), around(parts, other)
    widths, heights = (a[2] - a[0], b[2] - b[0]), (a[3] - a[1], b[3] - b[1])
    over = min(a[2], b[2]) - max(a[0], b[0])  # negative: so far apart
    beside = min(a[3], b[3]) - max(a[1], b[1])
    tall = min(heights) >= TALL * max(heights)
    if over >= OVER * min(widths):
        if beside > 0.5 * min(heights) and _side_by_side(parts, one, other):
            return False
        return -beside <= (ROWS_APART if tall else APART) * max(heights)
    small_one_near = not tall and -over <= NEAR * max(heights) and beside >= min(heights) / 2
    return small_one_near and max(widths) >= 0.15 * max(heights)


def _side_by_side(parts: Components, one: Group, other: Group) -> bool:
    """Whether one is left of the other in every row that both are in."""
    x0, y0, x1, y1 = around(parts, one + other)
    labels = parts.labels[y0:y1, x0:x1]
    first, second = (np.isin(labels, [k + 1 for k in group]) for group in (one, other))
    both = first.any(axis=1) & second.any(axis=1)
    first, second = first[both], second[both]
    width = x1 - x0
    ends = [width - mask[:, ::-1].argmax(axis=1) for mask in (first, second)]
    starts = [mask.argmax(axis=1) for mask in (first, second)]
    return bool((starts[1] >= ends[0]).all() or (starts[0] >= ends[1]).all())


def _in_order(parts: Components, groups: list[Group]) -> list[Group]:
    """Line by line: a digit is of the line above if its middle is at the height of that line's first."""
    boxes = {id(group): around(parts, group) for group in groups}
    lines: list[list[Group]] = []
    for group in sorted(groups, key=lambda group: boxes[id(group)][1]):
        _, y0, _, y1 = boxes[id(group)]
        middle = (y0 + y1) / 2
        for line in lines:
            if any(boxes[id(g)][1] <= middle < boxes[id(g)][3] for g in line):
                line.append(group)
                break
        else:
            lines.append([group])
    return [group for line in lines for group in sorted(line, key=lambda group: boxes[id(group)][0])]
