"""Functional style: every step returns its value and a function that takes the gradient back."""

import numpy as np

L2 = 0.05


def dense(x, W, b):
    def back(g):
        return g @ W.T, x.T @ g, g.sum(axis=0)

    return x @ W + b, back


def tanh(z):
    a = np.tanh(z)

    def back(g):
        return g * (1 - a**2)

    return a, back


def sigmoid(z):
    p = 1 / (1 + np.exp(-z))

    def back(g):
        return g * p * (1 - p)

    return p, back


def bce(p, y):
    n = len(y)
    value = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def back():
        return (p - y) / (p * (1 - p)) / n

    return value, back


def penalty(params):
    weights = [k for k in params if k.startswith("W")]
    value = 0.5 * L2 * sum(np.sum(params[k] ** 2) for k in weights)

    def back():
        return {k: L2 * params[k] for k in weights}

    return value, back


def value_and_grad(params, x, y):
    z1, back_dense1 = dense(x, params["W1"], params["b1"])
    h, back_tanh = tanh(z1)
    z2, back_dense2 = dense(h, params["W2"], params["b2"])
    p, back_sigmoid = sigmoid(z2)
    data_loss, back_loss = bce(p, y)
    reg_loss, back_penalty = penalty(params)

    grads = {}
    g = back_sigmoid(back_loss())
    g, grads["W2"], grads["b2"] = back_dense2(g)
    g, grads["W1"], grads["b1"] = back_dense1(back_tanh(g))
    for k, extra in back_penalty().items():
        grads[k] = grads[k] + extra
    return data_loss + reg_loss, grads


def example(rng):
    n, features, hidden = 7, 3, 5
    params = {
        "W1": rng.normal(size=(features, hidden)),
        "b1": rng.normal(size=hidden) * 0.5,
        "W2": rng.normal(size=(hidden, 1)),
        "b2": rng.normal(size=1) * 0.5,
    }
    x = rng.normal(size=(n, features))
    y = (rng.random(size=(n, 1)) < 0.5).astype(np.float64)
    return params, x, y
