"""Contact sheets: what was measured and what was read in it, to be looked at."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from drawings.measure import Answer
from drawings.strokes import Array

CELL, FRAME, CAPTION, COLUMNS = 104, 4, 14, 15
COLOURS = {"right": "#2e9e4f", "refused": "#e0a000", "wrong": "#d0312d"}


def thumbnail(answer: Answer) -> Image.Image:
    """One picture in a frame: green if as it should be, red if wrong, yellow a digit that was refused."""
    digit = answer.drawing.digit
    good = answer.right if digit is not None else answer.refused
    colour = COLOURS["right" if good else "refused" if answer.refused else "wrong"]
    cell = Image.new("RGB", (CELL, CELL + CAPTION), colour)
    inner = CELL - 2 * FRAME
    cell.paste(Image.fromarray(answer.drawing.picture).convert("RGB").resize((inner, inner)), (FRAME, FRAME))
    read = answer.given or f"({answer.best or 'several'})"
    caption = f"{'' if digit is None else digit}>{read}"
    ImageDraw.Draw(cell).text((FRAME, CELL - 1), caption[:17], fill="white")
    return cell


def sheets(answers: list[Answer], folder: Path) -> list[Path]:
    """Write one PNG for each kind and writer, and one of all digits not right, with MNIST's."""
    folder.mkdir(parents=True, exist_ok=True)
    amiss = [answer for answer in answers if not answer.right and answer.drawing.digit is not None]
    groups = {"digits-not-right": amiss} if amiss else {}
    for answer in answers:
        if answer.drawing.by != "people":
            name = f"{answer.drawing.kind} {answer.drawing.by}".replace(" ", "-")
            groups.setdefault(name, []).append(answer)
    return [_sheet(group, folder / f"{name}.png") for name, group in groups.items()]


def _sheet(group: list[Answer], path: Path) -> Path:
    cells = [np.asarray(thumbnail(answer)) for answer in group]
    blank: Array = np.full_like(cells[0], 255)
    cells += [blank] * (-len(cells) % COLUMNS)
    lines = [np.hstack(cells[i : i + COLUMNS]) for i in range(0, len(cells), COLUMNS)]
    Image.fromarray(np.vstack(lines)).save(path)
    return path
