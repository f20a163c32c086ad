"""A network made of layer objects, batch-first, with params and grads dictionaries."""

import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None
        self.dW = np.zeros_like(W)
        self.db = np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dx = np.dot(dout, self.W.T)
        self.dW = np.dot(self.x.T, dout)
        self.db = np.sum(dout, axis=0)
        return dx


class Sigmoid:
    def __init__(self):
        self.out = None

    def forward(self, x):
        out = 1 / (1 + np.exp(-x))
        self.out = out
        return out

    def backward(self, dout):
        return dout * (1.0 - self.out) * self.out


class Relu:
    def __init__(self):
        self.mask = None

    def forward(self, x):
        self.mask = x <= 0
        out = x.copy()
        out[self.mask] = 0
        return out

    def backward(self, dout):
        dx = dout.copy()
        dx[self.mask] = 0
        return dx


class MultiLayerNet:
    def __init__(self, rng, size=4):
        self.params = {}
        self.grads = {}
        for i in (1, 2, 3):
            self.params[f"W{i}"] = rng.normal(0, 0.7, (size, size))
            self.params[f"b{i}"] = rng.normal(0, 0.3, size)
        self.layers = {
            "Affine1": Affine(self.params["W1"], self.params["b1"]),
            "Sigmoid1": Sigmoid(),
            "Affine2": Affine(self.params["W2"], self.params["b2"]),
            "Relu1": Relu(),
            "Affine3": Affine(self.params["W3"], self.params["b3"]),
        }

    def forward(self, x):
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def backward(self, dy):
        dout = dy
        layers = list(self.layers.values())
        layers.reverse()
        for layer in layers:
            dout = layer.backward(dout)
        self.grads["W1"], self.grads["b1"] = self.layers["Affine1"].dW, self.layers["Affine1"].db
        self.grads["W2"], self.grads["b2"] = self.layers["Affine2"].dW, self.layers["Affine2"].db
        self.grads["W3"], self.grads["b3"] = self.layers["Affine3"].dW, self.layers["Affine3"].db
        return dout


def make(rng):
    return MultiLayerNet(rng)


def example(rng):
    return rng.normal(size=(5, 4))
