"""A small generator of stroke digits, on which thresholds were judged: no network is trained on it."""

import numpy as np

from glassnet.data import pen
from glassnet.data.figures import _figure
from glassnet.data.signs import unsteady

# Strokes as in glassnet.data.figures: points in percent, or after @ an arc.
FORMS = {
    0: [
        "@50 50 32 46 -90 270",
        "@50 50 38 45 -70 285",
        "@50 50 26 46 -100 250",
        "@50 50 42 42 -90 270",
    ],
    1: [
        "50 3 50 97",
        "28 28 52 3 52 97",
        "30 25 50 5 50 95 / 28 95 72 95",
        "56 3 46 97",
        "40 14 52 4 52 97",
    ],
    2: [
        "@50 28 32 25 190 380 / 79 37 15 95 88 95",
        "@48 30 35 27 200 400 / 75 47 50 72 12 95 90 95",
        "15 22 35 5 65 5 82 25 70 50 15 95 90 93",
        "@50 27 30 24 180 390 / 76 38 45 75 12 92 30 82 55 95 90 90",
    ],
    3: [
        "@45 27 32 24 200 450 / @45 73 36 25 -90 160",
        "12 8 82 8 45 42 / @46 70 36 27 -90 155",
        "@42 28 34 24 210 440 / @42 72 38 26 -80 165",
        "18 12 50 3 78 20 70 40 45 48 75 56 84 78 55 97 15 88",
    ],
    4: [
        "62 97 62 3 8 68 92 68",
        "20 3 15 55 88 55 / 70 3 70 97",
        "28 5 10 58 92 58 / 66 30 62 97",
        "72 97 72 3 8 60 92 60",
        "25 5 22 50 78 48 / 78 5 75 97",
    ],
    5: [
        "82 5 25 5 22 45 / @46 69 38 27 -125 155",
        "25 5 20 48 / @48 70 36 26 -130 150 / 25 5 82 5",
        "80 6 28 6 24 42 50 38 78 55 78 80 50 96 15 90",
        "75 5 30 8 22 45 60 42 82 65 65 92 20 95",
    ],
    6: [
        "75 5 40 25 20 60 / @48 70 30 26 190 550",
        "65 3 30 35 18 70 / @50 72 32 25 180 540",
        "@60 60 45 56 270 180 / @50 70 34 27 180 540",
        "70 5 35 35 20 70 40 96 72 88 75 62 50 50 25 65",
    ],
    7: [
        "10 8 88 8 40 97",
        "12 10 85 8 50 97 / 30 52 78 50",
        "10 20 12 8 88 8 45 97",
        "8 10 90 10 65 45 50 97",
        "12 8 85 6 55 50 38 97 / 35 50 75 48",
    ],
    8: [
        "@50 27 26 23 90 -270 / @50 74 32 25 -90 270",
        "@50 26 28 22 0 360 / @50 73 34 26 0 360",
        "78 18 50 4 24 22 40 42 65 58 76 80 50 97 24 80 35 58 62 40 78 18",
    ],
    9: [
        "@48 30 32 27 0 360 / 80 30 76 97",
        "@48 28 30 25 0 360 / 78 28 70 70 40 97",
        "80 22 55 5 25 20 25 42 50 55 78 38 / 80 20 78 60 70 97",
        "@48 28 30 25 0 360 / @38 40 40 56 -10 100",
    ],
}


def images(n: int, seed: int, thinnest: float = 0.45, thickest: float = 2.8) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, 28, 28) of digits by an unsteady, slanted hand with pens of any radius, and their labels."""
    generator = np.random.default_rng(seed)
    labels, drawn = generator.integers(10, size=n), []
    for label in labels:
        forms = FORMS[int(label)]
        figure = unsteady(_figure(forms[generator.integers(len(forms))]), generator)
        slant = np.array([[1, 0], [-generator.uniform(-0.12, 0.35), 1]])
        drawn.append([stroke @ slant for stroke in figure])
    return pen.draw(drawn, generator.uniform(thinnest, thickest, n)), labels
