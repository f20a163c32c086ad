"""Whether the files of a named set, or of a folder, are those that were published."""

from pathlib import Path
from typing import NamedTuple

from glassnet.data import cifar, sources
from glassnet.data.catalogue import SOURCES, Checksum, Source
from glassnet.data.download import OK, UNKNOWN, check


class Verdict(NamedTuple):
    """What is known of one file: OK, DIFFERS or UNKNOWN; and the checksum, None if none is published."""

    path: Path
    verdict: str
    checksum: Checksum | None


def verify(name_or_folder: str) -> tuple[str, list[Verdict]]:
    """Return the name of a set and the verdict on each of its files, of a set at hand or in a folder.

    A folder's set is the one it is named after, else the first of which it holds a file as published. Raises
    `sources.DataUnavailable` if the set is not at hand (nothing is fetched), FileNotFoundError if the folder
    is not there, or holds no set that can be told.
    """
    if name_or_folder in SOURCES:
        folder = sources.find(name_or_folder, download=False).folder
        return name_or_folder, _verdicts(SOURCES[name_or_folder], folder)
    folder = Path(name_or_folder)
    known = ", ".join(SOURCES)
    if not folder.is_dir():
        raise FileNotFoundError(f"{name_or_folder}: expected a folder or one of {known}, found neither")
    own = folder.resolve().name
    for name in sorted(SOURCES, key=lambda name: name != own):
        if sources.holds(name, folder):
            verdicts = _verdicts(SOURCES[name], folder)
            if name == own or SOURCES[name].form == "cifar" or any(v.verdict == OK for v in verdicts):
                return name, verdicts
    raise FileNotFoundError(f"{folder}: expected the files of one of {known}, found none that can be told")


def _verdicts(source: Source, folder: Path) -> list[Verdict]:
    verdicts = []
    for file, checksum in {**source.files, **source.also}.items():
        *parents, name = file.split("/")
        for place in dict.fromkeys([folder.joinpath(*parents), folder]):  # the folder of batches, or above it
            if (path := sources.stored(place, name)) is not None:
                verdicts.append(Verdict(path, check(path, checksum), checksum))
                break
    if source.form == "cifar":
        for place in (folder, folder / cifar.FOLDERS[0]):
            found = [place / name for name in cifar.BINARY if (place / name).is_file()]
            verdicts += [Verdict(path, UNKNOWN, None) for path in found]
    return verdicts
