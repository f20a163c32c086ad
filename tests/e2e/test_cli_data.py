"""`glassnet data`: what is listed, fetched, checked and written, in a process of its own or in this one."""

import gzip
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from data.batch_files import cifar_archive, python_files, write_batches
from data.digit_files import write_digits
from data.mirror import Mirror
from e2e.command import environment, glassnet, tree
from glassnet.data.catalogue import SOURCES, Checksum

REAL = Path(os.environ.get("GLASSNET_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
needs_mnist = pytest.mark.skipif(not (REAL / "mnist").is_dir(), reason="needs MNIST: set GLASSNET_DATA")
NAMES = [
    "mnist", "fashion-mnist", "kmnist", "cifar-10", "mnist-sample",
    "xor", "circles", "moons", "spirals", "blobs", "sine",
]  # fmt: skip


class TestList:
    def test_names_every_set_and_fetches_nothing(self, env: dict[str, str], tmp_path: Path) -> None:
        outcome = glassnet(["data", "list"], tmp_path, env)
        assert (outcome.code, outcome.err) == (0, "")
        assert re.findall(r"^  ([a-z0-9-]+): ", outcome.out, re.MULTILINE) == NAMES
        assert outcome.out.count("not at hand") == 4
        assert "not at hand (170 MB to fetch)" in outcome.out
        assert "CC BY-SA 4.0" in outcome.out
        assert list(tmp_path.iterdir()) == []

    def test_says_where_a_set_is(self, env: dict[str, str], tmp_path: Path) -> None:
        folder = write_batches(tmp_path / "data" / "cifar-10")
        outcome = glassnet(["data", "list"], tmp_path, {**env, "GLASSNET_DATA": str(tmp_path / "data")})
        assert f"found in {folder} ($GLASSNET_DATA)" in outcome.out
        assert outcome.out.count("not at hand") == 3

    def test_the_command_alone_explains_itself(self, env: dict[str, str], tmp_path: Path) -> None:
        for arguments in (["data"], ["data", "-h"], ["data", "--help"]):
            outcome = glassnet(arguments, tmp_path, env)
            assert (outcome.code, outcome.err) == (0, "")
            assert all(name in outcome.out for name in ("list", "get", "verify", "export-csv"))


class TestExport:
    def test_a_toy(self, env: dict[str, str], tmp_path: Path) -> None:
        outcome = glassnet(["data", "export-csv", "xor", "xor.csv"], tmp_path, env)
        assert outcome == (0, "xor.csv: 4 rows of xor, train\n", "")
        assert (
            tmp_path / "xor.csv"
        ).read_bytes() == b"x1,x2,label\n0.0,0.0,0\n0.0,1.0,1\n1.0,0.0,1\n1.0,1.0,0\n"

    def test_digits_as_kaggle_has_them(self, env: dict[str, str], tmp_path: Path) -> None:
        from glassnet import data

        outcome = glassnet(
            ["data", "export-csv", "mnist-sample", "test.csv", "--part", "test", "--count", "30"],
            tmp_path,
            env,
        )
        assert outcome == (0, "test.csv: 30 rows of mnist-sample, test\n", "")
        lines = (tmp_path / "test.csv").read_text(encoding="utf-8").splitlines()
        assert lines[0] == ",".join(["label", *(f"pixel{i}" for i in range(784))])
        read = np.array([line.split(",") for line in lines[1:]], int)
        test = data.load("mnist-sample").test
        assert np.array_equal(read[:, 0], test.labels[:30])
        assert np.array_equal(read[:, 1:].reshape(30, 28, 28), test.images[:30])

    def test_without_labels_and_over_a_file(self, env: dict[str, str], tmp_path: Path) -> None:
        write_digits(tmp_path / "letters")
        (tmp_path / "out.csv").write_text("mine", encoding="utf-8")
        command = ["data", "export-csv", "letters", "out.csv", "--unlabelled"]
        outcome = glassnet(command, tmp_path, env)
        expected = "glassnet: out.csv: expected a file that is not there yet, or --overwrite\n"
        assert outcome == (2, "", expected)
        assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "mine"
        outcome = glassnet([*command, "--overwrite", "--part", "all"], tmp_path, env)
        assert outcome == (0, "out.csv: 80 rows of letters, all, without labels\n", "")
        lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
        assert len(lines) == 81
        assert {len(line.split(",")) for line in lines} == {30}

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ("xro out.csv", "unknown data set 'xro'; did you mean 'xor'?"),
            ("xor out.csv --part tset", "--part: expected train, test, all, got 'tset'"),
            (
                "xor out.csv --part test",
                "--part: expected one of xor with examples, got test, which has none",
            ),
            ("xor out.csv --count 0", "--count: expected 1 row or more, got 0"),
            ("xor out.csv --count many", "--count"),
            ("xor none/out.csv", "out.csv: No such file or directory"),
            ("xor . --overwrite", "."),
            ("xor out.csv --data-dir x", "--data-dir: expected with"),
            ("mnist out.csv --data-dir none", "none: no such folder"),
            ("mnist out.csv", "mnist is not at hand and cannot be fetched"),
            ("cifar-10 out.csv", "cifar-10 is not at hand and cannot be fetched"),
            ("xor", "OUT.csv"),
        ],
    )
    def test_what_cannot_be(self, env: dict[str, str], tmp_path: Path, arguments: str, message: str) -> None:
        outcome = glassnet(["data", "export-csv", *arguments.split()], tmp_path, env)
        assert (outcome.code, outcome.out) == (2, "")
        assert outcome.err.startswith("glassnet: ")
        assert outcome.err.count("\n") == 1
        assert message in outcome.err
        assert list(tmp_path.iterdir()) == []


