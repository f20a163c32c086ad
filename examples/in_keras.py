"""The same network in glassnet and in Keras 3, on PyTorch: the same first weights, batches and losses.

    python examples/in_keras.py [--data mnist] [--optimizer adam] [--epochs 10]

Prints the losses side by side and draws both curves. What there is to see: docs/keras.md.
"""

import os

os.environ["KERAS_BACKEND"] = "torch"  # read when Keras is imported

try:
    import keras
    import torch
except ModuleNotFoundError:
    raise SystemExit('in_keras.py needs Keras and PyTorch: pip install keras "glassnet[oracle]"') from None

import numpy as np
from side_by_side import Outcome, Task, compare

import glassnet as gn


def in_glassnet(net: gn.Network, task: Task) -> list[float]:
    """Train, and return the loss of each step."""
    run = gn.Training(
        net, (task.x, task.y), optimizer=task.optimizer.removeprefix("keras-"), learning_rate=task.rate,
        epochs=task.epochs, batch_size=task.batch, order=task.order,
    )  # fmt: skip
    return [event.loss for event in run if event.kind == "step"]


def in_keras(model: keras.Model, task: Task) -> list[float]:
    """Train, and return the loss of each step."""
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=optimizer_of(task), loss=loss)
    steps = Steps()
    for epoch in range(task.epochs):
        rows = task.order(epoch)
        model.fit(
            task.x[rows], task.y[rows], batch_size=task.batch, shuffle=False, verbose=0, callbacks=[steps]
        )
    return steps.losses


class Steps(keras.callbacks.Callback):
    """Collects the loss of each step: what Keras tells is the mean since the last reset."""

    def __init__(self) -> None:
        super().__init__()
        self.losses: list[float] = []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        self.losses.append(logs["loss"])


class Adam(keras.optimizers.Adam):
    """As in glassnet and PyTorch: ε is added to √v̂, which is corrected already. Keras adds it to √v."""

    def update_step(self, gradient, variable, learning_rate):
        self.epsilon = 1e-8 * (1 - self.beta_2 ** (int(self.iterations) + 1)) ** 0.5
        super().update_step(gradient, variable, learning_rate)


def optimizer_of(task: Task) -> keras.optimizers.Optimizer:
    """glassnet's definitions; "keras-adam" is Keras's own, with the ε of 1e-8 put where Keras puts it."""
    if task.optimizer == "adam":
        return Adam(task.rate)
    if task.optimizer == "keras-adam":
        return keras.optimizers.Adam(task.rate, epsilon=1e-8)
    return keras.optimizers.SGD(task.rate, momentum=0.9, nesterov=task.optimizer == "nesterov")


def translated(net: gn.Network) -> keras.Model:
    """Make the same network with the same weights: W is (inputs, units) in both."""
    keras.config.set_floatx(str(net.dtype))
    layers = [keras.Input((784,)), keras.layers.Dense(128, activation="relu"), keras.layers.Dense(10)]
    model = keras.Sequential(layers)
    model.set_weights(arrays(net))
    return model


def arrays(net: gn.Network) -> list[np.ndarray]:
    """Return weights and biases in the order in which Keras lists them, layer by layer."""
    first, _, second = net.layers
    return [first.W, first.b, second.W, second.b]


def both(task: Task) -> Outcome:
    """Train both from the same weights."""
    net = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784, dtype=task.x.dtype)
    model = translated(net)
    losses = in_glassnet(net, task), in_keras(model, task)
    weights = arrays(net), model.get_weights()
    answers = net.predict(task.test), model.predict(task.test, verbose=0).argmax(axis=1)
    return Outcome(losses, weights, answers)


if __name__ == "__main__":
    torch.set_num_threads(1)  # so small a network gains nothing from more
    compare("Keras", both, in_glassnet, optimizers=("momentum", "nesterov", "adam", "keras-adam"))
