"""`MLPRegressor`: scikit-learn's, on this library's network and training loop."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import RegressorMixin
from sklearn.utils import column_or_1d
from sklearn.utils.metaestimators import available_if

from glassnet.estimators import objectives
from glassnet.estimators.base import MLP, _has_steps
from glassnet.estimators.held_out import r_squared
from glassnet.nn.layer import Array
from glassnet.nn.losses import Loss, MeanSquaredError
from glassnet.nn.network import Network
from glassnet.nn.schedules import Schedule


class MLPRegressor(RegressorMixin, MLP):  # type: ignore[misc]
    """A multilayer perceptron towards one value an example, or several.

    It minimizes half the squared error. Its parameters are those of `MLPClassifier`, but for `class_weight`;
    where scikit-learn's `MLPRegressor` has one of the same name, it means the same. Targets are not scaled:
    `sklearn.compose.TransformedTargetRegressor` does that. Documentation: docs/estimators.md.
    """

    _score = staticmethod(r_squared)
    _score_name = "validation_r2"

    def __init__(
        self,
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str = "relu",
        *,
        solver: str = "adam",
        alpha: float = 0.0001,
        batch_size: int | str = "auto",
        learning_rate: str | Schedule = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: int | np.random.RandomState | None = None,
        tol: float = 1e-4,
        verbose: bool = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        dropout: float = 0.0,
        weight_decay: float | None = None,
        callbacks: Sequence[Callable[..., None]] | None = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.solver = solver
        self.alpha = alpha
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.learning_rate_init = learning_rate_init
        self.power_t = power_t
        self.max_iter = max_iter
        self.shuffle = shuffle
        self.random_state = random_state
        self.tol = tol
        self.verbose = verbose
        self.warm_start = warm_start
        self.momentum = momentum
        self.nesterovs_momentum = nesterovs_momentum
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon
        self.n_iter_no_change = n_iter_no_change
        self.max_fun = max_fun
        self.dropout = dropout
        self.weight_decay = weight_decay
        self.callbacks = callbacks

    @available_if(_has_steps)  # type: ignore[untyped-decorator]
    def partial_fit(self, X: Any, y: Any, sample_weight: ArrayLike | None = None) -> Self:
        """Go through X (N, features) once.

        The optimizer goes on where it stood, and a schedule as if each call were one of its `max_iter`
        epochs. Nothing is set aside for early stopping.
        """
        self._fit(X, y, sample_weight, None, once=True)
        return self

    # ---- what the fit asks

    def _encode(self, y: Any, first: bool) -> Array:
        if y.ndim == 1 or y.shape[1] == 1:
            y = column_or_1d(y, warn=True)[:, None]
        targets: Array = y
        return targets

    def _outputs_wanted(self, targets: Array) -> int:
        return int(targets.shape[1])

    def _objective(self, network: Network, weights: Array | None) -> objectives.Objective:
        return objectives.Values(network, float(self.alpha), weights)

    def _loss(self) -> Loss:
        return MeanSquaredError()

    # ---- answers

    def predict(self, X: Any) -> Array:
        """Return the value of each example (N,), or its values (N, outputs)."""
        z = self._outputs(X)
        return z.ravel() if z.shape[1] == 1 else z

    @property
    def out_activation_(self) -> str:
        """Values are what the last layer gives, without an activation."""
        return "identity"

    def __sklearn_tags__(self) -> Any:
        """Say to scikit-learn that there may be several values an example."""
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags
