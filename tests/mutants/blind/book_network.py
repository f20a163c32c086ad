"""Sigmoid network with a list of sizes, one example at a time, as in a well-known online book."""

import numpy as np


def sigmoid(z):
    return 1.0 / (1.0 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


class Network:
    def __init__(self, sizes, rng):
        self.num_layers = len(sizes)
        self.sizes = sizes
        self.biases = [rng.standard_normal((y, 1)) for y in sizes[1:]]
        self.weights = [rng.standard_normal((sizes[i + 1], sizes[i])) for i in range(len(sizes) - 1)]

    def feedforward(self, a):
        for b, w in zip(self.biases, self.weights):
            a = sigmoid(np.dot(w, a) + b)
        return a

    def total_cost(self, data):
        cost = 0.0
        for x, y in data:
            a = self.feedforward(x)
            cost += 0.5 * np.sum((a - y) ** 2) / len(data)
        return cost

    def batch_gradient(self, data):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in data:
            delta_nabla_b, delta_nabla_w = self.backprop(x, y)
            for nb, dnb in zip(nabla_b, delta_nabla_b):
                nb += dnb / len(data)
            for nw, dnw in zip(nabla_w, delta_nabla_w):
                nw += dnw / len(data)
        return nabla_b, nabla_w

    def backprop(self, x, y):
        nabla_b = [np.zeros(b.shape) for b in self.biases]
        nabla_w = [np.zeros(w.shape) for w in self.weights]
        activation = x
        activations = [x]  # one for every layer, the input first
        zs = []  # one for every layer but the input
        for b, w in zip(self.biases, self.weights):
            z = np.dot(w, activation) + b
            zs.append(z)
            activation = sigmoid(z)
            activations.append(activation)
        delta = self.cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])
        nabla_b[-1] = delta
        nabla_w[-1] = np.dot(delta, activations[-2].transpose())
        for layer in range(2, self.num_layers):  # 2 is the last layer but one
            z = zs[-layer]
            sp = sigmoid_prime(z)
            delta = np.dot(self.weights[-layer + 1].transpose(), delta) * sp
            nabla_b[-layer] = delta
            nabla_w[-layer] = np.dot(delta, activations[-layer - 1].transpose())
        return nabla_b, nabla_w

    def cost_derivative(self, output_activations, y):
        return output_activations - y


def flatten(weights, biases):
    params = {}
    for i, (w, b) in enumerate(zip(weights, biases)):
        params[f"W{i}"] = w
        params[f"b{i}"] = b
    return params


def cost_and_gradient(params, x, y):
    layers = len(params) // 2
    net = Network([params["W0"].shape[1]], np.random.default_rng(0))
    net.num_layers = layers + 1
    net.weights = [params[f"W{i}"] for i in range(layers)]
    net.biases = [params[f"b{i}"] for i in range(layers)]
    data = [(xi.reshape(-1, 1), yi.reshape(-1, 1)) for xi, yi in zip(x, y)]
    nabla_b, nabla_w = net.batch_gradient(data)
    return net.total_cost(data), flatten(nabla_w, nabla_b)


def example(rng):
    n = 5
    net = Network([4, 4, 4, 4], rng)
    x = rng.random((n, 4))
    y = np.eye(4)[rng.integers(0, 4, size=n)]
    return flatten(net.weights, net.biases), x, y
