"""ONNX Runtime answers as glassnet does: every layer, every meaning of the outputs, both dtypes, raw inputs.

`pytest tests/files/test_onnx.py -s -k deviations` prints how far the two are apart.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import glassnet as gn
from files.models import NETWORKS, every_layer, moved
from glassnet import extras, files
from glassnet.files.description import handed_on
from glassnet.nn import (
    BatchNorm,
    BinaryCrossEntropy,
    CrossEntropy,
    Dense,
    Flatten,
    Layer,
    LayerNorm,
    MeanSquaredError,
    Network,
    ReLU,
    Scaling,
    Sigmoid,
    Softmax,
)
from glassnet.nn.layers import LAYERS
from glassnet.nn.losses import LOSSES
from nn.table import TABLE, Row, randomized

pytest.importorskip("onnx", reason="needs the extra onnx")
onnxruntime = pytest.importorskip("onnxruntime", reason="needs the extra doors")

from glassnet.files import onnx, onnx_nodes  # noqa: E402

GENERATOR = np.random.default_rng(0)
LIMIT = 1e-5
every_layer_type = pytest.mark.parametrize("row", TABLE, ids=str)
both = pytest.mark.parametrize("dtype", ["float32", "float64"])


def session(made: Any) -> Any:
    """A session of one thread, and silent."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(made.SerializeToString(), options, ["CPUExecutionProvider"])


def answers(network: Network, x: Any) -> dict[str, Any]:
    """What ONNX Runtime makes of raw inputs, by the outputs' names."""
    ran = session(onnx.model(network))
    found = ran.run(None, {"input": np.asarray(x, onnx.input_dtype(network))})
    return dict(zip([output.name for output in ran.get_outputs()], found))


def expected(network: Network, x: Any) -> dict[str, Any]:
    if not network.classifies:
        return {"values": network.predict(x)}
    return {"logits": network.outputs(x), "probabilities": network.predict_proba(x)}


def deviation(network: Network, x: Any) -> float:
    """The largest difference: of probabilities, and of logits and values over the largest of them."""
    found, right = answers(network, x), expected(network, x)
    assert list(found) == list(right)
    worst = 0.0
    for name, array in right.items():
        assert (found[name].shape, found[name].dtype) == (array.shape, array.dtype), name
        assert np.isfinite(found[name]).all(), name
        size = 1.0 if name == "probabilities" else np.abs(array).max(initial=1e-30)
        worst = max(worst, float(np.abs(found[name] - array).max(initial=0.0) / size))
    return worst


def layer_deviation(row: Row, shape: tuple[int, ...], dtype: str, n: int = 40) -> float:
    network = randomized(Network([row.make()], row.fit(shape), dtype=dtype))
    x = np.random.default_rng(1).normal(scale=4, size=(n, *network.input_shape)).astype(dtype)
    return deviation(network, x)


# ---- layers


def test_every_layer_and_loss_can_be_exported_and_is_in_the_table_here() -> None:
    assert set(onnx_nodes.LAYERS) == set(LAYERS.values()) == {row.kind for row in TABLE}
    assert set(onnx_nodes.MEANINGS) == set(LOSSES.values())


@both
@every_layer_type
@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5), (2, 3, 4)], ids=str)
def test_a_layer_answers_the_same(row: Row, shape: tuple[int, ...], dtype: str) -> None:
    assert layer_deviation(row, shape, dtype) <= LIMIT


@pytest.mark.parametrize("n", [0, 1, 2, 300])
def test_a_batch_may_have_any_size(n: int) -> None:
    assert deviation(every_layer(), GENERATOR.integers(0, 256, (n, 2, 3))) <= LIMIT


@pytest.mark.parametrize(("dtype", "offset"), [("float32", 10), ("float64", 1e4)])
def test_examples_far_from_zero_are_normalized_the_same(dtype: str, offset: float) -> None:
    network = moved(Network([LayerNorm(), Dense(4), BatchNorm(), Dense(3)], 50, dtype=dtype))
    x = GENERATOR.normal(offset, 1, (20, 50)).astype(dtype)  # μ itself is rounded: float32 has 7 digits
    assert deviation(network, x) <= LIMIT


def test_deviations_of_the_layers() -> None:
    lines = []
    for kind in LAYERS.values():
        rows = [row for row in TABLE if row.kind is kind]
        worst = {
            dtype: max(layer_deviation(row, shape, dtype) for row in rows for shape in ((7,), (2, 3, 4)))
            for dtype in ("float32", "float64")
        }
        assert worst["float32"] <= LIMIT
        assert worst["float64"] <= 1e-7  # ε and slopes are float32 in ONNX
        lines.append(f"{kind.__name__:<10} {worst['float32']:.1e}  {worst['float64']:.1e}")
    print("", "largest deviation, float32 and float64", *lines, sep="\n")


# ---- whole networks


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_every_kind_answers_the_same(name: str) -> None:
    network = NETWORKS[name]()
    x = GENERATOR.integers(0, 256, (50, *network.input_shape))
    assert deviation(network, x) <= LIMIT


