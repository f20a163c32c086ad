"""Where a named data set is looked for, in which order, and what happens when a mirror fails.

Nothing here leaves this machine: the mirrors are small servers on loopback, or silent sockets.
"""

import gzip
import hashlib
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.batch_files import cifar_archive, write_batches
from data.mirror import Mirror
from glassnet.data import cifar, sources
from glassnet.data import download as fetching
from glassnet.data.catalogue import SOURCES, Checksum
from glassnet.data.toys import TOYS

HERE = Path(__file__).resolve()
REAL = Path(os.environ.get("GLASSNET_DATA", HERE.parents[2].parent / "shared" / "data")) / "mnist"


def packed(array: Any) -> bytes:
    array = np.asarray(array, np.uint8)
    return struct.pack(f">HBB{array.ndim}I", 0, 0x08, array.ndim, *array.shape) + array.tobytes()


RNG = np.random.default_rng(0)
CONTENT = {
    "train-images-idx3-ubyte.gz": packed(RNG.integers(0, 256, (20, 6, 5))),
    "train-labels-idx1-ubyte.gz": packed(np.arange(20) % 10),
    "t10k-images-idx3-ubyte.gz": packed(RNG.integers(0, 256, (10, 6, 5))),
    "t10k-labels-idx1-ubyte.gz": packed(np.arange(10)),
}
CLOTHES = {  # other files of the same names, as Fashion-MNIST's are
    file: gzip.compress(content[:-1] + b"\x07", mtime=0) for file, content in CONTENT.items()
}
ARCHIVES = {file: gzip.compress(content) for file, content in CONTENT.items()}
FIRST = next(iter(CONTENT))
REAL_SOURCES = dict(SOURCES)


