"""What the classifier and the regressor share: their network, the way a fit goes, and what is left of it."""

import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from glassnet import files  # noqa: F401  lets `network_.save` write
from glassnet.estimators import lbfgs, parameters
from glassnet.estimators.held_out import HeldOut, Score
from glassnet.estimators.objectives import Objective
from glassnet.estimators.stochastic import Examples, Fit
from glassnet.nn.dense import Dense
from glassnet.nn.dropout import Dropout
from glassnet.nn.layer import Array, Layer
from glassnet.nn.losses import Loss
from glassnet.nn.network import CHUNK, Network

FLOATS = (np.float64, np.float32)


def _has_steps(estimator: "MLP") -> bool:
    if estimator.solver == "lbfgs":
        raise AttributeError("partial_fit: expected a solver that goes step by step, got 'lbfgs'")
    return True


class MLP(BaseEstimator):  # type: ignore[misc]
    """A multilayer perceptron that is fitted as scikit-learn's is. See `MLPClassifier` and `MLPRegressor`."""

    _score: Score
    _score_name: str
    network_: Network
    n_iter_: int
    t_: int
    loss_: float
    best_loss_: float | None
    loss_curve_: list[float]
    validation_scores_: list[float] | None
    validation_loss_curve_: list[float] | None
    best_validation_score_: float | None

    # ---- what a subclass says

    def _encode(self, y: Any, first: bool) -> Array:
        """Return targets as the objective encodes them; decide the classes if it is the `first` fit."""
        raise NotImplementedError

    def _objective(self, network: Network, weights: Array | None) -> Objective:
        raise NotImplementedError

    def _loss(self) -> Loss:
        """Return the library's own loss, which tells what the fitted network's outputs mean."""
        raise NotImplementedError

    def _outputs_wanted(self, targets: Array) -> int:
        raise NotImplementedError

    def _class_names(self) -> tuple[str, ...] | None:
        return None

    def _strata(self, targets: Array) -> Array | None:
        return None

    def _example_weights(self, y: Any, sample_weight: Any, X: Array) -> Array | None:
        if sample_weight is None:
            return None
        weights: Array = _check_sample_weight(sample_weight, X, dtype=X.dtype)
        if weights.min() < 0 or not weights.any():
            raise ValueError(
                f"sample_weight: expected weights of at least 0, not all 0, got {weights.min():g} to"
                f" {weights.max():g}"
            )
        return weights

    # ---- fitting

    def fit(
        self, X: Any, y: Any, sample_weight: ArrayLike | None = None, validation_data: Any = None
    ) -> Self:
        """Fit to inputs X (N, features) and targets y.

        `sample_weight` (N,) says how much each example counts. After each epoch the network is measured on
        `validation_data`, a pair (X, y) or triple (X, y, sample_weight); with `early_stopping` it takes the
        place of a part of X set aside. Raises ValueError, saying what was expected, for data or parameters
        that do not fit, and for a loss that is no longer finite.
        """
        return self._fit(X, y, sample_weight, validation_data)

    def _fit(self, X: Any, y: Any, sample_weight: Any, held: Any, once: bool = False) -> Self:
        parameters.check(self)
        first = not hasattr(self, "network_") or not (self.warm_start or once)
        X, y = self._checked(X, y, first)
        weights = self._example_weights(y, sample_weight, X)
        targets = self._encode(y, first and not once)
        random = check_random_state(self.random_state)
        if first:
            self._begin(X, targets, random)
        self._go_on_as_asked(targets)
        try:
            if self.solver == "lbfgs":
                if held is not None:
                    raise ValueError("validation_data: expected None for solver 'lbfgs', which has no epochs")
                self._fit_full_batch(X, targets, weights)
            else:
                self._fit_stochastic(X, targets, weights, held, random, once)
        finally:
            self.network_.pair(self._loss())
        return self

    def _checked(self, X: Any, y: Any, reset: bool) -> tuple[Any, Any]:
        checked: tuple[Any, Any] = validate_data(
            self,
            X,
            y,
            accept_sparse=["csr", "csc"],
            multi_output=True,
            y_numeric=self._score_name == "validation_r2",
            dtype=FLOATS,
            order="C",
            reset=reset,
        )
        return checked

    def _begin(self, X: Array, targets: Array, random: np.random.RandomState) -> None:
        """Make the network, with first values drawn as scikit-learn draws them, and an empty record."""
        layers = self._asked(targets)
        self.network_ = Network(layers, X.shape[1], dtype=X.dtype.name, classes=self._class_names())
        spread = 2.0 if self.activation == "logistic" else 6.0
        for layer in self._layers:
            # Glorot and Bengio 2010, AISTATS, equation 16; scikit-learn draws the biases likewise.
            limit = math.sqrt(spread / sum(layer.W.shape))
            layer.W[...] = random.uniform(-limit, limit, layer.W.shape)
            layer.b[...] = random.uniform(-limit, limit, layer.b.shape)
        self.n_iter_, self.t_, self.loss_curve_ = 0, 0, []
        self.loss_ = self.best_loss_ = math.inf
        self.validation_scores_ = self.validation_loss_curve_ = self.best_validation_score_ = None
        self._no_improvement_count = 0
        self._rate = float(self.learning_rate_init)
        self._optimizer = self._best_parameters = None

    def _asked(self, targets: Array) -> list[Layer]:
        """Return new layers as the parameters describe them."""
        kind = parameters.ACTIVATIONS[self.activation]
        layers: list[Layer] = []
        for units in parameters.hidden_layers(self.hidden_layer_sizes):
            layers.append(Dense(units, initializer="glorot_uniform"))
            layers += [] if kind is None else [kind()]
            layers += [Dropout(float(self.dropout))] if self.dropout else []
        return [*layers, Dense(self._outputs_wanted(targets), initializer="glorot_uniform")]

    def _go_on_as_asked(self, targets: Array) -> None:
        """Refuse other units than the network has; another activation or dropout takes effect."""
        expected = [layer.units for layer in self._layers]
        asked = [*parameters.hidden_layers(self.hidden_layer_sizes), self._outputs_wanted(targets)]
        if asked != expected:
            raise ValueError(f"fit: expected layers of {expected} units, as fitted before, got {asked}")
        before, layers = self.network_, self._asked(targets)
        if list(map(repr, layers)) != list(map(repr, before.layers)):
            self.network_ = Network(
                layers, before.input_shape, dtype=before.dtype.name, classes=self._class_names()
            )
            self.network_.parameters.vector[...] = before.parameters.vector

    def _fit_full_batch(self, X: Array, targets: Array, weights: Array | None) -> None:
        network = self.network_ if self.network_.dtype == np.float64 else self.network_.copy("float64")
        objective = self._objective(network, weights)
        network.pair(objective)
        self.loss_curve_ = []
        lbfgs.minimize(self, objective, network, _dense(X), targets)
        self.network_.parameters.vector[...] = network.parameters.vector

    def _fit_stochastic(
        self,
        X: Array,
        targets: Array,
        weights: Array | None,
        validation_data: Any,
        random: np.random.RandomState,
        once: bool,
    ) -> None:
        objective = self._objective(self.network_, weights)
        X, rows = _dense(X), None
        held = None
        if validation_data is not None:
            held = self._given(validation_data, objective)
        elif self.early_stopping and not once:
            rows, aside = self._set_aside(targets, random)
            part = None if weights is None else weights[aside]
            held = HeldOut(X[aside], targets[aside], part, objective, self._score, self._score_name)
        if held is not None and self.validation_scores_ is None:
            self.validation_scores_, self.validation_loss_curve_ = [], []
            self.best_validation_score_ = -math.inf
        Fit(self, held, once=once).run(Examples(X, targets, rows, self._class_names()), objective, random)

    def _set_aside(self, targets: Array, random: np.random.RandomState) -> tuple[Array, Array]:
        """Split the rows for early stopping as scikit-learn does, but never fewer than 2 aside."""
        n, share = len(targets), float(self.validation_fraction)
        if n < 4:
            raise ValueError(
                f"early_stopping: expected at least 4 examples, 2 to set aside, got n_samples = {n}"
            )
        strata = self._strata(targets) if n * share > 1 else None
        size = share if n * share > 1 else 2
        every = np.arange(n)
        try:
            rows, aside = train_test_split(every, random_state=random, test_size=size, stratify=strata)
        except ValueError as error:
            raise ValueError(f"early_stopping with validation_fraction {share:g}: {error}") from None
        return rows, aside

    def _given(self, validation_data: Any, objective: Objective) -> HeldOut:
        if not isinstance(validation_data, Sequence) or len(validation_data) not in (2, 3):
            raise ValueError(
                "validation_data: expected (X, y) or (X, y, sample_weight), got"
                f" {type(validation_data).__name__}"
            )
        try:
            X, y = self._checked(validation_data[0], validation_data[1], reset=False)
            weights = self._example_weights(y, validation_data[2] if validation_data[2:] else None, X)
            targets = self._encode(y, False)
            if (wanted := self._outputs_wanted(targets)) != self.n_outputs_:
                raise ValueError(f"y: expected {self.n_outputs_} values an example, got {wanted}")
        except ValueError as error:
            raise ValueError(f"validation_data: {error}") from None
        return HeldOut(_dense(X), targets, weights, objective, self._score, self._score_name)

    # ---- answers

    def _outputs(self, X: Any) -> Array:
        """Return what the network makes of X (N, features), before any softmax or sigmoid: (N, outputs)."""
        check_is_fitted(self, "network_")
        X = validate_data(self, X, accept_sparse=["csr", "csc"], dtype=FLOATS, order="C", reset=False)
        if not sparse.issparse(X):
            return self.network_.outputs(X)
        rows = X.tocsr()
        parts = [rows[start : start + CHUNK].toarray() for start in range(0, rows.shape[0], CHUNK)]
        return np.concatenate([self.network_.outputs(part) for part in parts])

    # ---- what is left of a fit

    @property
    def _layers(self) -> list[Dense]:
        return [layer for layer in self.network_.layers if isinstance(layer, Dense)]

    @property
    def coefs_(self) -> list[Array]:
        """The weight matrices (inputs, units) of the layers in order: the network's own, not copies."""
        return [layer.W for layer in self._layers]

    @coefs_.setter
    def coefs_(self, values: Sequence[ArrayLike]) -> None:
        _put("coefs_", self.coefs_, values)

    @property
    def intercepts_(self) -> list[Array]:
        """The biases (units,) of the layers in order: the network's own, not copies."""
        return [layer.b for layer in self._layers]

    @intercepts_.setter
    def intercepts_(self, values: Sequence[ArrayLike]) -> None:
        _put("intercepts_", self.intercepts_, values)

    @property
    def n_layers_(self) -> int:
        """The number of layers, that of the inputs among them."""
        return len(self._layers) + 1

    @property
    def n_outputs_(self) -> int:
        """The number of outputs."""
        return int(self.network_.output_shape[0])

    def __sklearn_tags__(self) -> Any:
        """Say to scikit-learn that inputs may be sparse."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _dense(X: Any) -> Array:
    dense: Array = X.toarray() if sparse.issparse(X) else X
    return dense


def _put(name: str, into: list[Array], values: Sequence[ArrayLike]) -> None:
    arrays = [np.asarray(value) for value in values]
    if [a.shape for a in arrays] != [a.shape for a in into]:
        expected, received = [a.shape for a in into], [a.shape for a in arrays]
        raise ValueError(f"{name}: expected arrays of shapes {expected}, got {received}")
    for ours, theirs in zip(into, arrays):
        ours[...] = theirs
