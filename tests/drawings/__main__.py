"""Measure what a model makes of drawings: one table.

    cd tests; python -m drawings [--model drawing] [--count 30] [--seed 0] [--format text|markdown|json]
    cd tests; python -m drawings --sheet FOLDER    # and the pictures, with what was read in each

`--count` digits are drawn of each kind by each of the two generators, --others non-digits of each kind, and
--mnist of MNIST's test digits are read. Digits and non-digits follow from the seed alone. Thresholds and
recipe must not be chosen by this table's own seed: try other seeds while changing them.
"""

import argparse
from itertools import chain
from pathlib import Path

from drawings import measure, sheet, table
from glassnet import files
from glassnet.reading import Reader
from glassnet.runs import find_model


def main() -> None:
    parser = argparse.ArgumentParser(prog="drawings", description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="drawing", help="a shipped model, a model file or a run folder")
    parser.add_argument("--count", type=int, default=30, help="digits of each kind and generator, tens")
    parser.add_argument("--others", type=int, default=300, help="non-digits of each kind")
    parser.add_argument("--mnist", type=int, default=10_000, help="MNIST's test digits")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--single", action="store_true", help="look for one digit in a picture, not several")
    parser.add_argument("--format", choices=table.FORMATS, default="text")
    parser.add_argument("--sheet", type=Path, metavar="FOLDER", help="write the pictures and their answers")
    asked = parser.parse_args()
    try:
        reader = Reader(*files.read(find_model(asked.model)))
        people = list(measure.mnist(asked.mnist)) if asked.mnist else []  # first: it may be missing
        drawn, others = measure.digits(asked.count, asked.seed), measure.nondigits(asked.others, asked.seed)
        drawings = chain(drawn, others, people)
        answers = list(measure.answers(reader, drawings, several=not asked.single))
    except (OSError, ValueError) as error:
        parser.exit(2, f"{error}\n")
    print(table.FORMATS[asked.format](table.rows(answers)))
    if asked.sheet:
        for path in sheet.sheets(answers, asked.sheet):
            print(path)


if __name__ == "__main__":
    main()
