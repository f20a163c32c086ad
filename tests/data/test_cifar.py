"""CIFAR-10 as it is published, from a folder and from an archive, and what is done about damaged ones."""

import gzip
import io
import tarfile
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.batch_files import (
    NAMES,
    binary,
    binary_files,
    cifar_archive,
    images,
    labels,
    of_python_2,
    python_files,
    write_batches,
)
from glassnet.data import cifar

BIN, PY = "cifar-10-batches-bin", "cifar-10-batches-py"


def check_read(path: Path) -> None:
    """The set of `binary_files`, or of `python_files`: the same images in both."""
    train, test, classes = cifar.read(path)
    assert train[0].dtype == test[0].dtype == np.uint8
    assert np.array_equal(train[0], np.concatenate([images(i) for i in range(5)]).reshape(-1, 3, 32, 32))
    assert train[1].tolist() == [label for i in range(5) for label in labels(i)]
    assert np.array_equal(test[0], images(5).reshape(-1, 3, 32, 32))
    assert test[1].tolist() == labels(5)
    assert classes == cifar.CLASSES
    assert train[0].flags.c_contiguous
    assert test[0].flags.c_contiguous


@pytest.mark.parametrize("files", [binary_files(), python_files(2), python_files(3), python_files(4)])
@pytest.mark.parametrize("below", ["", BIN, PY])
def test_a_folder(tmp_path: Path, files: Any, below: str) -> None:
    write_batches(tmp_path / below, files)
    check_read(tmp_path)


@pytest.mark.parametrize(
    ("files", "folder", "name"),
    [
        (binary_files(), BIN, "cifar-10-binary.tar.gz"),
        (python_files(), PY, "cifar-10-python.tar.gz"),
        (binary_files(), "", "mine.tgz"),
        (binary_files(), "./deep/er", "mine.tar.gz"),
    ],
)
@pytest.mark.parametrize("mode", ["w:gz", "w"])
def test_an_archive(tmp_path: Path, files: Any, folder: str, name: str, mode: str) -> None:
    path = tmp_path / name
    path.write_bytes(cifar_archive(files, folder, mode))
    check_read(path)
    assert [path.name for path in tmp_path.iterdir()] == [name]  # nothing is unpacked


@pytest.mark.parametrize("name", ["cifar-10-binary.tar.gz", "cifar-10-python.tar.gz"])
def test_an_archive_in_a_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(cifar_archive(python_files() if "python" in name else None))
    check_read(tmp_path)


def test_a_pixel_is_where_the_format_says(tmp_path: Path) -> None:
    record = bytearray(3073)
    record[0], record[1 + 32 + 2], record[1 + 1024], record[3072] = 7, 10, 20, 30
    write_batches(tmp_path, {**binary_files(), "test_batch.bin": bytes(record)})
    _, (test, number), _ = cifar.read(tmp_path)
    assert number.tolist() == [7]
    assert test[0, 0, 1, 2] == 10  # red, second row, third column
    assert test[0, 1, 0, 0] == 20  # green
    assert test[0, 2, 31, 31] == 30  # blue
    assert np.count_nonzero(test) == 3


def test_batches_may_be_of_any_length(tmp_path: Path) -> None:
    files = {f"{name}.bin": binary(i, count=i + 1) for i, name in enumerate(NAMES)}
    train, test, _ = cifar.read(write_batches(tmp_path, files))
    assert (len(train[0]), len(test[0])) == (15, 6)


