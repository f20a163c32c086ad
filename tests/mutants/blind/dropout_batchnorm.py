"""Classifier with batch normalization, softplus and inverted dropout, batch-first, integer labels."""

import numpy as np

KEEP = 0.8
EPS = 1e-5


def batchnorm_forward(x, gamma, beta):
    mu = x.mean(axis=0)
    xmu = x - mu
    var = np.mean(xmu**2, axis=0)
    ivar = 1 / np.sqrt(var + EPS)
    xhat = xmu * ivar
    return gamma * xhat + beta, (xhat, gamma, ivar)


def batchnorm_backward(dout, cache):
    xhat, gamma, ivar = cache
    N = dout.shape[0]
    dbeta = np.sum(dout, axis=0)
    dgamma = np.sum(dout * xhat, axis=0)
    dxhat = dout * gamma
    dx = ivar / N * (N * dxhat - np.sum(dxhat, axis=0) - xhat * np.sum(dxhat * xhat, axis=0))
    return dx, dgamma, dbeta


def softplus(z):
    return np.log1p(np.exp(z))


def dropout_mask(shape, seed):
    rng = np.random.default_rng(seed)
    return (rng.random(shape) < KEEP) / KEEP


def softmax_loss(scores, y):
    N = scores.shape[0]
    shifted = scores - scores.max(axis=1, keepdims=True)
    log_probs = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
    loss = -np.sum(log_probs[np.arange(N), y]) / N
    dscores = np.exp(log_probs)
    dscores[np.arange(N), y] -= 1
    dscores /= N
    return loss, dscores


def model_loss(params, X, y, seed=3):
    z1 = X @ params["W1"] + params["b1"]
    n1, bn_cache = batchnorm_forward(z1, params["gamma"], params["beta"])
    a1 = softplus(n1)
    mask = dropout_mask(a1.shape, seed)
    d1 = a1 * mask
    scores = d1 @ params["W2"] + params["b2"]
    loss, dscores = softmax_loss(scores, y)

    grads = {}
    grads["W2"] = d1.T @ dscores
    grads["b2"] = dscores.sum(axis=0)
    dd1 = dscores @ params["W2"].T
    da1 = dd1 * mask
    dn1 = da1 / (1 + np.exp(-n1))
    dz1, grads["gamma"], grads["beta"] = batchnorm_backward(dn1, bn_cache)
    grads["W1"] = X.T @ dz1
    grads["b1"] = dz1.sum(axis=0)
    return loss, grads


def example(rng):
    N, D, H, C = 8, 4, 6, 3
    params = {
        "W1": rng.normal(size=(D, H)),
        "b1": 0.1 * rng.normal(size=H),
        "gamma": rng.uniform(0.5, 1.5, size=H),
        "beta": 0.3 * rng.normal(size=H),
        "W2": rng.normal(size=(H, C)),
        "b2": 0.1 * rng.normal(size=C),
    }
    X = rng.normal(size=(N, D))
    y = rng.integers(0, C, size=N)
    return params, X, y