@both
@pytest.mark.parametrize("shape", [(28, 28), (1, 28, 28), (3, 32, 32), (784,)], ids=str)
def test_images_go_in_as_they_are_stored(shape: tuple[int, ...], dtype: str) -> None:
    layers = [*([Flatten()] if len(shape) > 1 else []), Dense(32), ReLU(), Dense(10), Softmax()]
    network = Network(layers, shape, dtype=dtype, scaling=Scaling(scale=1 / 255), classes=range(10))
    x = GENERATOR.integers(0, 256, (20, *shape), np.uint8)
    assert deviation(network, x) <= LIMIT
    given = session(onnx.model(network)).get_inputs()[0]
    assert (given.name, given.shape) == ("input", ["N", *shape])
    assert given.type == ("tensor(float)" if dtype == "float32" else "tensor(double)")


@both
@pytest.mark.parametrize("shape", [(3,), (2, 3)], ids=str)
def test_standardized_time_stamps_keep_their_digits(shape: tuple[int, ...], dtype: str) -> None:
    shift = np.broadcast_to([1.7e9, -3.0, 0.0], shape)
    scaling = Scaling(shift, np.broadcast_to([1 / 3600, 2.0, 1.0], shape))
    layers: list[Layer] = [Flatten(), Dense(8), ReLU(), Dense(2)]
    network = Network(layers, shape, dtype=dtype, scaling=scaling, classes="ab")
    x = shift + GENERATOR.normal(size=(30, *shape)) * [5000, 1, 1]
    assert onnx.input_dtype(network) == np.float64
    assert deviation(network, x) <= LIMIT


@both
@pytest.mark.parametrize("outputs", [1, 3])
def test_values_come_in_the_units_of_the_targets(outputs: int, dtype: str) -> None:
    scaling = Scaling(np.array([1.7e9, 5, -2])[:outputs], np.array([1e-4, 3, 7])[:outputs])
    network = Network([Dense(5), ReLU(), Dense(outputs)], 4, loss="mse", dtype=dtype, target_scaling=scaling)
    x = GENERATOR.normal(size=(30, 4)).astype(dtype)
    found = answers(network, x)["values"]
    assert found.dtype == np.float64
    assert np.abs((found - network.predict(x)) * scaling.scale).max() <= LIMIT


@pytest.mark.parametrize("loss", LOSSES.values())
@pytest.mark.parametrize("outputs", [1, 2, 4])
@pytest.mark.parametrize("size", [0, 1, 1000])
def test_probabilities_are_those_of_the_loss(loss: type[Any], outputs: int, size: float) -> None:
    if loss is CrossEntropy and outputs == 1:
        pytest.skip("cross-entropy has two outputs or more")
    network = Network([Dense(outputs)], 3, loss=loss(), classes="abcd"[: max(2, outputs)])
    x = size * GENERATOR.normal(size=(30, 3)) - size  # 1000: all sigmoids of some rows are 0
    with np.errstate(under="ignore"):
        assert deviation(network, x.astype(np.float32)) <= LIMIT
    assert np.allclose(answers(network, x)["probabilities"].sum(axis=-1), 1)


def test_a_network_without_a_loss_is_one_of_classes() -> None:
    for layers in ([Dense(1)], [Dense(3)], [Softmax()], [Dense(1), Sigmoid()]):
        assert deviation(Network(layers, 3), GENERATOR.normal(size=(9, 3)).astype(np.float32)) <= LIMIT


def test_the_networks_that_come_with_glassnet_read_the_digits_alike() -> None:
    images = gn.data.load("mnist-sample").test.images[:200]
    network = files.load("drawing")
    x = images.reshape(200, *network.input_shape)
    assert deviation(network, x) <= LIMIT
    assert (answers(network, x)["logits"].argmax(axis=1) == network.predict(x)).all()


def test_the_reference_evaluator_of_onnx_agrees() -> None:
    from onnx.reference import ReferenceEvaluator

    network = every_layer(scaling=Scaling(128.0, 1 / 255))
    x = GENERATOR.integers(0, 256, (20, 2, 3)).astype(np.float64)
    logits, probabilities = ReferenceEvaluator(onnx.model(network)).run(None, {"input": x})
    assert np.abs(logits - network.outputs(x)).max() <= LIMIT * np.abs(logits).max()
    assert np.abs(probabilities - network.predict_proba(x)).max() <= LIMIT


# ---- what is in the file


@pytest.mark.parametrize("path", ["/home/ana/marks.csv", r"C:\Users\ana\marks.csv", "marks.csv"])
def test_of_a_file_the_name_alone_is_handed_on_from_any_system(path: str) -> None:
    assert handed_on({"data": path, "data_dir": "/home/ana", "seed": 3}) == {"data": "marks.csv", "seed": 3}


