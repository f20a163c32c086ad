"""One example at a time, as column vectors, gradients added up: the style of a well-known free book."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def cost_derivative(output, y):
    return output - y


def backprop(weights, biases, x, y):
    nabla_w = [np.zeros(w.shape) for w in weights]
    nabla_b = [np.zeros(b.shape) for b in biases]
    activation = x
    activations = [x]
    zs = []
    for w, b in zip(weights, biases, strict=True):
        z = np.dot(w, activation) + b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    delta = cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])
    nabla_b[-1] = delta
    nabla_w[-1] = np.dot(delta, activations[-2].T)
    for l in range(2, len(weights) + 1):  # noqa: E741
        z = zs[-l]
        delta = np.dot(weights[-l + 1].T, delta) * sigmoid_prime(z)
        nabla_b[-l] = delta
        nabla_w[-l] = np.dot(delta, activations[-l - 1].T)
    cost = 0.5 * np.sum((activations[-1] - y) ** 2)
    return cost, nabla_w, nabla_b


def vectorized(j, classes):
    e = np.zeros((classes, 1))
    e[j] = 1.0
    return e


def network_gradient(params, xs, labels):
    weights = [params["w1"], params["w2"], params["w3"]]
    biases = [params["b1"], params["b2"], params["b3"]]
    total = 0.0
    sum_w = [np.zeros(w.shape) for w in weights]
    sum_b = [np.zeros(b.shape) for b in biases]
    for x, label in zip(xs, labels, strict=True):
        y = vectorized(label, biases[-1].shape[0])
        cost, nabla_w, nabla_b = backprop(weights, biases, x.reshape(-1, 1), y)
        total += cost
        sum_w = [s + n for s, n in zip(sum_w, nabla_w, strict=True)]
        sum_b = [s + n for s, n in zip(sum_b, nabla_b, strict=True)]
    n = len(xs)
    grads = {f"w{i + 1}": s / n for i, s in enumerate(sum_w)}
    grads.update({f"b{i + 1}": s / n for i, s in enumerate(sum_b)})
    return total / n, grads


def example(rng):
    sizes, n = [4, 5, 5, 3], 4
    params = {}
    for i in range(1, 4):
        params[f"w{i}"] = rng.standard_normal((sizes[i], sizes[i - 1]))
        params[f"b{i}"] = rng.standard_normal((sizes[i], 1))
    return params, rng.standard_normal((n, sizes[0])), rng.integers(0, sizes[-1], n)
