# Two-layer digit classifier from scratch: X is (pixels, m), Y holds m class numbers.
import numpy as np

CLASSES = 3


def init_params(rng, pixels, hidden):
    W1 = rng.random((hidden, pixels)) - 0.5
    b1 = rng.random((hidden, 1)) - 0.5
    W2 = rng.random((CLASSES, hidden)) - 0.5
    b2 = rng.random((CLASSES, 1)) - 0.5
    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}


def ReLU(Z):
    return np.maximum(Z, 0)


def ReLU_deriv(Z):
    return Z > 0


def softmax(Z):
    expZ = np.exp(Z)
    return expZ / np.sum(expZ, axis=0)


def one_hot(Y):
    one_hot_Y = np.zeros((Y.size, CLASSES))
    one_hot_Y[np.arange(Y.size), Y] = 1
    return one_hot_Y.T


def forward_prop(W1, b1, W2, b2, X):
    Z1 = W1.dot(X) + b1
    A1 = ReLU(Z1)
    Z2 = W2.dot(A1) + b2
    A2 = softmax(Z2)
    return Z1, A1, Z2, A2


def backward_prop(Z1, A1, Z2, A2, W2, X, Y):
    m = Y.size
    one_hot_Y = one_hot(Y)
    dZ2 = A2 - one_hot_Y
    dW2 = 1 / m * dZ2.dot(A1.T)
    db2 = 1 / m * np.sum(dZ2, axis=1, keepdims=True)
    dZ1 = W2.T.dot(dZ2) * ReLU_deriv(Z1)
    dW1 = 1 / m * dZ1.dot(X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)
    return dW1, db1, dW2, db2


def cross_entropy(A2, Y):
    return -np.mean(np.log(A2[Y, np.arange(Y.size)]))


def train_step(params, X, Y):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
    dW1, db1, dW2, db2 = backward_prop(Z1, A1, Z2, A2, W2, X, Y)
    loss = cross_entropy(A2, Y)
    return loss, {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}


def example(rng):
    pixels, hidden, m = 6, 5, 8
    params = init_params(rng, pixels, hidden)
    X = rng.integers(0, 256, size=(pixels, m)) / 255.0
    Y = rng.integers(0, CLASSES, size=m)
    return params, X, Y
