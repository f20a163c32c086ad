"""The data sets that can be fetched by name: files, checksums, addresses, licences.

Every checksum is one that somebody else has published, and says where; none is our own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Part = tuple[NDArray[np.uint8], NDArray[Any]]
"""Images (N, …) and their labels (N,)."""

Kind = Literal["archive", "content", "file"]


@dataclass(frozen=True)
class Checksum:
    """A published checksum, by whom, and what it is of: a gzip archive, what is in one, or a plain file.

    One of the content outlives recompression; one of the archive tells nothing of a file that is unpacked.
    """

    digest: str
    of: Kind
    published: str
    algorithm: Literal["sha256", "md5"] = "sha256"


@dataclass(frozen=True)
class Source:
    """A data set that can be fetched by name. A mirror is what stands before a file's name in its address.

    `files` are those that are fetched; `also`, other files of the set that can be checked if they are there.
    `size` is that of the files to fetch. `form` says how they are read: four IDX files named as MNIST's, or
    CIFAR-10's batches.
    """

    name: str
    about: str
    size: str
    files: Mapping[str, Checksum]
    mirrors: tuple[str, ...]
    citation: str
    licence: str
    classes: tuple[str, ...]
    form: Literal["idx", "cifar"] = "idx"
    also: Mapping[str, Checksum] = field(default_factory=dict)


TRAIN = ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
TEST = ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")
BATCHES = (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch")

CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
OBJECTS = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")

_TFDS = "tensorflow/datasets, tensorflow_datasets/url_checksums"
_KERAS = "keras-team/keras, keras/src/datasets/fashion_mnist.py"
_TORCHVISION = "pytorch/vision, torchvision/datasets/cifar.py"


def _checksums(
    files: Iterable[str], of: Kind, published: str, *digests: str, **algorithm: Any
) -> dict[str, Checksum]:
    return {file: Checksum(digest, of, published, **algorithm) for file, digest in zip(files, digests)}


SOURCES = {
    source.name: source
    for source in [
        Source(
            name="mnist",
            about="handwritten digits: 60,000 + 10,000 images of 28 × 28, 10 classes",
            size="12 MB",
            files=_checksums(
                TRAIN + TEST,
                "content",
                "many public repositories",
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
            mirrors=(
                "https://ossci-datasets.s3.amazonaws.com/mnist/",
                "https://storage.googleapis.com/cvdf-datasets/mnist/",
            ),
            citation="Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits, 1998",
            licence="CC BY-SA 3.0, as commonly stated",
            classes=tuple("0123456789"),
        ),
        Source(
            name="fashion-mnist",
            about="articles of clothing: 60,000 + 10,000 images of 28 × 28, 10 classes",
            size="31 MB",
            files=_checksums(
                TRAIN + TEST,
                "archive",
                f"{_TFDS}/fashion_mnist.txt, and {_KERAS}",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
            ),
            mirrors=(
                "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            ),
            citation="H. Xiao, K. Rasul, R. Vollgraf: Fashion-MNIST, 2017, arXiv:1708.07747",
            licence="MIT, Zalando SE",
            classes=CLOTHES,
        ),
        Source(
            name="kmnist",
            about="Japanese characters in old handwriting: 60,000 + 10,000 images of 28 × 28, 10 classes",
            size="21 MB",
            files=_checksums(
                TRAIN + TEST,
                "archive",
                f"{_TFDS}/kmnist.txt",
                "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
                "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
                "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
                "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c",
            ),
            mirrors=("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
            citation=(
                "KMNIST Dataset (created by CODH), adapted from Kuzushiji Dataset (created by NIJL and"
                " others), doi:10.20676/00000341; T. Clanuwat et al., 2018, arXiv:1812.01718"
            ),
            licence="CC BY-SA 4.0",
            classes=("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
        ),
        Source(
            name="cifar-10",
            about="small photographs: 50,000 + 10,000 images of 3 × 32 × 32, 10 classes",
            size="170 MB",
            files=_checksums(
                ["cifar-10-binary.tar.gz"],
                "archive",
                f"{_TFDS}/cifar10.txt",
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            ),
            mirrors=("https://www.cs.toronto.edu/~kriz/", "https://cave.cs.toronto.edu/kriz/"),
            citation="A. Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009",
            licence="none stated; its authors ask to be cited",
            classes=OBJECTS,
            form="cifar",
            also=_checksums(
                ["cifar-10-python.tar.gz"],
                "archive",
                f"{_TORCHVISION}, and the page of CIFAR-10",
                "c58f30108f718f92721af3b95e74349a",
                algorithm="md5",
            )
            | _checksums(
                [f"cifar-10-batches-py/{batch}" for batch in BATCHES],
                "file",
                _TORCHVISION,
                "c99cafc152244af753f735de768cd75f",
                "d4bba439e000b95fd0a9bffe97cbabec",
                "54ebc095f3ab1f0389bbae665268c751",
                "634d18415352ddfa80567beed471001a",
                "482c414d41f54cd18b22e5b47cb7c3cb",
                "40351d587109b95175f43aff81a1287e",
                algorithm="md5",
            ),
        ),
    ]
}
