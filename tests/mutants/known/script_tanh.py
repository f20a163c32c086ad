"""One function in one piece: batch first, tanh, softmax cross-entropy of class numbers, L2 penalty."""

import numpy as np

L2 = 0.1


def act(z):
    return np.tanh(z)


def dact(z, a):
    return 1 - a**2


def loss_and_grads(params, x, y):
    W1, b1 = params["W1"], params["b1"]
    W2, b2 = params["W2"], params["b2"]
    W3, b3 = params["W3"], params["b3"]
    N = x.shape[0]

    # forward
    z1 = x @ W1 + b1
    a1 = act(z1)
    z2 = a1 @ W2 + b2
    a2 = act(z2)
    logits = a2 @ W3 + b3
    logits = logits - logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    data_loss = -log_p[np.arange(N), y].mean()
    penalty = 0.5 * L2 * (np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))
    loss = data_loss + penalty

    # backward
    p = np.exp(log_p)
    dz3 = p.copy()
    dz3[np.arange(N), y] -= 1
    dz3 /= N
    dW3 = a2.T @ dz3
    db3 = dz3.sum(axis=0)
    da2 = dz3 @ W3.T
    dz2 = da2 * dact(z2, a2)
    dW2 = a1.T @ dz2
    db2 = dz2.sum(axis=0)
    da1 = dz2 @ W2.T
    dz1 = da1 * dact(z1, a1)
    dW1 = x.T @ dz1
    db1 = dz1.sum(axis=0)

    dW1 += L2 * W1
    dW2 += L2 * W2
    dW3 += L2 * W3
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}


def example(rng):
    N, D, H, K = 7, 4, 5, 3
    params = {
        "W1": rng.normal(0, 0.6, (D, H)),
        "b1": rng.normal(0, 0.5, H),
        "W2": rng.normal(0, 0.6, (H, H)),
        "b2": rng.normal(0, 0.5, H),
        "W3": rng.normal(0, 0.6, (H, K)),
        "b3": rng.normal(0, 0.5, K),
    }
    return params, rng.normal(0, 1, (N, D)), rng.integers(0, K, N)
