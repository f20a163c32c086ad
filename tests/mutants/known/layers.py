"""One class per layer, batch first: each remembers what it needs in forward and uses it in backward."""

import numpy as np


class Dense:
    def __init__(self, n_in=4, n_out=3):
        rng = np.random.default_rng(3)
        self.W = rng.normal(0, 0.7, (n_in, n_out))
        self.b = rng.normal(0, 0.4, n_out)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dy):
        self.dW = self.x.T @ dy
        self.db = dy.sum(axis=0)
        return dy @ self.W.T


class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dy):
        dx = dy.copy()
        dx[self.x <= 0] = 0
        return dx


class Sigmoid:
    def forward(self, x):
        self.y = 1 / (1 + np.exp(-x))
        return self.y

    def backward(self, dy):
        return dy * self.y * (1.0 - self.y)


class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.y = e / e.sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, dy):
        inner = np.sum(dy * self.y, axis=-1, keepdims=True)
        return self.y * (dy - inner)


class LayerNorm:
    def __init__(self, n=4, eps=1e-5):
        rng = np.random.default_rng(5)
        self.gamma = rng.uniform(0.5, 1.5, n)
        self.beta = rng.normal(0, 0.5, n)
        self.dgamma = np.zeros(n)
        self.dbeta = np.zeros(n)
        self.eps = eps

    def forward(self, x):
        mu = x.mean(axis=-1, keepdims=True)
        self.inv_std = 1 / np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.x_hat = (x - mu) * self.inv_std
        return self.gamma * self.x_hat + self.beta

    def backward(self, dout):
        self.dgamma = np.einsum("nf,nf->f", dout, self.x_hat)
        self.dbeta = np.einsum("nf->f", dout)
        g = self.gamma * dout
        mean_g = g.mean(axis=-1, keepdims=True)
        mean_gx = np.mean(g * self.x_hat, axis=-1, keepdims=True)
        return self.inv_std * (g - mean_g - self.x_hat * mean_gx)


class BatchNorm:
    def __init__(self, n=4, eps=1e-5):
        rng = np.random.default_rng(7)
        self.params = {"gamma": rng.uniform(0.5, 1.5, n), "beta": rng.normal(0, 0.5, n)}
        self.grads = {"gamma": np.zeros(n), "beta": np.zeros(n)}
        self.eps = eps

    def forward(self, X):
        self.centred = X - X.mean(axis=0)
        self.std = np.sqrt((self.centred**2).mean(axis=0) + self.eps)
        self.X_hat = self.centred / self.std
        return self.params["gamma"] * self.X_hat + self.params["beta"]

    def backward(self, dY):
        m = dY.shape[0]
        self.grads["gamma"] = (dY * self.X_hat).sum(0)
        self.grads["beta"] = dY.sum(0)
        dX_hat = dY * self.params["gamma"]
        dvar = np.sum(dX_hat * self.centred, axis=0) * -0.5 / self.std**3
        dmean = -np.sum(dX_hat, axis=0) / self.std
        return dX_hat / self.std + dvar * 2 * self.centred / m + dmean / m


def example(rng):
    return rng.normal(0, 1.3, (6, 4))
