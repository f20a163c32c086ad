"""The Python program that goes with a `state_dict`: the Sequential, its scaling, what its outputs mean."""

import json
import pprint
from collections.abc import Sequence

from glassnet import __version__
from glassnet.files import torch
from glassnet.nn.layer import Array, Shape
from glassnet.nn.losses import BinaryCrossEntropy, CrossEntropy, Loss, MeanSquaredError
from glassnet.nn.network import Network

MEANINGS: dict[type[Loss], list[str]] = {
    CrossEntropy: ["return z.softmax(dim=-1)"],
    BinaryCrossEntropy: ["return nn.functional.logsigmoid(z).softmax(dim=-1)"],
    MeanSquaredError: [
        "p = z.clamp(0, 1)",
        "total = p.sum(dim=-1, keepdim=True)",
        "return torch.where(total > 0, p / total, 1 / p.shape[-1])",
    ],
}  # of several outputs
OF_ONE: dict[type[Loss], list[str]] = {
    BinaryCrossEntropy: ["p = z.sigmoid()", "return torch.cat([1 - p, p], dim=-1)"],
    MeanSquaredError: ["p = z.clamp(0, 1)", "return torch.cat([1 - p, p], dim=-1)"],
}


def text(network: Network, file: str, inputs: Sequence[str] = ()) -> str:
    """Return a program that builds the network from the `state_dict` in the file of that name beside it.

    It defines `net`, `scaled(x)`, `predict(x)` (probabilities, or values in the targets' units) and, where
    they have names, `inputs` and `classes`. Raises ValueError for a layer or loss that is not glassnet's own.
    """
    modules = [f"    nn.{module}," for module in torch.modules(network)]
    double = ".double()" if network.dtype == "float64" else ""
    lines = [
        f'"""{network!r}.\n\nWritten by glassnet {__version__}.\n"""',
        "",
        "from pathlib import Path",
        "",
        "import torch",
        "from torch import nn",
        "",
        "net = nn.Sequential(",
        *modules,
        f"){double}",
        f"net.load_state_dict(torch.load(Path(__file__).with_name({_string(file)}), weights_only=True))",
        "net.eval()",
    ]
    for name, names in (("inputs", inputs), ("classes", network.classes)):
        if names:
            lines.append(f"{name} = [{', '.join(map(_string, names))}]")
    numbers = Numbers()
    functions = [*_scaled(network, numbers), "", "", *_predict(network, numbers), ""]
    return "\n".join([*lines, *numbers.lines, "", "", *functions])


class Numbers:
    """The numbers of a program: one stands where it is used, of several a tensor is defined before."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __call__(self, name: str, values: Array, dtype: str) -> str:
        """Return what stands for the values in a formula."""
        if not values.ndim:
            return repr(values.item())
        listed = pprint.pformat(values.tolist(), width=88, compact=True)
        self.lines.append(
            f"{name} = torch.tensor({listed}, dtype=torch.{dtype})".replace("\n", "\n" + " " * 8)
        )
        return name


def _scaled(network: Network, numbers: Numbers) -> list[str]:
    """Write what `Scaling` does: the subtraction in float64."""
    scaling, dtype = network.scaling, str(network.dtype)
    shifts = scaling is not None and bool(scaling.shift.any())
    wide = "float64" if shifts else dtype
    x = f"torch.asarray(x, dtype=torch.{wide}, copy=True).reshape(len(x), {_listed(network.input_shape)})"
    lines = [
        "def scaled(x):",
        f'    """Raw inputs (N, {_listed(network.input_shape)}) as the layers take them."""',
    ]
    if scaling is None:
        return [*lines, f"    return {x}"]
    scale = numbers("scale", scaling.scale, dtype)
    if not shifts:
        return [*lines, f"    return {x} * {scale}"]
    shift = numbers("shift", scaling.shift, wide)
    return [*lines, f"    x = {x} - {shift}", f"    return x.to(torch.{dtype}) * {scale}"]


def _predict(network: Network, numbers: Numbers) -> list[str]:
    what, lines = "Values", ["return z"]
    if network.classifies:
        what, lines = "Probabilities of the classes", _probabilities(network)
    elif (scaling := network.target_scaling) is not None:
        scale = numbers("target_scale", scaling.scale, "float64")
        lines = [f"return z.double() / {scale} + {numbers('target_shift', scaling.shift, 'float64')}"]
    return [
        "@torch.inference_mode()",
        "def predict(x):",
        f'    """{what} for raw inputs (N, {_listed(network.input_shape)})."""',
        "    z = net(scaled(x))",
        *[f"    {line}" for line in lines],
    ]


def _probabilities(network: Network) -> list[str]:
    loss = type(network.meaning)
    if loss not in MEANINGS:
        known = ", ".join(kind.__name__ for kind in MEANINGS)
        raise ValueError(f"loss: expected one that PyTorch export knows ({known}), got {network.loss!r}")
    return OF_ONE[loss] if network.output_shape[-1] == 1 and loss in OF_ONE else MEANINGS[loss]


def _listed(shape: Shape) -> str:
    return ", ".join(map(str, shape))


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