class TestNamesOfClasses:
    OTHERS = tuple("abcdefghij")

    @pytest.mark.parametrize("text", ["a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n", "a\r\nb\r\nc\nd\ne\nf\ng\nh\ni\nj"])
    def test_from_the_binary_version(self, tmp_path: Path, text: str) -> None:
        files = {**binary_files(), "batches.meta.txt": text.encode()}
        assert cifar.read(write_batches(tmp_path, files))[2] == self.OTHERS

    def test_from_the_python_version(self, tmp_path: Path) -> None:
        files = {**python_files(), "batches.meta": of_python_2({"label_names": list(self.OTHERS)})}
        assert cifar.read(write_batches(tmp_path, files))[2] == self.OTHERS

    @pytest.mark.parametrize("names", [["a"], [], ["a"] * 10, list("abcdefghijk")])
    def test_that_are_not_ten_different_ones(self, tmp_path: Path, names: list[str]) -> None:
        files = {**binary_files(), "batches.meta.txt": "\n".join(names).encode()}
        with pytest.raises(ValueError, match=r"batches\.meta\.txt: expected 10 names .*, got \d+"):
            cifar.read(write_batches(tmp_path / "bin", files))
        files = {**python_files(), "batches.meta": of_python_2({"label_names": names})}
        with pytest.raises(ValueError, match=r"batches\.meta: expected 10 names"):
            cifar.read(write_batches(tmp_path / "py", files))

    def test_that_are_missing(self, tmp_path: Path) -> None:
        files = {**python_files(), "batches.meta": of_python_2({"other": 1})}
        with pytest.raises(ValueError, match=r"batches\.meta: expected 10 names .*, got none"):
            cifar.read(write_batches(tmp_path, files))


