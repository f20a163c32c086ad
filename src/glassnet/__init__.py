"""glassnet: a neural network you can see through.

    import glassnet as gn

    digits = gn.data.load("mnist")
    net = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784)
    gn.Training(net, digits, learning_rate=gn.one_cycle(0.1), epochs=4).fit()
    net.predict(digits.test.images[:5])
    net.save("model.npz")

Names are loaded at their first use, and NumPy with them, so that importing the package costs next to nothing.
"""

from importlib import import_module

__version__ = "0.1.0"

TYPE_CHECKING = False  # typing's own would have to be imported

if TYPE_CHECKING:
    from glassnet import blas, data, estimators, files, nn, training
    from glassnet.data import Dataset, Split
    from glassnet.doctor import check_gradient
    from glassnet.files import load, save
    from glassnet.inside import explain
    from glassnet.nn import (
        GELU,
        SGD,
        Adam,
        AdamW,
        BatchNorm,
        BinaryCrossEntropy,
        CrossEntropy,
        Dense,
        Dropout,
        Flatten,
        Layer,
        LayerNorm,
        LeakyReLU,
        MeanSquaredError,
        Momentum,
        Nesterov,
        Network,
        ReLU,
        RMSProp,
        Scaling,
        Sigmoid,
        Softmax,
        Tanh,
    )  # fmt: skip
    from glassnet.nn.schedules import Constant as constant
    from glassnet.nn.schedules import Cosine as cosine
    from glassnet.nn.schedules import Exponential as exponential
    from glassnet.nn.schedules import OneCycle as one_cycle
    from glassnet.nn.schedules import StepDecay as step_decay
    from glassnet.nn.schedules import Warmup as warmup
    from glassnet.training import Training, evaluate

_HOMES = {
    "nn": (
        "GELU", "SGD", "Adam", "AdamW", "BatchNorm", "BinaryCrossEntropy", "CrossEntropy", "Dense", "Dropout",
        "Flatten", "Layer", "LayerNorm", "LeakyReLU", "MeanSquaredError", "Momentum", "Nesterov", "Network",
        "ReLU", "RMSProp", "Scaling", "Sigmoid", "Softmax", "Tanh",
    ),
    "data": ("Dataset", "Split"),
    "doctor": ("check_gradient",),
    "files": ("load", "save"),
    "inside": ("explain",),
    "training": ("Training", "evaluate"),
}  # fmt: skip
_MODULES = ("blas", "data", "estimators", "files", "nn", "training")
_SCHEDULES = {
    "constant": "Constant", "cosine": "Cosine", "exponential": "Exponential", "one_cycle": "OneCycle",
    "step_decay": "StepDecay", "warmup": "Warmup",
}  # fmt: skip

__all__ = sorted([*_MODULES, *_SCHEDULES, *(name for names in _HOMES.values() for name in names)])


def __getattr__(name: str) -> object:
    """Load a name of the package's face at its first use."""
    if name in _MODULES:
        value: object = import_module(f"glassnet.{name}")
    elif name in _SCHEDULES:
        value = getattr(import_module("glassnet.nn.schedules"), _SCHEDULES[name])
    else:
        home = next((home for home, names in _HOMES.items() if name in names), None)
        if home is None:
            raise AttributeError(f"module 'glassnet' has no attribute {name!r}")
        import_module("glassnet.files")  # lets Network.save write
        value = getattr(import_module(f"glassnet.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the face, loaded or not."""
    return sorted({*globals(), *__all__})
