"""Functions that return their result and a cache, in pairs; sigmoid units, binary cross-entropy."""

import numpy as np


def affine_forward(x, w, b):
    return x.dot(w) + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    dx = dout.dot(w.T)
    dw = x.T.dot(dout)
    db = np.sum(dout, axis=0)
    return dx, dw, db


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def act_forward(z):
    a = sigmoid(z)
    return a, (z, a)


def act_backward(dout, cache):
    z, a = cache  # noqa: RUF059
    return dout * a * (1 - a)


def bce_loss(scores, y):
    """Loss and gradient with respect to the scores, y of 0s and 1s in a column."""
    p = sigmoid(scores)
    loss = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
    dscores = (p - y) / y.size
    return loss, dscores


def two_layer_loss(params, x, y):
    z1, cache_1 = affine_forward(x, params["w1"], params["b1"])
    h1, cache_a = act_forward(z1)
    scores, cache_2 = affine_forward(h1, params["w2"], params["b2"])
    loss, dscores = bce_loss(scores, y)

    grads = {}
    dh1, grads["w2"], grads["b2"] = affine_backward(dscores, cache_2)
    dz1 = act_backward(dh1, cache_a)
    _, grads["w1"], grads["b1"] = affine_backward(dz1, cache_1)
    return loss, grads


def example(rng):
    count, features, hidden = 8, 3, 6
    params = {
        "w1": rng.normal(size=(features, hidden)),
        "b1": rng.normal(size=hidden),
        "w2": rng.normal(size=(hidden, 1)),
        "b2": rng.normal(size=1),
    }
    x = rng.normal(size=(count, features))
    y = rng.integers(0, 2, size=(count, 1)).astype(float)
    return params, x, y
