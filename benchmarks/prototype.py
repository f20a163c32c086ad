"""The network a course would write in bare NumPy: two layers, ReLU, softmax, gradient descent, no more."""

from collections.abc import Iterator

import numpy as np

import glassnet as gn

BATCH, RATE = 32, 0.1


class Prototype:
    """784-128-10 from the first weights of a network of glassnet's."""

    def __init__(self, network: gn.Network) -> None:
        self.W1, self.b1 = network.parameters["1.W"].copy(), network.parameters["1.b"].copy()
        self.W2, self.b2 = network.parameters["3.W"].copy(), network.parameters["3.b"].copy()

    def step(self, x: np.ndarray, y: np.ndarray) -> float:
        n, rows = len(x), np.arange(len(x))
        h = np.maximum(x @ self.W1 + self.b1, 0)
        z = h @ self.W2 + self.b2
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        p /= p.sum(axis=1, keepdims=True)
        loss = -np.log(p[rows, y]).mean()
        p[rows, y] -= 1
        p /= n
        dh = (p @ self.W2.T) * (h > 0)
        self.W2 -= RATE * (h.T @ p)
        self.b2 -= RATE * p.sum(axis=0)
        self.W1 -= RATE * (x.T @ dh)
        self.b1 -= RATE * dh.sum(axis=0)
        return float(loss)


def batches(n: int, epoch: int) -> Iterator[np.ndarray]:
    """Yield the batches of an epoch in the order that glassnet shuffles into: the same work for both."""
    order = np.random.default_rng([0, 0, epoch]).permutation(n)
    return (order[start : start + BATCH] for start in range(0, n, BATCH))


def scaled(split: gn.Split) -> np.ndarray:
    """Return all pixels of a part as float32 between 0 and 1, once, as a course would."""
    return (split.images.reshape(len(split), -1) / np.float32(255)).astype(np.float32)
