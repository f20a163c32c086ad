"""A network of two layers, examples in rows: check it with glassnet check FILE.py"""

import numpy as np


def loss_and_grads(params, x, y):
    """x (N, I), y (N,) class numbers; returns the loss and the gradient of each array in params."""
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    n = len(x)

    # forward
    z1 = x @ W1 + b1
    a1 = np.tanh(z1)
    z2 = a1 @ W2 + b2
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)  # softmax
    loss = -np.log(p[np.arange(n), y]).mean()  # cross-entropy

    # backward: each line is one step of the chain rule, the last forward line first
    dz2 = p.copy()
    dz2[np.arange(n), y] -= 1  # p − one-hot(y)
    dz2 /= n  # the mean over the batch, here and nowhere else
    dW2 = a1.T @ dz2
    db2 = dz2.sum(axis=0)
    da1 = dz2 @ W2.T
    dz1 = da1 * (1 - a1**2)  # tanh'(z) = 1 − tanh(z)²
    dW1 = x.T @ dz1
    db1 = dz1.sum(axis=0)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def example(rng):
    """Numbers to run it on: few, and none of them zero."""
    params = {
        "W1": rng.normal(size=(4, 5)),
        "b1": rng.normal(size=5),
        "W2": rng.normal(size=(5, 3)),
        "b2": rng.normal(size=3),
    }
    return params, rng.normal(size=(6, 4)), rng.integers(0, 3, size=6)
