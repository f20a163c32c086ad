"""A whole network in one class, with dicts of parameters and gradients; the loss is outside."""

import numpy as np


class Net:
    """Affine, softplus, affine with a skip connection, tanh, affine."""

    def __init__(self, sizes=(3, 5, 2), seed=11):
        n_in, hidden, n_out = sizes
        rng = np.random.RandomState(seed)
        self.params = {
            "W1": 0.6 * rng.randn(n_in, hidden),
            "b1": 0.4 * rng.randn(hidden),
            "W2": 0.6 * rng.randn(hidden, hidden),
            "b2": 0.4 * rng.randn(hidden),
            "W3": 0.6 * rng.randn(hidden, n_out),
            "b3": 0.4 * rng.randn(n_out),
        }
        self.grads = {}
        self.cache = None

    def forward(self, x):
        p = self.params
        z1 = x.dot(p["W1"]) + p["b1"]
        h1 = np.log1p(np.exp(z1))
        z2 = h1.dot(p["W2"]) + p["b2"] + h1
        h2 = np.tanh(z2)
        out = h2.dot(p["W3"]) + p["b3"]
        self.cache = (x, z1, h1, z2, h2)
        return out

    def backward(self, dout):
        x, z1, h1, z2, h2 = self.cache  # noqa: RUF059
        p, g = self.params, self.grads
        g["W3"] = h2.T.dot(dout)
        g["b3"] = dout.sum(axis=0)
        dh2 = dout.dot(p["W3"].T)
        dz2 = dh2 * (1 - h2 * h2)
        g["W2"] = h1.T.dot(dz2)
        g["b2"] = dz2.sum(axis=0)
        dh1 = dz2.dot(p["W2"].T) + dz2
        dz1 = dh1 / (1 + np.exp(-z1))
        g["W1"] = x.T.dot(dz1)
        g["b1"] = dz1.sum(axis=0)
        return dz1.dot(p["W1"].T)


def make(rng):
    return Net(seed=int(rng.integers(1000)))


def example(rng):
    return rng.standard_normal((5, 3))
