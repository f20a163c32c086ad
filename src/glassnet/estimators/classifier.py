"""`MLPClassifier`: scikit-learn's, on this library's network and training loop."""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse
from sklearn.base import ClassifierMixin
from sklearn.utils import column_or_1d, compute_sample_weight
from sklearn.utils.metaestimators import available_if
from sklearn.utils.multiclass import check_classification_targets, type_of_target

from glassnet.estimators import objectives
from glassnet.estimators.base import MLP, _has_steps
from glassnet.estimators.held_out import accuracy
from glassnet.nn.activations import sigmoid
from glassnet.nn.layer import Array
from glassnet.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss
from glassnet.nn.network import Network
from glassnet.nn.schedules import Schedule


class MLPClassifier(ClassifierMixin, MLP):  # type: ignore[misc]
    """A multilayer perceptron that tells classes apart, or names any number of labels at once.

    Where a parameter has the name of one of scikit-learn's `MLPClassifier`, it means the same, and with the
    same `random_state` the same first weights and batches are drawn. Of its own it has the activations
    "leaky_relu" and "gelu", the solvers "adamw" and "rmsprop", and

    learning_rate   also the name of a schedule of `glassnet.nn.schedules`, such as "cosine" or "one_cycle",
                    which starts from `learning_rate_init`, or a schedule itself; then for every solver
    dropout         the share of each hidden layer's outputs silenced while training
    weight_decay    decoupled decay of the weights at each step; None: 0.01 for "adamw", else none
    class_weight    a weight for each class, {class: weight}, or "balanced": N / (classes · its count)
    callbacks       functions called with each event of the run and the run (a `glassnet.Training`) itself

    Fitted, `network_` is a `glassnet.Network`; `validation_scores_` and `validation_loss_curve_` have an
    entry an epoch where examples were held out, else they are None. Documentation: docs/estimators.md.
    """

    _score = staticmethod(accuracy)
    _score_name = "validation_accuracy"

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
        class_weight: dict[Any, float] | str | None = None,
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
        self.class_weight = class_weight
        self.callbacks = callbacks

    @available_if(_has_steps)  # type: ignore[untyped-decorator]
    def partial_fit(
        self, X: Any, y: Any, sample_weight: ArrayLike | None = None, classes: ArrayLike | None = None
    ) -> Self:
        """Go through X (N, features) once; the first time `classes` names all that there will be.

        The optimizer goes on where it stood, and a schedule as if each call were one of its `max_iter`
        epochs. Nothing is set aside for early stopping. Raises ValueError for classes not named before, and
        for "balanced" weights, which would have to know all examples.
        """
        if self.class_weight == "balanced":
            raise ValueError("partial_fit: expected class_weight as {class: weight}, got 'balanced'")
        if not hasattr(self, "network_"):  # also after a first call that was refused
            labels = type_of_target(y) == "multilabel-indicator"
            if classes is None and not labels:
                raise ValueError(
                    "classes must be passed on the first call to partial_fit: expected all, got none"
                )
            self.classes_ = np.arange(np.shape(y)[1]) if labels else np.unique(np.asarray(classes))
            self._multilabel = labels
        elif classes is not None and not np.array_equal(self.classes_, np.unique(np.asarray(classes))):
            raise ValueError(f"partial_fit: expected classes {self.classes_}, as before, got {classes}")
        self._fit(X, y, sample_weight, None, once=True)
        return self

    # ---- what the fit asks

    def _encode(self, y: Any, first: bool) -> Array:
        kind = type_of_target(y, input_name="y")
        if kind not in ("binary", "multiclass"):
            check_classification_targets(y)
        if kind == "multiclass-multioutput":
            raise ValueError(f"y: expected class numbers (N,) or 0 and 1 (N, labels), got {kind}")
        if labels := kind == "multilabel-indicator":
            y = y.toarray() if sparse.issparse(y) else np.asarray(y)
            present = np.arange(y.shape[1])
        else:
            present, places = np.unique(column_or_1d(y, warn=True), return_inverse=True)
        if first:
            self.classes_, self._multilabel = present, labels
        self._check_classes(present, labels)
        if labels:
            targets: Array = y.astype(np.float64)
            return targets
        numbers: Array = np.searchsorted(self.classes_, present)[places]
        return numbers

    def _check_classes(self, present: Array, labels: bool) -> None:
        if labels != self._multilabel:
            kinds = ("several labels", "one class") if self._multilabel else ("one class", "several labels")
            raise ValueError(f"y: expected {kinds[0]} an example, as before, got {kinds[1]}")
        strange = np.setdiff1d(present, self.classes_)
        if len(strange) or (labels and len(present) != len(self.classes_)):
            raise ValueError(f"y: expected classes among {self.classes_}, as before, got {present}")

    def _example_weights(self, y: Any, sample_weight: Any, X: Array) -> Array | None:
        weights = super()._example_weights(y, sample_weight, X)
        if self.class_weight is None:
            return weights
        of_classes = self._weights_of_classes(y) if isinstance(self.class_weight, dict) else None
        if of_classes is None:
            of_classes = compute_sample_weight(self.class_weight, y)
        by_class: Array = of_classes.astype(X.dtype)
        return by_class if weights is None else weights * by_class

    def _weights_of_classes(self, y: Any) -> Array | None:
        """Return what {class: weight} gives each example, also of a part that lacks classes; None of labels.

        A class not named weighs 1. Raises ValueError for names of no class, if they may be misspelt.
        """
        if sparse.issparse(y) or y.size != len(y):
            return None
        given: Any = self.class_weight
        present, places = np.unique(y.ravel(), return_inverse=True)
        known = {*present.tolist(), *(self.classes_.tolist() if hasattr(self, "classes_") else ())}
        if not given.keys() <= known and not known <= given.keys():
            raise ValueError(f"class_weight: expected classes among {sorted(known)}, got {list(given)}")
        return np.array([given.get(name, 1.0) for name in present.tolist()])[places]

    def _outputs_wanted(self, targets: Array) -> int:
        if targets.ndim == 2:
            return int(targets.shape[1])
        return 1 if len(self.classes_) <= 2 else len(self.classes_)

    def _objective(self, network: Network, weights: Array | None) -> objectives.Objective:
        kind = objectives.Classes if self.out_activation_ == "softmax" else objectives.Labels
        return kind(network, float(self.alpha), weights)

    def _loss(self) -> Loss:
        return CrossEntropy() if self.out_activation_ == "softmax" else BinaryCrossEntropy()

    def _class_names(self) -> tuple[str, ...]:
        names = tuple(map(str, self.classes_))
        return names if len(names) > 1 else (*names, f"not {names[0]}")

    def _strata(self, targets: Array) -> Array | None:
        return targets if self.n_outputs_ == 1 else None  # of more than two classes neither does scikit-learn

    # ---- answers

    def predict(self, X: Any) -> Array:
        """Return the class of each example (N,), or 0 and 1 for each label (N, labels)."""
        z = self._outputs(X)
        if self._multilabel:
            return (z > 0).astype(int)
        if len(self.classes_) == 1:
            return np.repeat(self.classes_, len(z))
        named: Array = self.classes_[z.argmax(axis=1) if z.shape[1] > 1 else (z[:, 0] > 0).astype(np.intp)]
        return named

    def predict_proba(self, X: Any) -> Array:
        """Return the probability of each class, in the order of `classes_` (N, classes), or of each label."""
        z = self._outputs(X)
        if len(self.classes_) == 1:
            return np.ones_like(z)
        if not self._multilabel:
            return self._loss().probabilities(z)
        p = np.empty_like(z)
        sigmoid(z, p)
        return p

    def predict_log_proba(self, X: Any) -> Array:
        """Return the logarithm of `predict_proba`: −∞ where that is 0."""
        with np.errstate(divide="ignore"):
            log: Array = np.log(self.predict_proba(X))
        return log

    @property
    def out_activation_(self) -> str:
        """What makes the outputs probabilities: "softmax" for more than two classes, else "logistic"."""
        return "softmax" if self.n_outputs_ > 1 and not self._multilabel else "logistic"

    def __sklearn_tags__(self) -> Any:
        """Say to scikit-learn that there may be several labels an example."""
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags
