"""What `import glassnet` costs beyond `import numpy`: whole processes, in turns, medians.

python benchmarks/imports.py [--turns 30]
"""

import argparse
import subprocess
import sys
from statistics import median
from time import perf_counter


def milliseconds(statement: str) -> float:
    """Return how long a fresh Python takes to run one statement."""
    started = perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return 1e3 * (perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=30)
    turns = parser.parse_args().turns
    pairs = [(milliseconds("import numpy"), milliseconds("import glassnet")) for _ in range(turns)]
    numpy, glassnet = (median(side) for side in zip(*pairs))
    print(f"import numpy     {numpy:6.1f} ms")
    print(f"import glassnet  {glassnet:6.1f} ms, {median(b - a for a, b in pairs):.1f} ms more")


if __name__ == "__main__":
    main()
