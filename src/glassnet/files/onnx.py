"""A network as an ONNX model, which other programs run: raw inputs in, logits and probabilities out.

Each layer is the node that ONNX has for it, named by its place (`1.Dense`, with the numbers `1.W` and `1.b`)
and with its formula as the node's text, so that a viewer shows the network as glassnet does. Scaling is part
of the graph. docs/export.md says what comes out.
"""

import json
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import numpy as np

from glassnet import __version__, extras
from glassnet.atomic import atomic
from glassnet.files.description import handed_on
from glassnet.files.onnx_nodes import LAYERS, MEANINGS, Graph, Place
from glassnet.nn.layer import Shape
from glassnet.nn.losses import CrossEntropy
from glassnet.nn.network import Network

OPSET, IR = 21, 10  # told to ONNX, whose own default is newer than what programs read
INPUT, LOGITS, PROBABILITIES, VALUES = "input", "logits", "probabilities", "values"
MOST = 2**31 - 2**20  # bytes of numbers: one file holds no more


def write(network: Network, path: str | PathLike[str], notes: Mapping[str, Any] | None = None) -> None:
    """Write the network to an `.onnx` file, which appears whole or not at all. Raises what `model` raises."""
    content = model(network, notes).SerializeToString(deterministic=True)
    with atomic(path) as file:
        file.write(content)


def model(network: Network, notes: Mapping[str, Any] | None = None, *, probabilities: bool = True) -> Any:
    """Return the network as an `onnx.ModelProto`, checked by onnx.

    It takes `input` (N, *input_shape) raw, as `predict` does, of the `input_dtype`. A network of classes
    gives `logits` (N, K) and, unless they are not wanted, `probabilities` (N, classes); one of values gives
    `values` (N, K) in the targets' units. Raises MissingExtra without the library onnx, and ValueError for a
    layer or loss that is not glassnet's own and for a network too large for one file.
    """
    with extras.for_("onnx", "a model in ONNX"):
        import onnx
    network = network.snapshot()
    if (size := network.parameters.vector.nbytes + network.state.vector.nbytes) > MOST:
        raise ValueError(f"expected parameters of at most {MOST:,} bytes, which ONNX holds, got {size:,}")
    made = onnx.helper.make_model(
        _graph(network, probabilities),
        producer_name="glassnet",
        producer_version=__version__,
        doc_string=repr(network),
        opset_imports=[onnx.helper.make_opsetid("", OPSET)],
        ir_version=IR,
    )
    told = {"classes": network.classes, "notes": handed_on(notes or {})}
    plain = {
        name: json.dumps(value, ensure_ascii=False, default=np.generic.item)
        for name, value in told.items()
        if value
    }
    onnx.helper.set_model_props(made, {"glassnet": __version__, **plain})
    made = onnx.shape_inference.infer_shapes(made, check_type=True, strict_mode=True)
    onnx.checker.check_model(made, full_check=True)
    return made


def input_dtype(network: Network) -> np.dtype[Any]:
    """Return what `input` is: the network's dtype, or float64 if its scaling subtracts.

    A time stamp has more digits than float32.
    """
    return np.dtype(np.float64) if _subtracts(network) else network.dtype


def answers(network: Network) -> Shape:
    """Return the shape of one example's probabilities: a single output stands for two classes."""
    *before, outputs = network.output_shape
    return (*before, 2 if outputs == 1 and not isinstance(network.meaning, CrossEntropy) else outputs)


def _subtracts(network: Network) -> bool:
    return network.scaling is not None and bool(network.scaling.shift.any())


def _graph(network: Network, probabilities: bool) -> Any:
    """Return the graph from the raw inputs to the answers."""
    graph = Graph(network.dtype)
    shape, dtype = network.body[-1].output_shape, network.dtype
    raw = "raw inputs" if network.scaling is None else f"raw inputs, to be scaled: {network.scaling!r}"
    given = _port(graph, INPUT, input_dtype(network), network.input_shape, raw)
    x = _scale(graph, network)
    if network.classifies:
        _layers(graph, network, x, LOGITS)
        asked = [_port(graph, LOGITS, dtype, shape, "what the loss is computed on")]
        if probabilities:
            _probabilities(graph, network)
            asked.append(_port(graph, PROBABILITIES, dtype, answers(network), "of each class, together 1"))
    else:
        scaled = network.target_scaling is not None
        _layers(graph, network, x, f"{VALUES}/scaled" if scaled else VALUES)
        if scaled:
            _unscale(graph, network, f"{VALUES}/scaled")
            dtype = np.dtype(np.float64)
        asked = [_port(graph, VALUES, dtype, shape, "in the units of the targets")]
    return graph.onnx.helper.make_graph(graph.nodes, "network", [given], asked, graph.numbers)


def _port(graph: Graph, name: str, dtype: np.dtype[Any], shape: Sequence[int], text: str) -> Any:
    helper = graph.onnx.helper
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(dtype), ["N", *shape], text)


def _scale(graph: Graph, network: Network) -> str:
    """Add (x − shift) · scale and return its name; the subtraction in float64, as `Scaling` does it."""
    scaling, place = network.scaling, Place(graph, "scaling", INPUT, "scaling", "scaling")
    if scaling is None:
        return INPUT
    x = INPUT
    if _subtracts(network):
        shift = place.numbers("shift", scaling.shift, np.float64)
        x = place.node("Sub", [x, shift], "input − shift", part="shifted")
        if network.dtype != np.float64:
            x = place.node("Cast", [x], "in float32", part="rounded", to=graph.onnx.TensorProto.FLOAT)
    return place.node("Mul", [x, place.numbers("scale", scaling.scale)], f"scaled: {scaling!r}")


def _layers(graph: Graph, network: Network, x: str, last: str) -> None:
    """Add the layers from `x` up to the outputs, called `last`."""
    for number, layer in enumerate(network.body, 1):
        if type(layer) not in LAYERS:
            known = ", ".join(kind.__name__ for kind in LAYERS)
            raise ValueError(f"layer {number}: expected one that ONNX export knows ({known}), got {layer!r}")
        name = f"{number}.{layer.kind}"
        y = last if number == len(network.body) else name
        LAYERS[type(layer)](layer, Place(graph, name, x, y, str(number)))
        x = y


def _probabilities(graph: Graph, network: Network) -> None:
    """Add what the loss makes of the logits; it stands for the last layer, where it is paired with one."""
    loss, outputs = network.meaning, network.output_shape[-1]
    if type(loss) not in MEANINGS:
        known = ", ".join(kind.__name__ for kind in MEANINGS)
        raise ValueError(f"loss: expected one that ONNX export knows ({known}), got {loss!r}")
    paired = len(network.body) < len(network.layers)
    name = f"{len(network.layers)}.{network.layers[-1].kind}" if paired else PROBABILITIES
    MEANINGS[type(loss)](Place(graph, name, LOGITS, PROBABILITIES, PROBABILITIES), outputs)


def _unscale(graph: Graph, network: Network, z: str) -> None:
    """Add z / scale + shift in float64, as `Scaling.inverse` computes it."""
    scaling, place = network.target_scaling, Place(graph, VALUES, z, VALUES, "target_scaling")
    assert scaling is not None
    if network.dtype != np.float64:
        z = place.node("Cast", [z], "in float64", part="wide", to=graph.onnx.TensorProto.DOUBLE)
    scale, shift = (place.numbers(name, getattr(scaling, name), np.float64) for name in ("scale", "shift"))
    z = place.node("Div", [z, scale], "z / scale", part="spread")
    place.node("Add", [z, shift], "values = z / scale + shift")