class TestVerify:
    def test_not_at_hand(self, env: dict[str, str], tmp_path: Path) -> None:
        for name, message in (
            ("kmnist", "kmnist is not at hand: the cache: "),
            ("cifar-10", "cifar-10 is not at hand: "),
            (
                "nothing",
                "nothing: expected a folder or one of mnist, fashion-mnist, kmnist, cifar-10, found neither",
            ),
            (".", "expected the files of one of mnist, fashion-mnist, kmnist, cifar-10, found none that"),
        ):
            outcome = glassnet(["data", "verify", name], tmp_path, env)
            assert (outcome.code, outcome.out) == (2, "")
            assert message in outcome.err
            assert outcome.err.count("\n") == 1

    def test_what_differs(self, env: dict[str, str], tmp_path: Path) -> None:
        folder = write_digits(tmp_path / "mnist")
        (folder / "train-images-idx3-ubyte.gz").write_bytes(b"\x1f\x8bcut off")
        outcome = glassnet(["data", "verify", "mnist"], tmp_path, {**env, "GLASSNET_DATA": str(tmp_path)})
        assert (outcome.code, outcome.err) == (1, "")
        assert re.findall(r"ubyte\.gz: ([a-z]+) \(SHA-256 of its content", outcome.out) == ["differs"] * 4

    def test_what_cannot_be_checked(self, env: dict[str, str], tmp_path: Path) -> None:
        folder = write_digits(tmp_path / "fashion-mnist")
        for path in list(folder.iterdir()):
            path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
            path.unlink()
        write_batches(tmp_path / "cifar-10" / "cifar-10-batches-bin")
        for name in ("fashion-mnist", "cifar-10"):
            outcome = glassnet(["data", "verify", name], tmp_path, {**env, "GLASSNET_DATA": str(tmp_path)})
            assert (outcome.code, outcome.err) == (0, "")
            assert outcome.out.count(": cannot be checked (") == len(outcome.out.splitlines()) == (
                4 if name == "fashion-mnist" else 6
            )  # fmt: skip

    def test_python_batches_have_checksums_of_their_own(self, env: dict[str, str], tmp_path: Path) -> None:
        folder = write_batches(tmp_path / "cifar-10-batches-py", python_files())
        (tmp_path / "cifar-10-python.tar.gz").write_bytes(cifar_archive(python_files()))
        for place, count in ((folder, 6), (tmp_path, 7)):
            outcome = glassnet(["data", "verify", str(place)], tmp_path, env)
            assert outcome.code == 1
            assert outcome.out.count(": differs (MD5, published by pytorch/vision") == count

    @needs_mnist
    def test_the_real_mnist(self, env: dict[str, str], tmp_path: Path) -> None:
        outcome = glassnet(["data", "verify", str(REAL / "mnist")], tmp_path, env)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.count(": ok (SHA-256 of its content") == 4


