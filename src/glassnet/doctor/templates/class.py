"""A layer as a class: check it with glassnet check FILE.py"""

import numpy as np


class Layer:
    """y = relu(x W + b) for x (N, I), W (I, O) and b (O,)."""

    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        """Return y, and keep what backward needs."""
        self.x = x
        self.z = x @ self.W + self.b
        return np.maximum(self.z, 0)

    def backward(self, dy):
        """Given ∂L/∂y, return ∂L/∂x and leave ∂L/∂W and ∂L/∂b beside W and b."""
        dz = dy * (self.z > 0)  # relu'(z) is 1 where z > 0, else 0
        self.dW = self.x.T @ dz
        self.db = dz.sum(axis=0)
        return dz @ self.W.T


def make(rng):
    """Return the layer to check; not needed if the class can be made without arguments."""
    return Layer(W=rng.normal(size=(4, 3)), b=rng.normal(size=3))


def example(rng):
    """Return an input to run it on."""
    return rng.normal(size=(6, 4))