def test_the_model_says_what_it_is() -> None:
    network = every_layer(classes=["ä", "日本", 'a "c"\n'], scaling=Scaling(scale=1 / 255))
    made = onnx.model(
        network, {"data": "/home/ana/secret/letters", "data_dir": "/home/ana", "seed": np.int64(3)}
    )
    assert (made.ir_version, [(o.domain, o.version) for o in made.opset_import]) == (10, [("", 21)])
    assert (made.producer_name, made.producer_version) == ("glassnet", gn.__version__)
    assert made.doc_string == repr(network)
    told = {prop.key: prop.value for prop in made.metadata_props}
    assert told.pop("glassnet") == gn.__version__
    assert {name: json.loads(text) for name, text in told.items()} == {
        "classes": list(network.classes or ()), "notes": {"data": "letters", "seed": 3},
    }  # fmt: skip
    assert set(session(made).get_modelmeta().custom_metadata_map) == {"glassnet", "classes", "notes"}


def test_a_viewer_shows_each_layer_with_its_formula_numbers_and_shape() -> None:
    network = every_layer()
    graph = onnx.model(network).graph
    assert [node.name for node in graph.node] == [
        f"{number}.{layer.kind}" for number, layer in enumerate(network.layers, 1)
    ]
    assert all(node.doc_string for node in graph.node)
    assert graph.node[2].doc_string == "y = x W + b"
    assert {number.name for number in graph.initializer} == {*network.parameters, *network.state, "6.rate"}
    shapes = {
        value.name: [dim.dim_param or dim.dim_value for dim in value.type.tensor_type.shape.dim]
        for value in (*graph.value_info, *graph.output)
    }
    for node, layer in zip(graph.node, network.layers):
        assert shapes[node.output[0]] == ["N", *layer.output_shape], node.name


def test_every_tensor_on_the_way_has_a_shape_and_every_name_is_there_once() -> None:
    for network in (
        *(make() for make in NETWORKS.values()),
        Network([Dense(3)], 2, loss=BinaryCrossEntropy()),
    ):
        graph = onnx.model(network).graph
        made = [name for node in graph.node for name in node.output]
        assert {*made} == {value.name for value in (*graph.value_info, *graph.output)}
        names = [*made, *(number.name for number in graph.initializer), "input"]
        assert len(names) == len(set(names))
        assert len({node.name for node in graph.node}) == len(graph.node)


def test_logits_alone_need_nothing_more() -> None:
    network = Network([Dense(4), ReLU(), Dense(3), Softmax()], 5)
    graph = onnx.model(network, probabilities=False).graph
    assert [output.name for output in graph.output] == ["logits"]
    assert [node.op_type for node in graph.node] == ["Gemm", "Relu", "Gemm"]


def test_a_file_is_written_whole_and_the_same_each_time(tmp_path: Path) -> None:
    network = every_layer()
    onnx.write(network, tmp_path / "a.onnx", {"data": "x"})
    onnx.write(network, tmp_path / "b.onnx", {"data": "x"})
    content = (tmp_path / "a.onnx").read_bytes()
    assert content == (tmp_path / "b.onnx").read_bytes()
    assert content == onnx.model(network, {"data": "x"}).SerializeToString(deterministic=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.onnx", "b.onnx"]


def test_the_network_stays_its_own() -> None:
    network = moved(Network([Dense(3)], 2))
    made = session(onnx.model(network))
    x = np.ones((1, 2), np.float32)
    before = network.outputs(x).copy()
    network.parameters.vector[...] = 0
    assert np.allclose(made.run(["logits"], {"input": x})[0], before)


# ---- what cannot be exported


class Odd(Layer):
    """A layer of somebody's own."""

    def forward(self, x: Any, y: Any, memory: Any) -> None:
        np.multiply(x, 2, out=y)


def test_a_layer_of_ones_own_is_refused_until_it_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network([Dense(3), Odd()], 2)
    with pytest.raises(
        ValueError, match=r"layer 2: expected one that ONNX export knows \(Dense, .*got Odd\(\)"
    ):
        onnx.model(network)

    def doubled(layer: Odd, at: onnx_nodes.Place) -> None:
        at.node("Mul", [at.x, at.numbers("two", 2)], "y = 2 x")

    monkeypatch.setitem(onnx_nodes.LAYERS, Odd, doubled)
    assert deviation(network, np.ones((4, 2), np.float32)) <= LIMIT


def test_a_loss_of_ones_own_is_refused_but_for_the_logits() -> None:
    class OddLoss(MeanSquaredError):
        of_classes = True

    network = Network([Dense(3)], 2, loss=OddLoss())
    with pytest.raises(ValueError, match=r"loss: expected one that ONNX export knows \(.*got OddLoss\(\)"):
        onnx.model(network)
    assert [output.name for output in onnx.model(network, probabilities=False).graph.output] == ["logits"]


def test_a_network_too_large_for_one_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx, "MOST", 100)
    with pytest.raises(
        ValueError, match="expected parameters of at most 100 bytes, which ONNX holds, got 144"
    ):
        onnx.model(Network([Dense(9)], 3))


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(extras.MissingExtra, match=r'needs onnx: pip install "glassnet\[onnx\]"'):
        onnx.model(Network([Dense(9)], 3))
