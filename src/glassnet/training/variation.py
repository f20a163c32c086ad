"""Examples that are never twice the same: each step distorts its images, and some of them become no digit."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glassnet.data.dataset import Dataset
from glassnet.nn.losses import CrossEntropy, Loss, one_hot

Array = NDArray[Any]
Maker = Callable[[Array, np.random.Generator], Array]  # images (n, H, W) to others of that shape and dtype
STRANGER = -1  # the label of what belongs to no class


class Variation:
    """What happens to the images of a step before the network sees them.

    A share of them is replaced by what the second of `outliers` (share, maker) makes of them, which belongs
    to no class: its target says that all classes are alike likely (Hendrycks et al. 2019, arXiv:1812.04606).
    Then `augment` distorts all. What is random is decided by the seed and the step alone, so that a run which
    goes back, or on, in another process needs no state of it.

    Raises ValueError for data other than grey images of bytes, a share outside 0 to 1, and outliers of a
    network that is not trained by the cross-entropy over classes.
    """

    _share: float
    _stranger: Maker | None

    def __init__(
        self,
        data: Dataset,
        loss: Loss,
        augment: Maker | None,
        outliers: tuple[float, Maker] | None,
        seed: int,
    ) -> None:
        inputs = data.train.inputs
        what = "augment" if outliers is None else "outliers"
        if len(data.shape) != 2 or inputs.dtype != np.uint8:
            shape = " × ".join(map(str, data.shape))
            raise ValueError(
                f"{what}: expected grey images (N, H, W) of bytes, got examples {shape} of {inputs.dtype}"
            )
        self._share, self._stranger = 0.0, None
        if outliers is not None:
            self._share, self._stranger = outliers
        if not 0 <= self._share < 1:
            raise ValueError(f"outliers: expected a share of at least 0 and below 1, got {self._share!r}")
        if outliers is not None and not (isinstance(loss, CrossEntropy) and loss.class_weights is None):
            raise ValueError(f"outliers: expected the loss cross_entropy without class weights, got {loss!r}")
        self._shape, self._augment, self._seed = data.shape, augment, seed

    def __call__(self, images: Array, step: int) -> NDArray[np.bool_] | None:
        """Change the images (n, …) of a step in place; return which belong to no class, None if none may."""
        generator = np.random.default_rng([self._seed, 2, step])
        pictures = images.reshape(len(images), *self._shape)
        strangers = None
        if self._stranger is not None:
            strangers = generator.random(len(images)) < self._share
            pictures[strangers] = self._stranger(pictures[strangers], generator)
        if self._augment is not None:
            pictures[...] = self._augment(pictures, generator)
        return strangers

    def answers(
        self, labels: Array, strangers: NDArray[np.bool_], classes: int, dtype: np.dtype[Any]
    ) -> tuple[Array, Array]:
        """Return targets (n, K), flat for those of no class, and labels (n,), of those `STRANGER`."""
        targets = one_hot(labels, classes, dtype)
        targets[strangers] = 1 / classes
        return targets, np.where(strangers, STRANGER, labels)


def told(augment: Maker | None, outliers: tuple[float, Maker] | None) -> dict[str, str]:
    """Say in words what is done to the images; nothing, where nothing is."""
    words = {} if augment is None else {"augment": repr(augment)}
    return words if outliers is None else {**words, "outliers": f"{outliers[0]:g} {outliers[1]!r}"}
