"""Penalties on the weights, and the limits on gradients and weights that keep training in bounds."""

import math

import numpy as np

from glassnet.nn.layer import Array


def penalty(weights: Array, l1: float, l2: float) -> float:
    """Return l1 Σ|w| + l2/2 Σw², which L1 and L2 regularization add to the loss."""
    total = 0.0
    if l1:
        total += l1 * float(np.abs(weights).sum())
    if l2:
        total += l2 / 2 * float(np.dot(weights, weights))
    return total


def add_penalty_gradient(gradient: Array, weights: Array, l1: float, l2: float, scratch: Array) -> None:
    """gradient += l1 sign(w) + l2 w, the derivative of `penalty`; `scratch` is an array to work in."""
    if l1:
        np.sign(weights, out=scratch)
        np.multiply(scratch, l1, out=scratch)
        np.add(gradient, scratch, out=gradient)
    if l2:
        np.multiply(weights, l2, out=scratch)
        np.add(gradient, scratch, out=gradient)


def clip_norm(gradient: Array, limit: float) -> float:
    """Scale the whole gradient down to the norm `limit` if it is longer; return its norm before.

    A gradient with NaN or infinity in it has no direction to keep: it stays as it is, to be seen.
    Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063, algorithm 1.
    """
    norm = _norm(gradient)
    if limit < norm < math.inf:
        np.multiply(gradient, limit / norm, out=gradient)
    return norm


def limit_norms(weights: Array, limit: float) -> None:
    """Scale each unit's incoming weights, a column of W (I, O), down to the norm `limit` if it is longer.

    A column with NaN or infinity in it stays as it is. Srivastava et al. 2014, JMLR 15, section 5.1
    ("max-norm").
    """
    with np.errstate(over="ignore"):
        norms = np.sqrt(np.add.reduce(weights * weights, axis=0))
    longest = float(norms.max())
    if not math.isfinite(longest):  # rare: each column alone, so that none spoils the others
        for column in weights.T:
            clip_norm(column, limit)
    elif longest > limit:
        np.multiply(weights, limit / np.maximum(norms, limit), out=weights)


def _norm(vector: Array) -> float:
    with np.errstate(over="ignore"):
        norm = math.sqrt(float(np.dot(vector, vector)))
    if norm < math.inf or math.isnan(norm):
        return norm
    largest = float(np.abs(vector).max())  # squares overflow long before the norm does: take it out of them
    return largest if math.isinf(largest) else largest * _norm(vector / largest)
