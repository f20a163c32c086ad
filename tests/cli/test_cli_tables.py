"""Tables of classes that stay readable whatever the classes are called and however many there are."""

import re
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassnet.cli.tables import _width, class_table, confusion_table
from glassnet.training.metrics import report

CIFAR = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def a_table(classes, seed=0):
    random = np.random.default_rng(seed)
    return random.poisson(2, (classes, classes)) + 20 * np.eye(classes, dtype=int)


def test_every_class_has_a_row_up_to_fifty_and_of_more_the_weakest():
    for count in 2, 47, 50:
        table = a_table(count)
        lines = class_table(report(table), [f"c{k}" for k in range(count)]).splitlines()
        assert [line.split()[0] for line in lines[1:]] == [f"c{k}" for k in range(count)]
    table = a_table(200)
    table[7] = table[:, 7] = 0  # never seen: there is nothing to say of it
    reports = report(table)
    *lines, note = class_table(reports, [f"c{k}" for k in range(200)]).splitlines()
    assert note == "(the 20 of 200 classes with the lowest F1)"
    listed = [int(line.split()[0][1:]) for line in lines[1:]]
    assert len(listed) == 20
    assert 7 not in listed
    others = set(range(200)) - {7, *listed}
    assert max(reports[k].f1 for k in listed) <= min(reports[k].f1 for k in others)


def test_a_class_that_never_occurs_has_dashes():
    lines = class_table(report(np.array([[3, 0], [0, 0]])), ["a", "b"]).splitlines()
    assert lines[2].split() == ["b", "–", "–", "–", "0"]


def test_the_confusion_table_has_the_names_above_while_they_fit():
    table = a_table(3)
    lines = confusion_table(table, ["setosa", "versicolor", "virginica"]).splitlines()
    assert lines[0].split() == ["actual", "\\", "predicted", "setosa", "versicolor", "virginica"]
    rows = [[int(n) for n in line.replace("·", "0").split()[1:]] for line in lines[1:]]
    assert rows == table.tolist()


def test_long_names_are_numbered():
    table = a_table(10)
    lines = confusion_table(table, [f"a long name of {name}" for name in CIFAR]).splitlines()
    assert lines[0].split() == ["actual", "\\", "predicted", *map(str, range(1, 11))]
    assert re.match(r" *a long name of \S+ +2 ", lines[2])
    rows = [[int(n) for n in line.replace("·", "0").split()[5:]] for line in lines[1:]]
    assert [row[-10:] for row in rows] == table.tolist()
    assert max(map(len, lines)) <= 100


def test_of_many_classes_the_worst_confusions_are_listed():
    table = 100 * np.eye(47, dtype=int)
    table[10, 3], table[3, 10], table[46, 0] = 40, 70, 5
    lines = confusion_table(table, [f"class-{k}" for k in range(47)]).splitlines()
    assert lines[0] == "The most frequent of 115 confusions"
    assert [line.split() for line in lines[1:]] == [
        ["actual", "taken", "for", "times", "of"],
        ["class-3", "class-10", "70", "170"],
        ["class-10", "class-3", "40", "140"],
        ["class-46", "class-0", "5", "105"],
    ]
    assert confusion_table(np.eye(47, dtype=int), ["x"] * 47) == "No class is taken for another"
    assert len(confusion_table(a_table(47), ["x"] * 47).splitlines()) == 2 + 15


names = st.text(st.characters(codec="utf-8"), max_size=60)


@given(st.lists(names, min_size=2, max_size=25))
def test_columns_are_aligned_and_nothing_moves_the_cursor(classes):
    table = a_table(len(classes))
    for text in class_table(report(table), classes), confusion_table(table, classes):
        lines = [line for line in text.split("\n") if not line.startswith("The most")]
        assert len({_width(line) for line in lines}) == 1
        assert not any(
            unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for line in lines for letter in line
        )


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("猫", 2), ("é", 1), ("e\u0301", 1), ("", 0)])
def test_the_width_on_screen(text, width):
    assert _width(text) == width
