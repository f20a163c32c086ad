"""A network of two layers, examples in columns: check it with glassnet check FILE.py"""

import numpy as np


def loss_and_grads(params, X, Y):
    """X (I, N), Y (1, N) of zeros and ones; returns the loss and the gradient of each array in params."""
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    m = X.shape[1]

    # forward
    Z1 = W1 @ X + b1
    A1 = np.maximum(Z1, 0)  # relu
    Z2 = W2 @ A1 + b2
    A2 = 1 / (1 + np.exp(-Z2))  # sigmoid
    loss = -np.sum(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)) / m  # binary cross-entropy

    # backward: each line is one step of the chain rule, the last forward line first
    dZ2 = (A2 - Y) / m  # sigmoid and cross-entropy together; the mean over the batch is in here
    dW2 = dZ2 @ A1.T
    db2 = dZ2.sum(axis=1, keepdims=True)
    dA1 = W2.T @ dZ2
    dZ1 = dA1 * (Z1 > 0)  # relu'(z) is 1 where z > 0, else 0
    dW1 = dZ1 @ X.T
    db1 = dZ1.sum(axis=1, keepdims=True)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def example(rng):
    """Numbers to run it on: few, and none of the biases zero."""
    params = {
        "W1": rng.normal(size=(5, 4)),
        "b1": rng.normal(size=(5, 1)),
        "W2": rng.normal(size=(1, 5)),
        "b2": rng.normal(size=(1, 1)),
    }
    return params, rng.normal(size=(4, 6)), rng.integers(0, 2, size=(1, 6)).astype(float)
