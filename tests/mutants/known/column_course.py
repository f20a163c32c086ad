"""Two ReLU layers and softmax, examples in columns, in the steps and names of a well-known online course."""

import numpy as np


def relu(Z):
    return np.maximum(0, Z)


def relu_backward(dA, Z):
    return dA * (Z > 0)


def softmax(Z):
    E = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return E / np.sum(E, axis=0, keepdims=True)


def forward_propagation(params, X):
    Z1 = np.dot(params["W1"], X) + params["b1"]
    A1 = relu(Z1)
    Z2 = np.dot(params["W2"], A1) + params["b2"]
    A2 = relu(Z2)
    Z3 = np.dot(params["W3"], A2) + params["b3"]
    A3 = softmax(Z3)
    return A3, (Z1, A1, Z2, A2)


def compute_cost(A3, Y):
    m = Y.shape[1]
    return -np.sum(Y * np.log(A3)) / m


def backward_propagation(params, X, Y, A3, cache):
    m = X.shape[1]
    Z1, A1, Z2, A2 = cache
    dZ3 = A3 - Y
    dW3 = np.dot(dZ3, A2.T) / m
    db3 = np.sum(dZ3, axis=1, keepdims=True) / m
    dA2 = np.dot(params["W3"].T, dZ3)
    dZ2 = relu_backward(dA2, Z2)
    dW2 = np.dot(dZ2, A1.T) / m
    db2 = np.sum(dZ2, axis=1, keepdims=True) / m
    dA1 = np.dot(params["W2"].T, dZ2)
    dZ1 = relu_backward(dA1, Z1)
    dW1 = np.dot(dZ1, X.T) / m
    db1 = np.sum(dZ1, axis=1, keepdims=True) / m
    return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2, "W3": dW3, "b3": db3}


def loss_and_grads(params, X, Y):
    A3, cache = forward_propagation(params, X)
    cost = compute_cost(A3, Y)
    return cost, backward_propagation(params, X, Y, A3, cache)


def initialize(rng, sizes):
    params = {}
    for i in range(1, len(sizes)):
        params[f"W{i}"] = rng.standard_normal((sizes[i], sizes[i - 1])) * 0.7
        params[f"b{i}"] = rng.standard_normal((sizes[i], 1)) * 0.3
    return params


def example(rng):
    m = 6
    params = initialize(rng, [4, 5, 5, 3])
    X = rng.standard_normal((4, m))
    Y = np.eye(3)[:, rng.integers(0, 3, m)]
    return params, X, Y