class TestGet:
    """In this process, with small sets in the real ones' place."""

    ARCHIVE = cifar_archive()

    @pytest.fixture(autouse=True)
    def mirror(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Mirror]:
        files = {"/cifar-10/cifar-10-binary.tar.gz": self.ARCHIVE}
        checksum = Checksum(hashlib.sha256(self.ARCHIVE).hexdigest(), "archive", "here")
        small = replace(SOURCES["cifar-10"], files={"cifar-10-binary.tar.gz": checksum})
        monkeypatch.setitem(SOURCES, "cifar-10", small)
        server = Mirror(files)
        monkeypatch.delenv("GLASSNET_DATA", raising=False)
        monkeypatch.setenv("GLASSNET_MIRROR", server.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "cache")
        monkeypatch.chdir(tmp_path)
        yield server
        server.shutdown()
        server.server_close()

    def run(self, *arguments: str) -> Any:
        from glassnet.cli import app

        return CliRunner().invoke(app, ["data", *arguments])

    def test_into_the_cache_and_then_from_it(self, mirror: Mirror, tmp_path: Path) -> None:
        folder = tmp_path / "cache" / "cifar-10"
        done = self.run("get", "cifar-10")
        assert done.exit_code == 0, done.output
        assert re.fullmatch(
            rf"cifar-10: downloaded from 127.0.0.1:\d+/cifar-10, to {re.escape(str(folder))}\n", done.output
        )
        assert (folder / "cifar-10-binary.tar.gz").read_bytes() == self.ARCHIVE
        asked = len(mirror.requests)
        assert self.run("get", "cifar-10").output == f"cifar-10: found in {folder} (the cache)\n"
        assert len(mirror.requests) == asked
        verified = self.run("verify", "cifar-10")
        assert verified.exit_code == 0
        assert ": ok (SHA-256, published by here)" in verified.output

    def test_to_another_folder(self, mirror: Mirror, tmp_path: Path) -> None:
        done = self.run("get", "cifar-10", "--data-dir", "mine")
        assert done.exit_code == 0, done.output
        assert list(tree(tmp_path)) == ["mine", "mine/cifar-10", "mine/cifar-10/cifar-10-binary.tar.gz"]
        assert (
            self.run("get", "cifar-10", "--data-dir", "mine").output == "cifar-10: found in mine/cifar-10\n"
        )
        exported = self.run("export-csv", "cifar-10", "a.csv", "--data-dir", "mine", "--part", "all")
        assert exported.output == "a.csv: 12 rows of cifar-10, all\n"
        assert len((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()[0].split(",")) == 3073

    def test_what_is_part_of_the_package(self, mirror: Mirror) -> None:
        done = self.run("get", "xor", "mnist-sample")
        assert done.output.splitlines() == [
            f"{name}: is part of glassnet; there is nothing to fetch" for name in ("xor", "mnist-sample")
        ]

    def test_an_unknown_name_is_found_before_anything_is_fetched(self, mirror: Mirror) -> None:
        done = self.run("get", "cifar-10", "cifar-11")
        assert done.exit_code == 1
        assert str(done.exception).startswith("unknown data set 'cifar-11'; did you mean 'cifar-10'?")
        assert mirror.requests == []


@needs_mnist
@pytest.mark.slow
def test_the_real_mnist_is_fetched_and_used(tmp_path: Path) -> None:
    files = {f"/mnist/{path.name}": path.read_bytes() for path in (REAL / "mnist").iterdir()}
    server = Mirror(files)
    env = environment(tmp_path / "home", GLASSNET_MIRROR=server.url, NO_PROXY="127.0.0.1")
    try:
        got = glassnet(["data", "get", "mnist"], tmp_path, env)
        assert (got.code, got.err) == (0, "")
        outcome = glassnet(["data", "export-csv", "mnist", "train.csv"], tmp_path, env)
        assert outcome == (0, "train.csv: 60,000 rows of mnist, train\n", "")
        with (tmp_path / "train.csv").open("rb") as file:
            assert sum(1 for _ in file) == 60_001
        assert sum(path.startswith("/mnist/") for path in server.requests) == 4
    finally:
        server.shutdown()
        server.server_close()
