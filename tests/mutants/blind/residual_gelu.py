"""Regression with a residual block and GELU: h = x U, h + gelu(h W1 + b1) W2 + b2, then a linear output."""

import numpy as np

C = np.sqrt(2 / np.pi)


def gelu(x):
    return 0.5 * x * (1 + np.tanh(C * (x + 0.044715 * x**3)))


def gelu_grad(x):
    t = np.tanh(C * (x + 0.044715 * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t**2) * C * (1 + 3 * 0.044715 * x**2)


def forward(p, x):
    h = x @ p["U"] + p["c"]
    z = h @ p["W1"] + p["b1"]
    a = gelu(z)
    out = h + a @ p["W2"] + p["b2"]  # the skip connection
    y_pred = out @ p["V"] + p["d"]
    return y_pred, (h, z, a, out)


def mse(y_pred, y):
    return np.mean((y_pred - y) ** 2)


def backward(p, x, y, y_pred, cache):
    h, z, a, out = cache
    g = {}
    dy = 2 * (y_pred - y) / y.size
    g["V"] = out.T @ dy
    g["d"] = dy.sum(axis=0)
    dout = dy @ p["V"].T
    g["W2"] = a.T @ dout
    g["b2"] = dout.sum(axis=0)
    da = dout @ p["W2"].T
    dz = da * gelu_grad(z)
    g["W1"] = h.T @ dz
    g["b1"] = dz.sum(axis=0)
    dh = dout + dz @ p["W1"].T
    g["U"] = x.T @ dh
    g["c"] = dh.sum(axis=0)
    return g


def loss_and_grads(params, x, y):
    y_pred, cache = forward(params, x)
    return mse(y_pred, y), backward(params, x, y, y_pred, cache)


def example(rng):
    n, features, width, inner, targets = 6, 3, 4, 5, 2
    shapes = {
        "U": (features, width),
        "c": (width,),
        "W1": (width, inner),
        "b1": (inner,),
        "W2": (inner, width),
        "b2": (width,),
        "V": (width, targets),
        "d": (targets,),
    }
    params = {k: rng.normal(scale=0.8, size=shape) for k, shape in shapes.items()}
    return params, rng.normal(size=(n, features)), rng.normal(size=(n, targets))