def failure(path: Path) -> str:
    with pytest.raises((ValueError, OSError)) as caught:
        cifar.read(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert "\n" not in message
    return message


class TestBadBatches:
    @pytest.mark.parametrize("content", [b"", b"x" * 3072, b"\0" * 3074, b"\1" * 5])
    def test_of_another_size(self, tmp_path: Path, content: bytes) -> None:
        write_batches(tmp_path, {**binary_files(), "data_batch_3.bin": content})
        expected = f"data_batch_3.bin: expected a multiple of 3073 bytes, got {len(content):,}"
        assert expected in failure(tmp_path)

    def test_with_a_label_out_of_range(self, tmp_path: Path) -> None:
        content = binary(0) + bytes([10]) + bytes(3072)
        write_batches(tmp_path, {**binary_files(), "data_batch_1.bin": content})
        assert "data_batch_1.bin: expected labels from 0 to 9, got 10" in failure(tmp_path)

    @pytest.mark.parametrize("wrong", [-1, 10, 10**40, "7", True, None, 1.0])
    def test_pickled_with_a_label_that_is_none(self, tmp_path: Path, wrong: Any) -> None:
        import pickle

        batch = pickle.dumps({"data": images(0), "labels": [3, wrong]}, protocol=4)
        write_batches(tmp_path, {**python_files(), "data_batch_1": batch})
        message = failure(tmp_path)
        assert "data_batch_1: expected l" in message

    @pytest.mark.parametrize(
        ("batch", "expected"),
        [
            ({"labels": [1, 2]}, r"expected an array 'data' \(N, 3072\), got none"),
            ({"data": [1, 2], "labels": [1, 2]}, "expected an array 'data' .*, got none"),
            ({"data": images(0)}, "expected a list 'labels' of 2, got none"),
            ({"data": images(0), "labels": [1]}, "expected a list 'labels' of 2, got 1"),
            ({"data": images(0)[:, :5].copy(), "labels": [1, 2]}, r"expected an array .* got shape \(2, 5\)"),
            ({"data": images(0)[:0], "labels": []}, "expected a list 'labels' of 0, got 0"),
        ],
    )
    def test_pickled_without_what_belongs_in_it(self, tmp_path: Path, batch: Any, expected: str) -> None:
        write_batches(tmp_path, {**python_files(), "data_batch_2": of_python_2(batch)})
        with pytest.raises(ValueError, match=f"data_batch_2: {expected}"):
            cifar.read(tmp_path)

    def test_that_are_missing(self, tmp_path: Path) -> None:
        write_batches(tmp_path)
        (tmp_path / "data_batch_4.bin").unlink()
        assert failure(tmp_path) == f"{tmp_path}: expected data_batch_4.bin, got none"

    def test_that_are_nowhere(self, tmp_path: Path) -> None:
        assert "expected CIFAR-10's batches (data_batch_1.bin, …) or its archive" in failure(tmp_path)
        with pytest.raises(FileNotFoundError):
            cifar.read(tmp_path / "none")

    def test_that_are_huge(self, tmp_path: Path) -> None:
        write_batches(tmp_path)
        with (tmp_path / "test_batch.bin").open("wb") as file:
            file.truncate(65 << 20)  # a hole: it takes no room
        assert "test_batch.bin: expected at most 64 MB, got 68,157,440 bytes" in failure(tmp_path)


class TestBadArchives:
    def write(self, tmp_path: Path, content: bytes) -> Path:
        path = tmp_path / "mine.tar.gz"
        path.write_bytes(content)
        return path

    @pytest.mark.parametrize("share", [0.001, 0.3, 0.9, 0.9999])
    @pytest.mark.parametrize("mode", ["w:gz", "w"])
    def test_cut_off(self, tmp_path: Path, share: float, mode: str) -> None:
        archive = cifar_archive(mode=mode)
        if mode == "w":
            archive = archive[: 512 * 7 * 12]  # without the zeros at the end
        assert failure(self.write(tmp_path, archive[: int(share * len(archive))]))

    def test_a_changed_byte(self, tmp_path: Path) -> None:
        for place in range(40, len(cifar_archive()), 4999):
            archive = bytearray(cifar_archive())
            archive[place] ^= 0x40
            assert failure(self.write(tmp_path, bytes(archive)))

    @pytest.mark.parametrize(
        "content", [b"", b"no archive", b"\x1f\x8b", gzip.compress(b"no archive"), bytes(9999)]
    )
    def test_no_archive(self, tmp_path: Path, content: bytes) -> None:
        assert failure(self.write(tmp_path, content))

    def test_without_a_batch(self, tmp_path: Path) -> None:
        files = binary_files()
        del files["test_batch.bin"]
        assert "expected test_batch.bin, got none" in failure(self.write(tmp_path, cifar_archive(files)))

    def test_with_a_batch_twice(self, tmp_path: Path) -> None:
        files = {**binary_files(), "other/data_batch_1.bin": binary(0)}
        assert "expected data_batch_1.bin once, got it twice" in failure(
            self.write(tmp_path, cifar_archive(files))
        )

    def test_names_that_lead_away_and_links_are_passed_over(self, tmp_path: Path) -> None:
        away = {"../../data_batch_1.bin": binary(9), "x/../data_batch_2.bin": binary(9)}
        path = self.write(tmp_path, cifar_archive({**away, **binary_files()}))
        check_read(path)
        stored = io.BytesIO()
        with tarfile.open(fileobj=stored, mode="w:gz") as archive:
            for name in ("/tmp/data_batch_1.bin", f"{BIN}/data_batch_2.bin"):
                member = tarfile.TarInfo(name)
                member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
                archive.addfile(member)
            for name, content in binary_files().items():
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        check_read(self.write(tmp_path, stored.getvalue()))

    def test_a_member_of_absurd_size(self, tmp_path: Path) -> None:
        member = tarfile.TarInfo(f"{BIN}/data_batch_1.bin")
        member.size = 1 << 40
        archive = gzip.compress(member.tobuf() + bytes(4096))
        message = failure(self.write(tmp_path, archive))
        assert "data_batch_1.bin: expected at most 64 MB, got 1,099,511,627,776 bytes" in message

    @pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME])
    def test_a_bomb_takes_bounded_memory(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: bytes
    ) -> None:
        """Of what is not wanted, and in a header that tarfile reads whole."""
        monkeypatch.setattr(cifar, "LARGEST_ARCHIVE", 8 << 20)
        member = tarfile.TarInfo("other")
        member.type, member.size = kind, 1 << 40
        path = self.write(tmp_path, gzip.compress(member.tobuf(tarfile.GNU_FORMAT) + bytes(64 << 20)))
        tracemalloc.start()
        try:
            assert "expected at most 8 MB, got more" in failure(path)
            assert tracemalloc.get_traced_memory()[1] < 32 << 20
        finally:
            tracemalloc.stop()

    def test_members_without_end(self, tmp_path: Path) -> None:
        files = {f"file-{i}": b"" for i in range(1001)}
        message = failure(self.write(tmp_path, cifar_archive({**files, **binary_files()})))
        assert "expected at most 1000 files, got more" in message