@pytest.fixture
def mirrors() -> Iterator[Any]:
    started: list[Mirror] = []

    def start(files: dict[str, bytes], folder: str = "/mnist/") -> Mirror:
        started.append(Mirror({folder + file: content for file, content in files.items()}))
        return started[-1]

    yield start
    for mirror in started:
        mirror.late.set()
        mirror.shutdown()
        mirror.server_close()


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty cache, no environment, and small sets with no public mirrors in the real ones' place."""
    monkeypatch.delenv("GLASSNET_DATA", raising=False)
    monkeypatch.delenv("GLASSNET_MIRROR", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
    checksums = {
        file: Checksum(hashlib.sha256(content).hexdigest(), "content", "here")
        for file, content in CONTENT.items()
    }
    small = replace(sources.SOURCES["mnist"], files=checksums, mirrors=())
    monkeypatch.setitem(sources.SOURCES, "mnist", small)
    checksums = {
        file: Checksum(hashlib.sha256(archive).hexdigest(), "archive", "here")
        for file, archive in CLOTHES.items()
    }
    small = replace(sources.SOURCES["fashion-mnist"], files=checksums, mirrors=())
    monkeypatch.setitem(sources.SOURCES, "fashion-mnist", small)
    return tmp_path / "cache"


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the public mirrors of MNIST."""

    def use(*urls: str) -> None:
        monkeypatch.setitem(
            sources.SOURCES,
            "mnist",
            replace(sources.SOURCES["mnist"], mirrors=tuple(f"{url}/mnist/" for url in urls)),
        )

    return use


def fill(folder: Path, files: dict[str, bytes] = ARCHIVES) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return folder


def failure(**options: Any) -> str:
    """The message of a set that cannot be had: one line that says so first."""
    with pytest.raises(sources.DataUnavailable) as caught:
        sources.find("mnist", **options)
    message = str(caught.value)
    assert message.startswith("mnist is not at hand")
    assert "\n" not in message
    return message


class TestOnDisk:
    @pytest.mark.parametrize("below", [".", "mnist"])
    def test_data_dir_itself_or_its_folder(self, tmp_path: Path, below: str) -> None:
        folder = fill(tmp_path / "mine" / below)
        found = sources.find("mnist", tmp_path / "mine")
        assert found.folder == folder
        assert found.origin == f"found in {folder} (--data-dir)"

    @pytest.mark.parametrize("ending", ["", ".gz"])
    @pytest.mark.parametrize("dot", ["-idx", ".idx"])
    def test_names_that_are_in_use(self, tmp_path: Path, ending: str, dot: str) -> None:
        files = CONTENT if ending == "" else ARCHIVES
        named = {file.removesuffix(".gz").replace("-idx", dot) + ending: files[file] for file in CONTENT}
        found = sources.find("mnist", fill(tmp_path / "mine", named))
        (images, _), (_, labels) = sources.read_mnist(found.folder)
        assert images.shape == (20, 6, 5)
        assert labels.tolist() == list(range(10))

    def test_data_dir_without_the_files_is_an_error_even_if_they_are_elsewhere(
        self, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(cache / "mnist")
        monkeypatch.setenv("GLASSNET_DATA", str(fill(tmp_path / "elsewhere")))
        (tmp_path / "empty").mkdir()
        with pytest.raises(
            FileNotFoundError, match=r"empty: expected train-images-idx3-ubyte\.gz, .* got none"
        ):
            sources.find("mnist", tmp_path / "empty")
        with pytest.raises(FileNotFoundError, match="no-such: no such folder"):
            sources.find("mnist", tmp_path / "no-such")

    def test_only_what_is_missing_is_named(self, tmp_path: Path) -> None:
        fill(tmp_path / "mnist")
        (tmp_path / "mnist" / "t10k-labels-idx1-ubyte.gz").unlink()
        with pytest.raises(FileNotFoundError, match=r"expected t10k-labels-idx1-ubyte\.gz in it or"):
            sources.find("mnist", tmp_path)

    def test_the_environment_comes_before_the_cache(
        self, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(cache / "mnist")
        assert sources.find("mnist").origin == f"found in {cache / 'mnist'} (the cache)"
        folder = fill(tmp_path / "data" / "mnist")
        monkeypatch.setenv("GLASSNET_DATA", str(tmp_path / "data"))
        assert sources.find("mnist").origin == f"found in {folder} ($GLASSNET_DATA)"

    def test_an_environment_without_the_files_leads_to_the_cache(
        self, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GLASSNET_DATA", str(tmp_path / "nowhere"))
        message = failure(download=False)
        assert f"$GLASSNET_DATA: {tmp_path / 'nowhere'}: no such folder" in message
        assert f"the cache: {cache}: no such folder" in message
        fill(cache / "mnist")
        assert sources.find("mnist").folder == cache / "mnist"

    def test_an_unknown_name(self) -> None:
        with pytest.raises(ValueError, match=r"expected a data set among mnist, .*, got 'mnits'"):
            sources.find("mnits")


class TestFilesOfTheSameNames:
    """Nobody trains on one set for another, though MNIST's, Fashion-MNIST's and KMNIST's names agree."""

    @pytest.mark.parametrize("place", ["mine", "fashion-mnist"])
    def test_clothes_are_not_digits(self, tmp_path: Path, place: str) -> None:
        folder = fill(tmp_path / place, CLOTHES)
        with pytest.raises(
            FileNotFoundError, match=r"not known to be it \(t10k-labels.*: differs\); if"
        ) as caught:
            sources.find("mnist", folder)
        assert str(folder) in str(caught.value)
        assert "\n" not in str(caught.value)

    def test_digits_are_not_clothes_either(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"expected fashion-mnist, got files .*: differs"):
            sources.find("fashion-mnist", fill(tmp_path / "mine"))

    def test_not_in_the_environment_nor_in_the_cache(
        self, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GLASSNET_DATA", str(fill(tmp_path / "mine", CLOTHES)))
        fill(cache, CLOTHES)
        message = failure(download=False)
        assert message.count("not known to be it") == 2
        fill(cache / "mnist")
        assert sources.find("mnist").folder == cache / "mnist"

    def test_a_folder_without_a_name_is_known_by_its_checksum(self, tmp_path: Path) -> None:
        folder = fill(tmp_path / "mine", CLOTHES)
        assert sources.find("fashion-mnist", folder).folder == folder

    def test_what_cannot_be_checked_needs_a_folder_of_the_name(self, tmp_path: Path) -> None:
        unpacked = {file.removesuffix(".gz"): gzip.decompress(CLOTHES[file]) for file in CLOTHES}
        with pytest.raises(FileNotFoundError, match=r"cannot be checked.*put them in a folder fashion-mnist"):
            sources.find("fashion-mnist", fill(tmp_path / "mine", unpacked))
        folder = fill(tmp_path / "data" / "fashion-mnist", unpacked)
        assert sources.find("fashion-mnist", tmp_path / "data").folder == folder
        assert sources.find("fashion-mnist", folder).folder == folder

    def test_side_by_side(self, tmp_path: Path) -> None:
        fill(tmp_path / "mnist")
        fill(tmp_path / "fashion-mnist", CLOTHES)
        assert sources.find("mnist", tmp_path).folder == tmp_path / "mnist"
        folder = sources.find("fashion-mnist", tmp_path).folder
        train, test, classes = sources.read("fashion-mnist", folder)
        assert (len(train[0]), len(test[0]), classes[0]) == (20, 10, "T-shirt/top")
        assert test[1][-1] == 7
        with pytest.raises(FileNotFoundError, match="in it or in its folder kmnist, got none"):
            sources.find("kmnist", tmp_path)


class TestChecksumsOfArchives:
    def test_fetched_and_read(self, mirrors: Any, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GLASSNET_MIRROR", mirrors(CLOTHES, "/fashion-mnist/").url)
        found = sources.find("fashion-mnist")
        assert found.folder == cache / "fashion-mnist"
        assert {path.name: path.read_bytes() for path in found.folder.iterdir()} == CLOTHES

    def test_the_digits_of_a_mirror_are_not_taken_for_clothes(
        self, mirrors: Any, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GLASSNET_MIRROR", mirrors(ARCHIVES, "/").url)
        with pytest.raises(sources.DataUnavailable, match=f"{FIRST}: expected an archive of SHA-256"):
            sources.find("fashion-mnist")
        assert list(cache.rglob("*.*")) == []

    def test_packed_again_is_another_archive(self, mirrors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        again = {file: gzip.compress(gzip.decompress(CLOTHES[file]), 1, mtime=9) for file in CLOTHES}
        monkeypatch.setenv("GLASSNET_MIRROR", mirrors(again, "/fashion-mnist/").url)
        with pytest.raises(sources.DataUnavailable, match=f"{FIRST}: expected an archive of SHA-256"):
            sources.find("fashion-mnist")

    def test_by_md5(self, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"abc")
        known = Checksum("900150983cd24fb0d6963f7d28e17f72", "file", "RFC 1321, A.5", "md5")
        assert fetching.check(path, known) == "ok"
        path.write_bytes(b"abd")
        assert fetching.check(path, known) == "differs"

    def test_an_archive_of_its_own(self, mirrors: Any, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        archive = cifar_archive()
        known = {"cifar-10-binary.tar.gz": Checksum(hashlib.sha256(archive).hexdigest(), "archive", "here")}
        monkeypatch.setitem(SOURCES, "cifar-10", replace(SOURCES["cifar-10"], files=known))
        mirror = mirrors({"cifar-10-binary.tar.gz": archive}, "/cifar-10/")
        monkeypatch.setenv("GLASSNET_MIRROR", mirror.url)
        found = sources.find("cifar-10")
        assert [path.name for path in found.folder.iterdir()] == ["cifar-10-binary.tar.gz"]
        train, test, classes = sources.read("cifar-10", found.folder)
        assert (train[0].shape, test[0].shape, classes) == ((10, 3, 32, 32), (2, 3, 32, 32), cifar.CLASSES)
        asked = len(mirror.requests)
        assert sources.find("cifar-10").origin.endswith("(the cache)")
        assert len(mirror.requests) == asked

    @pytest.mark.parametrize(
        "place", [".", "cifar-10", "cifar-10-batches-bin", "cifar-10/cifar-10-batches-bin"]
    )
    def test_batches_are_known_by_their_names(self, tmp_path: Path, place: str) -> None:
        write_batches(tmp_path / place)
        found = sources.find("cifar-10", tmp_path)
        assert len(sources.read("cifar-10", found.folder)[0][1]) == 10

    def test_an_archive_that_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError, match=r"expected cifar-10-binary\.tar\.gz in it or in"):
            sources.find("cifar-10", tmp_path)


class TestFetch:
    def test_to_another_place_and_not_twice(
        self, mirrors: Any, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mirror = mirrors(ARCHIVES)
        monkeypatch.setenv("GLASSNET_MIRROR", mirror.url)
        found = sources.fetch("mnist", tmp_path / "new" / "place")
        assert found.folder == tmp_path / "new" / "place" / "mnist"
        assert found.origin.startswith("downloaded from 127.0.0.1")
        assert sources.fetch("mnist", tmp_path / "new" / "place").origin == f"found in {found.folder}"
        # Both places that $GLASSNET_MIRROR may mean are asked; the wrong one may answer "nothing" first.
        assert sorted(set(mirror.requests) & set(mirror.files)) == sorted(mirror.files)
        assert sum(path in mirror.files for path in mirror.requests) == 4
        assert not cache.exists()

    def test_beside_files_of_another_set(
        self, mirrors: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GLASSNET_MIRROR", mirrors(ARCHIVES).url)
        assert sources.fetch("mnist", fill(tmp_path, CLOTHES)).folder == tmp_path / "mnist"


class TestTheTable:
    def test_every_checksum_says_who_published_it_and_has_its_kinds_length(self) -> None:
        lengths = {"sha256": 64, "md5": 32}
        for source in REAL_SOURCES.values():
            for file, checksum in {**source.files, **source.also}.items():
                assert checksum.published, file
                assert len(bytes.fromhex(checksum.digest)) * 2 == lengths[checksum.algorithm], file
                assert checksum.digest == checksum.digest.lower()

    def test_what_is_fetched_is_checked_by_sha256_and_all_digests_differ(self) -> None:
        checksums = [c for s in REAL_SOURCES.values() for c in {**s.files, **s.also}.values()]
        assert len({c.digest for c in checksums}) == len(checksums) == 4 + 4 + 4 + 1 + 7
        assert {c.algorithm for s in REAL_SOURCES.values() for c in s.files.values()} == {"sha256"}

    def test_ten_classes_each_and_addresses_that_end_in_a_folder(self) -> None:
        for source in REAL_SOURCES.values():
            assert len(set(source.classes)) == 10
            assert all(mirror.startswith("http") and mirror.endswith("/") for mirror in source.mirrors)
            assert source.licence
            assert source.citation

    def test_the_page_about_data_tells_the_same(self) -> None:
        page = (HERE.parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
        for source in REAL_SOURCES.values():
            assert f"| `{source.name}` | " in page
            assert f"| {source.size} | {source.licence} |" in page
            for checksum in {**source.files, **source.also}.values():
                for place in checksum.published.split(", ")[:2]:
                    assert place in page
        for name, toy in TOYS.items():
            (row,) = [line for line in page.splitlines() if line.startswith(f"| `{name}` | ") and "(" in line]
            assert f" | {toy.noise:g}" in row


class TestDownload:
    @pytest.mark.parametrize("folder", ["/mnist/", "/"])
    @pytest.mark.parametrize("slash", ["", "/"])
    def test_from_a_mirror_of_your_own_and_then_from_the_cache(
        self, mirrors: Any, cache: Path, monkeypatch: pytest.MonkeyPatch, folder: str, slash: str
    ) -> None:
        mirror = mirrors(ARCHIVES, folder)
        monkeypatch.setenv("GLASSNET_MIRROR", mirror.url + slash)
        found = sources.find("mnist")
        assert found.folder == cache / "mnist"
        assert found.origin.startswith("downloaded from 127.0.0.1:")
        assert {path.name: path.read_bytes() for path in found.folder.iterdir()} == ARCHIVES

        asked = len(mirror.requests)
        assert sources.find("mnist").origin == f"found in {cache / 'mnist'} (the cache)"
        assert len(mirror.requests) == asked

    def test_your_own_mirror_is_the_only_one(
        self, mirrors: Any, public: Any, closed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = mirrors(ARCHIVES)
        public(other.url)
        monkeypatch.setenv("GLASSNET_MIRROR", closed)
        failure()
        assert other.requests == []

    def test_not_asked_for(self, mirrors: Any, public: Any) -> None:
        mirror = mirrors(ARCHIVES)
        public(mirror.url)
        failure(download=False)
        assert mirror.requests == []

    def test_the_content_counts_and_not_the_archive(self, mirrors: Any, public: Any) -> None:
        files = {file: gzip.compress(content, 1, mtime=7) for file, content in CONTENT.items()}
        files[FIRST] = CONTENT[FIRST]  # some servers unpack before they send
        public(mirrors(files).url)
        train, test = sources.read_mnist(sources.find("mnist").folder)
        assert len(train[0]) == 20
        assert len(test[0]) == 10

    def test_the_next_mirror_is_taken_if_one_has_other_content(
        self, mirrors: Any, public: Any, cache: Path
    ) -> None:
        bad = mirrors(dict.fromkeys(CONTENT, gzip.compress(b"something else")))
        good = mirrors(ARCHIVES)
        good.late.clear()
        public(good.url, bad.url)
        with ThreadPoolExecutor(1) as pool:
            finding = pool.submit(sources.find, "mnist")
            assert bad.asked.wait(30)  # it has been chosen, being the first to answer
            good.late.set()
            assert finding.result().origin == f"downloaded from {good.url.removeprefix('http://')}/mnist"
        assert {path.name: path.read_bytes() for path in (cache / "mnist").iterdir()} == ARCHIVES

    def test_other_content(self, mirrors: Any, public: Any, cache: Path) -> None:
        public(mirrors(dict.fromkeys(CONTENT, b"<html>Please log in</html>")).url)
        assert f"{FIRST}: expected content of SHA-256" in failure()
        assert list(cache.rglob("*.*")) == []

    def test_a_cut_off_archive(self, mirrors: Any, public: Any, cache: Path) -> None:
        public(mirrors({file: archive[:-9] for file, archive in ARCHIVES.items()}).url)
        assert f"{FIRST}: the gzip archive is cut off" in failure()
        assert list(cache.rglob("*.*")) == []

    def test_a_connection_that_breaks(self, mirrors: Any, public: Any, cache: Path) -> None:
        mirror = mirrors(ARCHIVES)
        mirror.cut = 100
        public(mirror.url)
        assert f"{FIRST}: IncompleteRead" in failure()
        assert list(cache.rglob("*.*")) == []

    def test_no_such_file(self, mirrors: Any, public: Any) -> None:
        public(mirrors({}).url)
        assert f"{FIRST}: 404 Not Found" in failure()

    def test_nobody_there_and_no_answer(
        self, public: Any, closed: str, silent: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fetching, "ANSWER_SECONDS", 0.2)
        public(silent, closed)
        message = failure()
        assert message.startswith("mnist is not at hand and cannot be fetched: ")
        assert f"{silent.removeprefix('http://')}/mnist: no answer in 0.2 s; " in message
        assert f"{closed.removeprefix('http://')}/mnist: " in message

    def test_a_silent_mirror_does_not_hold_up_another(
        self, public: Any, mirrors: Any, silent: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fetching, "ANSWER_SECONDS", 60.0)
        public(silent, mirrors(ARCHIVES).url)
        assert sources.find("mnist").origin.startswith("downloaded from")

    def test_a_name_server_that_hangs(self, public: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        end = threading.Event()

        def hang(*_: Any, **__: Any) -> Any:
            end.wait()
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", hang)
        monkeypatch.setattr(fetching, "ANSWER_SECONDS", 0.1)
        public("http://mirror.invalid")
        assert "mirror.invalid/mnist: no answer in 0.1 s" in failure()
        end.set()

    def test_what_is_there_already_is_not_fetched_again(self, mirrors: Any, public: Any, cache: Path) -> None:
        mirror = mirrors({file: ARCHIVES[file] for file in list(ARCHIVES)[:3]})
        public(mirror.url)
        assert "t10k-labels-idx1-ubyte.gz: 404 Not Found" in failure()
        assert len(list((cache / "mnist").iterdir())) == 3
        mirror.files = {f"/mnist/{file}": archive for file, archive in ARCHIVES.items()}
        mirror.requests.clear()
        assert sources.find("mnist").folder == cache / "mnist"
        assert mirror.requests == ["/mnist/t10k-labels-idx1-ubyte.gz"]

    def test_several_at_once(self, mirrors: Any, public: Any, cache: Path) -> None:
        mirror = mirrors(ARCHIVES)
        public(mirror.url)
        mirror.late.clear()
        with ThreadPoolExecutor(4) as pool:
            finding = [pool.submit(sources.find, "mnist") for _ in range(4)]
            mirror.late.set()
            assert {job.result().folder for job in finding} == {cache / "mnist"}
        assert {path.name: path.read_bytes() for path in (cache / "mnist").iterdir()} == ARCHIVES

    def test_a_cache_that_cannot_be_written(self, mirrors: Any, public: Any, cache: Path) -> None:
        public(mirrors(ARCHIVES).url)
        cache.write_text("a file in the folder's place")
        assert str(cache) in failure()

    def test_a_password_is_not_shown(self, mirrors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        mirror = mirrors({})
        monkeypatch.setenv("GLASSNET_MIRROR", mirror.url.replace("//", "//teacher:secret@"))
        message = failure()
        assert "127.0.0.1" in message
        assert "secret" not in message

    @pytest.mark.parametrize("address", ["classroom:8000", "nonsense", "ftp://127.0.0.1"])
    def test_an_address_of_another_kind(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GLASSNET_MIRROR", address)
        assert (
            f"$GLASSNET_MIRROR: expected an address with http:// or https:// first, got '{address}'"
            in failure()
        )

    @pytest.mark.parametrize("address", ["http://", "http://[::1", "http://127.0.0.1:port"])
    def test_an_address_of_nothing(self, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GLASSNET_MIRROR", address)
        assert "cannot be fetched" in failure()

    def test_progress_is_shown_on_a_terminal_if_asked_for(
        self, mirrors: Any, public: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("TTY_COMPATIBLE", "1")
        public(mirrors(ARCHIVES).url)
        sources.find("mnist", progress=True)
        shown = capsys.readouterr()
        assert FIRST in shown.err
        assert shown.out == ""

    def test_nothing_is_shown_if_not(self, mirrors: Any, public: Any, capsys: Any) -> None:
        public(mirrors(ARCHIVES).url)
        sources.find("mnist")
        assert capsys.readouterr() == ("", "")


class TestReadMnist:
    def test_a_set_of_your_own(self, tmp_path: Path) -> None:
        (x, y), (x_test, y_test) = sources.read_mnist(fill(tmp_path))
        assert packed(x) == CONTENT["train-images-idx3-ubyte.gz"]
        assert packed(y) == CONTENT["train-labels-idx1-ubyte.gz"]
        assert packed(x_test) == CONTENT["t10k-images-idx3-ubyte.gz"]
        assert packed(y_test) == CONTENT["t10k-labels-idx1-ubyte.gz"]

    @pytest.mark.parametrize("part", ["train", "t10k"])
    def test_labels_out_of_range(self, tmp_path: Path, part: str) -> None:
        count = {"train": 20, "t10k": 10}[part]
        file = f"{part}-labels-idx1-ubyte.gz"
        fill(tmp_path, ARCHIVES | {file: packed([3] * (count - 1) + [10])})
        with pytest.raises(ValueError, match=f"{file}: expected labels from 0 to 9, got 10"):
            sources.read_mnist(tmp_path)

    def test_more_classes_where_they_are_allowed(self, tmp_path: Path) -> None:
        file = "t10k-labels-idx1-ubyte.gz"
        fill(tmp_path, ARCHIVES | {file: packed([3] * 9 + [255])})
        assert sources.read_mnist(tmp_path, classes=256)[1][1].max() == 255
        with pytest.raises(ValueError, match=f"{file}: expected labels from 0 to 99, got 255"):
            sources.read_mnist(tmp_path, classes=100)

    def test_parts_of_two_sizes(self, tmp_path: Path) -> None:
        fill(tmp_path, ARCHIVES | {"t10k-images-idx3-ubyte.gz": packed(np.zeros((10, 5, 6)))})
        with pytest.raises(ValueError, match=r"expected test images \(6, 5\) .* got \(5, 6\)"):
            sources.read_mnist(tmp_path)

    def test_counts_that_differ(self, tmp_path: Path) -> None:
        fill(tmp_path, ARCHIVES | {"train-labels-idx1-ubyte.gz": packed([1, 2, 3])})
        with pytest.raises(ValueError, match=r"expected 20 labels.*got 3"):
            sources.read_mnist(tmp_path)

    def test_a_missing_file(self, tmp_path: Path) -> None:
        fill(tmp_path)
        (tmp_path / "t10k-images-idx3-ubyte.gz").unlink()
        with pytest.raises(FileNotFoundError, match=r"expected the file t10k-images-idx3-ubyte\.gz"):
            sources.read_mnist(tmp_path)


def test_importing_it_is_light() -> None:
    code = "import sys, glassnet.data.sources; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pooch", "requests", "platformdirs", "rich"} & set(run.stdout.split())


@pytest.mark.skipif(not REAL.is_dir(), reason="needs MNIST: set GLASSNET_DATA to a folder with mnist/ in it")
def test_the_real_mnist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()  # back to the real table
    folder = sources.find("mnist", REAL).folder
    (x, y), (x_test, y_test) = sources.read_mnist(folder)
    assert (x.shape, y.shape) == ((60_000, 28, 28), (60_000,))
    assert (x_test.shape, y_test.shape) == ((10_000, 28, 28), (10_000,))
    contents = [packed(array) for array in (x, y, x_test, y_test)]
    digests = [checksum.digest for checksum in sources.SOURCES["mnist"].files.values()]
    assert [hashlib.sha256(content).hexdigest() for content in contents] == digests
