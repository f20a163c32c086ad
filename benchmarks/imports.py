"""What `import glassnet` and its first names cost beyond `import numpy`, each in fresh processes, medians.

python benchmarks/imports.py [--turns 30]

`glassnet bench process` has the same numbers beside those of other libraries.
"""

import argparse
from statistics import median

from glassnet.bench.bench import Bench
from glassnet.bench.choice import Choice
from glassnet.bench.results import OURS
from glassnet.bench.work import process


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=30)
    turns = parser.parse_args().turns
    with Bench(Choice(turns=turns, peers=(OURS,))) as bench:
        for case in process.cases(bench.choice)[:2]:
            ours, numpy = process.measure(case, bench).series
            beyond = median(both - one for both, one in zip(ours.values, numpy.values))
            print(f"{case.name:40} {1e3 * beyond:5.1f} ms beyond NumPy's {1e3 * numpy.median:.1f} ms")


if __name__ == "__main__":
    main()
