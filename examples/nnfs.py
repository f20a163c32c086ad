"""A neural network from scratch: it learns to read handwritten digits with NumPy and nothing else.

x (N, 784)  →  z₁ = x W₁ + b₁  →  a = max(z₁, 0)  →  z₂ = a W₂ + b₂  →  p = softmax(z₂)  (N, 10)
L = −1/N Σₙ ln pₙ[yₙ]        for N images at a time: y is what they are, p what the network believes
"""

import gzip
import os
import time
import urllib.request
from pathlib import Path

import numpy as np

HIDDEN, EPOCHS, BATCH, RATE, MOMENTUM = 128, 4, 64, 0.1, 0.9
AMAZON = "https://ossci-datasets.s3.amazonaws.com/mnist/"
GOOGLE = "https://storage.googleapis.com/cvdf-datasets/mnist/"

# ---- the digits


def read(name):
    """Return what is in a file of MNIST's. One that had to be fetched stays in the folder mnist."""
    own = Path(os.environ.get("GLASSNET_DATA", "."), "mnist").expanduser()
    for place in (own.absolute().as_uri() + "/", Path("mnist").absolute().as_uri() + "/", AMAZON, GOOGLE):
        try:
            packed = urllib.request.urlopen(place + name, timeout=10).read()
            content = gzip.decompress(packed)
        except Exception:  # not there, or not whole: there are other places
            continue
        if place in (AMAZON, GOOGLE):
            Path("mnist").mkdir(exist_ok=True)
            Path("mnist", name).write_bytes(packed)
        return content
    raise SystemExit(f"{name}: expected in $GLASSNET_DATA/mnist or on the network, found at neither")


def load(part):
    """Return images (N, 784), from 0 for black to 1 for white, and which digits they are (N,)."""
    pixels = np.frombuffer(read(f"{part}-images-idx3-ubyte.gz"), np.uint8, offset=16)
    digits = np.frombuffer(read(f"{part}-labels-idx1-ubyte.gz"), np.uint8, offset=8)
    return pixels.reshape(-1, 784) / np.float32(255), digits


# ---- the network


def initial(rng):
    """Return W₁, b₁, W₂, b₂: weights of variance 2 / inputs, as ReLUs need (He et al. 2015)."""
    W1 = rng.standard_normal((784, HIDDEN), np.float32) * (2 / 784) ** 0.5
    W2 = rng.standard_normal((HIDDEN, 10), np.float32) * (2 / HIDDEN) ** 0.5
    return W1, np.zeros(HIDDEN, np.float32), W2, np.zeros(10, np.float32)


def forward(weights, x):
    """Return a (N, hidden) and p (N, 10)."""
    W1, b1, W2, b2 = weights
    a = np.maximum(x @ W1 + b1, 0)
    z = a @ W2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))  # z − c has the same softmax, and no exp overflows
    return a, e / e.sum(axis=1, keepdims=True)


def backward(weights, x, a, p, y):
    """Return ∂L/∂W₁, ∂L/∂b₁, ∂L/∂W₂, ∂L/∂b₂: the chain rule, from the loss back to the first weights."""
    dz2 = (p - np.eye(10, dtype=p.dtype)[y]) / len(x)  # ∂L/∂z₂ of softmax and −ln p together
    dz1 = dz2 @ weights[2].T * (a > 0)  # back through W₂, and through those ReLUs that were on
    return x.T @ dz1, dz1.sum(axis=0), a.T @ dz2, dz2.sum(axis=0)


def accuracy(weights, x, y):
    """Return the share of the images that are named right."""
    return np.mean(forward(weights, x)[1].argmax(axis=1) == y)


def train(weights, x, y, rng):
    """Go down the slope of L, a batch at a time; yield the mean loss of each epoch."""
    velocities = [np.zeros_like(w) for w in weights]
    for epoch in range(EPOCHS):
        loss, order = 0, rng.permutation(len(x))
        for start in range(0, len(x), BATCH):
            batch = order[start : start + BATCH]
            a, p = forward(weights, x[batch])
            loss -= np.log(p[np.arange(len(batch)), y[batch]] + 1e-9).sum() / len(x)
            t = (epoch + start / len(x)) / EPOCHS  # how much of the training is done, 0 to 1
            rate = RATE * min(t / 0.3, (1 - t) / 0.7)  # up, then down: one cycle
            for w, v, dw in zip(weights, velocities, backward(weights, x[batch], a, p, y[batch])):
                v[:] = MOMENTUM * v - rate * dw
                w += v
        yield loss


if __name__ == "__main__":
    rng, (x, y) = np.random.default_rng(0), load("train")
    weights, began = initial(rng), time.perf_counter()
    for epoch, loss in enumerate(train(weights, x, y, rng), 1):
        print(f"epoch {epoch}: loss {loss:.4f}, accuracy {accuracy(weights, x, y):.4f}")
    print(f"{time.perf_counter() - began:.1f} s of training")
    print(f"Of the test's digits it reads {accuracy(weights, *load('t10k')):.2%}.")
    np.savez("weights.npz", **dict(zip(("W1", "b1", "W2", "b2"), weights)))
