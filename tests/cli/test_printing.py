"""What commands print alike."""

from pathlib import Path

import pytest

from glassnet.cli.printing import size_of


@pytest.mark.parametrize(
    ("size", "told"), [(0, "0 kB"), (611_720, "612 kB"), (999_999, "1,000 kB"), (2_682_500, "2.7 MB")]
)
def test_the_size_of_a_file_is_told_in_the_unit_that_fits(size: int, told: str, tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(size)
    assert size_of(tmp_path / "file") == told
