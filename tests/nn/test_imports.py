"""The mathematics stands alone: with nothing but NumPy and the standard library it trains and predicts."""

import subprocess
import sys

ALONE = """
import sys

class Nothing:
    "Refuses to find any package but those that glassnet.nn may use."

    allowed = {*sys.stdlib_module_names, "numpy", "glassnet"}

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in self.allowed:
            raise ModuleNotFoundError(f"{name} is not to be imported here", name=name)

sys.meta_path.insert(0, Nothing())

import importlib, pkgutil
import numpy as np
import glassnet.nn
from glassnet.nn import BatchNorm, CrossEntropy, Dense, Dropout, Momentum, Network, OneCycle, ReLU

for module in pkgutil.walk_packages(glassnet.nn.__path__, "glassnet.nn."):
    importlib.import_module(module.name)

generator = np.random.default_rng(0)
x = generator.normal(size=(64, 2)).astype("float32")
labels = (x[:, 0] * x[:, 1] > 0).astype(int)
network = Network([Dense(32), BatchNorm(), ReLU(), Dropout(0.1), Dense(2)], 2, loss="cross_entropy")
loss, optimizer, schedule = network.loss, Momentum(), OneCycle(0.1)
optimizer.start(network.parameters.vector, network.weights)
arrays = network.new_pass(64, training=True, generator=generator)
for step in range(200):
    arrays.resize(64)[...] = x
    loss(arrays.forward(), labels, arrays.output_gradient)
    arrays.backward()
    optimizer.step(network.parameters.vector, network.gradients.vector, schedule(step, 200))
print((network.predict(x) == labels).mean())

try:
    network.save("model.npz")
except RuntimeError as error:
    print(error)

print(sorted(name for name in sys.modules if name.startswith("glassnet.") and "glassnet.nn" not in name))
"""


def test_the_mathematics_needs_numpy_alone_and_saving_says_what_it_needs() -> None:
    command = [sys.executable, "-W", "error", "-c", ALONE]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.stderr == ""
    accuracy, refusal, other_rooms = done.stdout.splitlines()
    assert float(accuracy) > 0.95
    assert refusal == "Network.save: import glassnet.files first, which writes files"
    assert other_rooms == "[]"
