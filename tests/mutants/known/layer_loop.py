"""Any number of leaky ReLU layers in a loop, squared error, lists inside and a dict outside."""

import numpy as np

SIZES = [4, 6, 6, 2]
SLOPE = 0.1


def leaky(z):
    return np.where(z > 0, z, SLOPE * z)


def dleaky(z):
    return np.where(z > 0, 1.0, SLOPE)


def loss_and_grads(params, x, t):
    depth = len(params) // 2
    W = [params[f"W{i}"] for i in range(depth)]
    b = [params[f"b{i}"] for i in range(depth)]

    inputs, zs = [x], []
    for i in range(depth):
        z = np.einsum("ni,oi->no", inputs[i], W[i]) + b[i]
        zs.append(z)
        inputs.append(leaky(z) if i < depth - 1 else z)
    error = inputs[-1] - t
    loss = 0.5 * np.sum(error**2) / len(x)

    grads = {}
    delta = error / len(x)
    for i in reversed(range(depth)):
        if i < depth - 1:
            delta = delta * dleaky(zs[i])
        grads[f"W{i}"] = np.einsum("no,ni->oi", delta, inputs[i])
        grads[f"b{i}"] = np.einsum("no->o", delta)
        delta = np.einsum("no,oi->ni", delta, W[i])
    return loss, grads


def example(rng):
    N = 5
    params = {}
    for i in range(len(SIZES) - 1):
        n_in, n_out = SIZES[i], SIZES[i + 1]
        params[f"W{i}"] = rng.normal(0, 1 / np.sqrt(n_in), (n_out, n_in))
        params[f"b{i}"] = rng.normal(0, 0.5, n_out)
    return params, rng.normal(size=(N, SIZES[0])), rng.normal(size=(N, SIZES[-1]))
