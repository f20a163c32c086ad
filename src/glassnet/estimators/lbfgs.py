"""Fitting with L-BFGS, from SciPy: all examples at once, in float64."""

import warnings
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from glassnet import blas
from glassnet.estimators.objectives import Objective
from glassnet.nn.layer import Array
from glassnet.nn.network import Network
from glassnet.nn.penalties import add_penalty_gradient


class Function:
    """L and ∂L/∂w as a function of the vector of all parameters, over all examples."""

    def __init__(self, network: Network, objective: Objective, inputs: Array, targets: Array) -> None:
        self.network, self.objective = network, objective
        self.targets = objective.encode(targets, network.output_shape[0], network.dtype)
        self.arrays = network.new_pass(len(inputs), training=True)
        network.load(inputs, self.arrays)
        self.loss = np.inf  # the last

    def __call__(self, w: Array, alpha: float) -> tuple[float, Array]:
        """Return L and a new array ∂L/∂w at `w`."""
        network, arrays = self.network, self.arrays
        np.copyto(network.parameters.vector, w)
        with np.errstate(over="ignore", invalid="ignore"):
            z = arrays.forward()
            self.loss = float(self.objective(z, self.targets, arrays.output_gradient))
            arrays.backward()
            gradient: Array = network.gradients.vector.copy()
            part, l2 = network.weights, alpha * self.objective.penalty_share
            add_penalty_gradient(gradient[part], w[part], 0.0, l2, np.empty_like(w[part]))
        return self.loss, gradient


def minimize(estimator: Any, objective: Objective, network: Network, inputs: Array, targets: Array) -> None:
    """Bring `network`, of float64, to the end of the fit. Raises ValueError if it is lost on the way.

    Byrd, Lu, Nocedal, Zhu 1995, SIAM J. Sci. Comput. 16, in SciPy's implementation, with scikit-learn's
    settings.
    """
    from scipy import optimize

    e = estimator
    function = Function(network, objective, inputs, targets)
    objective.rows = lambda: slice(None)

    def iteration(w: Array) -> None:
        e.loss_curve_.append(function.loss)
        if e.verbose:
            print(f"Iteration {len(e.loss_curve_)}, loss = {function.loss:.8f}")

    with blas.limit(blas.choose("auto", network, len(inputs))):
        result = optimize.minimize(
            function,
            network.parameters.vector.copy(),
            args=(float(e.alpha),),
            method="L-BFGS-B",
            jac=True,
            callback=iteration,
            options={"maxfun": e.max_fun, "maxiter": e.max_iter, "gtol": e.tol},
        )
    objective.rows = None
    if not np.isfinite(result.x).all() or not np.isfinite(result.fun):
        raise ValueError(
            "fit: expected a loss that stays finite, got one that does not; what usually helps: inputs and"
            " targets scaled (StandardScaler), a larger alpha"
        )
    np.copyto(network.parameters.vector, result.x)
    e.n_iter_ = min(result.nit, e.max_iter)
    e.loss_ = float(result.fun)
    if result.status != 0:
        warnings.warn(
            f"lbfgs failed to converge after {e.n_iter_} iterations (status={result.status}):"
            f" {result.message}; a larger max_iter or scaled inputs may help",
            ConvergenceWarning,
            stacklevel=5,
        )
