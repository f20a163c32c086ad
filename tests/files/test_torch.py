"""The same network in PyTorch, from there and back: equal in float64 to rounding, for every layer."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from files.models import NETWORKS, moved, npz, one_line
from glassnet import __version__, extras
from glassnet.files import torch as theirs
from glassnet.files import torch_program
from glassnet.nn import (
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
    Network,
    ReLU,
    Scaling,
    Softmax,
)
from glassnet.nn.layer import Parameter
from glassnet.nn.layers import LAYERS
from glassnet.nn.losses import LOSSES
from nn.oracles import pytorch, relative_error
from nn.table import TABLE, Row, randomized

GENERATOR = np.random.default_rng(0)
LIMITS = {"float32": 1e-5, "float64": 1e-12}
oracle = pytest.mark.oracle
both = pytest.mark.parametrize("dtype", LIMITS)


def small(**options: Any) -> Network:
    return moved(Network([Flatten(), Dense(6), BatchNorm(0.2, 1e-4), ReLU(), Dense(3)], (2, 2), **options))


def scaled(network: Network, x: Any) -> Any:
    """Raw inputs as the layers take them."""
    inputs = np.empty(x.shape, network.dtype)
    (network.scaling or Scaling())(x, inputs)
    return pytorch().from_numpy(inputs)


# ---- there


def test_every_layer_and_loss_has_its_counterpart() -> None:
    assert set(theirs.MODULES) == set(LAYERS.values()) == {row.kind for row in TABLE}
    assert set(torch_program.MEANINGS) == set(LOSSES.values())


@oracle
@both
@pytest.mark.parametrize("shape", [(1,), (7,), (3, 5), (2, 3, 4)], ids=str)
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_a_layer_answers_the_same_in_pytorch(row: Row, shape: tuple[int, ...], dtype: str) -> None:
    network = randomized(Network([row.make()], row.fit(shape), dtype=dtype))
    x = GENERATOR.normal(scale=3, size=(20, *network.input_shape)).astype(dtype)
    found = theirs.module(network)(pytorch().from_numpy(x)).detach().numpy()
    assert found.dtype == network.dtype
    assert relative_error(found, network.outputs(x)) <= LIMITS[dtype]


@oracle
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_gives_the_same_outputs_in_pytorch(name: str) -> None:
    network = NETWORKS[name]()
    x = GENERATOR.integers(0, 256, (30, *network.input_shape))
    found = theirs.module(network)(scaled(network, x)).detach().numpy()
    assert relative_error(found, network.outputs(x)) <= LIMITS[str(network.dtype)]


@oracle
def test_a_module_has_the_settings_of_its_layer_and_is_ready_to_answer() -> None:
    nn = pytorch().nn
    layers = [Dense(4, bias=False), BatchNorm(0.2, 1e-3), LeakyReLU(0.3), Dropout(0.4), LayerNorm(1e-4)]
    network = Network([*layers, Dense(3), Softmax()], 5)
    made = theirs.module(network)
    linear, batch, leaky, dropout, layer, last = made
    assert [type(one) for one in made] == [
        nn.Linear, nn.BatchNorm1d, nn.LeakyReLU, nn.Dropout, nn.LayerNorm, nn.Linear,
    ]  # fmt: skip
    assert (linear.in_features, linear.out_features, linear.bias) == (5, 4, None)
    assert (batch.momentum, batch.eps, int(batch.num_batches_tracked)) == (0.2, 1e-3, 0)
    assert (leaky.negative_slope, dropout.p, layer.eps, last.out_features) == (0.3, 0.4, 1e-4, 3)
    assert not made.training
    assert all(p.requires_grad and not p.is_meta for p in made.parameters())


@oracle
def test_making_a_module_draws_no_random_numbers_and_shares_no_memory() -> None:
    torch, network = pytorch(), small()
    torch.manual_seed(0)
    state = torch.random.get_rng_state()
    made = theirs.module(network)
    assert torch.equal(torch.random.get_rng_state(), state)
    before = {name: array.copy() for name, array in network.parameters.items()}
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.zero_()
    assert all(np.array_equal(network.parameters[name], array) for name, array in before.items())


# ---- and back


@oracle
@both
def test_what_pytorch_has_trained_comes_back(dtype: str) -> None:
    """Both train the same network side by side; PyTorch's, loaded into a third, answers as ours does."""
    torch, network = pytorch(), small(dtype=dtype, loss="mse")
    made, fresh = theirs.module(network).train(), small(dtype=dtype, loss="mse")
    fresh.parameters.vector.fill(0)
    optimizer = torch.optim.SGD(made.parameters(), lr=0.01)
    arrays = network.new_pass(16, training=True)
    for _ in range(10):
        x, y = (GENERATOR.normal(size=(16, *shape)).astype(dtype) for shape in ((2, 2), (3,)))
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(made(torch.from_numpy(x)), torch.from_numpy(y)).backward()
        optimizer.step()
        arrays.resize(16)[...] = x
        assert network.loss is not None
        network.loss(arrays.forward(), y, arrays.output_gradient)
        arrays.backward()
        network.parameters.vector[...] -= 0.01 * network.gradients.vector
    theirs.load_state_dict(fresh, made.state_dict())
    assert relative_error(fresh.parameters.vector, network.parameters.vector) <= LIMITS[dtype]
    assert relative_error(fresh.state.vector, network.state.vector) <= LIMITS[dtype]
    x = GENERATOR.normal(size=(20, 2, 2)).astype(dtype)
    found = made.eval()(torch.from_numpy(x)).detach().numpy()
    assert relative_error(found, fresh.outputs(x)) <= LIMITS[dtype]


@oracle
@pytest.mark.parametrize("name", NETWORKS)
def test_there_and_back_not_a_bit_has_changed(name: str, tmp_path: Path) -> None:
    network, other = NETWORKS[name](), NETWORKS[name]()
    other.parameters.vector.fill(0)
    other.state.vector.fill(1)
    theirs.write(network, tmp_path / "model.pt")
    theirs.load_state_dict(other, theirs.read(tmp_path / "model.pt"))
    assert other.parameters.vector.tobytes() == network.parameters.vector.tobytes()
    assert other.state.vector.tobytes() == network.state.vector.tobytes()


@oracle
def test_the_file_is_a_state_dict_for_pytorch_and_the_same_each_time(tmp_path: Path) -> None:
    torch, network = pytorch(), small()
    for name in ("a.pt", "b.pt"):
        theirs.write(network, tmp_path / name)
    assert (tmp_path / "a.pt").read_bytes() == (tmp_path / "b.pt").read_bytes()
    state = torch.load(tmp_path / "a.pt", weights_only=True)
    nn = torch.nn
    built = nn.Sequential(nn.Flatten(), nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))
    assert list(state) == list(built.state_dict())
    assert "All keys matched" in str(built.load_state_dict(state))
    assert np.array_equal(state["1.weight"].numpy(), network.parameters["2.W"].T)


ARRAYS = {name: array.copy() for name, array in theirs._arrays(small()).items()}


def renamed(*pairs: tuple[str, str]) -> dict[str, Any]:
    state = ARRAYS
    for old, new in pairs:
        state = {
            new + name.removeprefix(old) if name.startswith(old) else name: a for name, a in state.items()
        }
    return state


@pytest.mark.parametrize(
    "state",
    [
        ARRAYS,
        {f"module.{name}": array for name, array in ARRAYS.items()},
        {f"_orig_mod.layers.{name}": array for name, array in ARRAYS.items()},
        renamed(("1.", "0."), ("2.", "1."), ("4.", "13.")),  # no Flatten there, and more after
        dict(reversed(ARRAYS.items())),
        {name: array for name, array in ARRAYS.items() if not name.endswith("num_batches_tracked")},
    ],
    ids=["as it is", "of DataParallel", "compiled", "other numbers", "another order", "without the count"],
)
def test_arrays_of_numpy_load_under_names_that_differ_only_in_where_they_are(state: dict[str, Any]) -> None:
    network, expected = small(), small()
    network.parameters.vector.fill(0)
    network.state.vector.fill(0)
    theirs.load_state_dict(network, state)
    assert np.array_equal(network.parameters.vector, expected.parameters.vector)
    assert np.array_equal(network.state.vector, expected.state.vector)


@oracle
@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float64"])
def test_tensors_of_other_precision_are_taken(kind: str) -> None:
    network = small()
    state = {name: tensor.to(getattr(pytorch(), kind)) for name, tensor in theirs.state_dict(small()).items()}
    theirs.load_state_dict(network, state)
    assert relative_error(network.parameters.vector, small().parameters.vector) < 0.005


@oracle
def test_sparse_tensors_are_taken_and_those_without_numbers_refused() -> None:
    network, tensors = small(), theirs.state_dict(small())
    network.parameters.vector.fill(0)
    theirs.load_state_dict(network, {**tensors, "4.weight": tensors["4.weight"].to_sparse()})
    assert network.parameters.vector.tobytes() == small().parameters.vector.tobytes()
    with pytest.raises(ValueError, match=r"4.weight \(3, 6\) of floats, got \(3, 6\) .* without numbers"):
        theirs.load_state_dict(network, {**tensors, "4.weight": tensors["4.weight"].to("meta")})


def without(*names: str) -> dict[str, Any]:
    return {name: array for name, array in ARRAYS.items() if name not in names}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({}, r"3 modules with tensors \(Linear\(4, 6\), BatchNorm1d\(6\), Linear\(6, 3\)\), got 0 "),
        (without("4.weight", "4.bias"), "expected 3 modules with tensors .* got 2"),
        (without("4.bias"), "expected of 4 weight, bias, got weight"),
        (without("2.running_var"), "expected of 2 weight, bias, running_mean, running_var, got"),
        ({**ARRAYS, "4.scale": np.ones(3)}, "expected of 4 weight, bias, got weight, bias, scale"),
        ({**ARRAYS, "fc.weight": np.ones(3)}, r"nn.Sequential \(0.weight, 0.bias, …\), got 1.weight,"),
        ({**ARRAYS, "a.7.weight": np.ones(3)}, "names of an nn.Sequential"),
        ({"fc1.weight": np.ones(3)}, "got fc1.weight"),
        ({**ARRAYS, "4.weight": np.ones((6, 3))}, r"4.weight \(3, 6\) of floats, got \(6, 3\) of float64"),
        ({**ARRAYS, "4.weight": np.ones((3, 6), int)}, r"4.weight \(3, 6\) of floats, got .* of int64"),
        ({**ARRAYS, "4.bias": np.array([0, np.nan, 0])}, "finite values in 4.bias, got NaN or infinity"),
        ({**ARRAYS, "4.bias": np.full(3, 1e300)}, "finite values in 4.bias, got NaN or infinity"),
    ],
    ids=range(12),
)  # fmt: skip
def test_a_state_dict_that_does_not_fit_is_refused_and_changes_nothing(state: Any, message: str) -> None:
    network = small()
    network.parameters.vector.fill(0.5)
    with pytest.raises(ValueError, match=message) as caught:
        theirs.load_state_dict(network, state)
    assert "\n" not in str(caught.value)
    assert (network.parameters.vector == 0.5).all()


def saved(path: Path, thing: Any) -> None:
    pytorch().save(thing, path)


@oracle
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_bytes(b""), "got a file that is none or damaged"),
        (lambda path: path.write_text("hello"), "got a file that is none or damaged"),
        (lambda path: path.write_bytes(b"PK\x03\x04rubbish"), "got a file that is none or damaged"),
        (lambda path: path.write_bytes(npz("{}", ARRAYS)), "got a file that is none or damaged"),
        (lambda path: saved(path, pytorch().nn.Sequential()), r"got a file with a torch\S+Sequential in it"),
        (lambda path: saved(path, [1, 2]), "got a list"),
        (
            lambda path: saved(path, {"epoch": 3, "state_dict": {}}),
            r"got a dict with other things than tensors \(epoch, state_dict\)",
        ),
    ],
    ids=["empty", "text", "rubbish", "NumPy's", "a whole module", "a list", "a checkpoint"],
)
def test_a_file_that_holds_something_else_is_refused(make: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "model.pt"
    make(path)
    with pytest.raises(ValueError, match=rf"expected what torch.save\(.*\) writes, {message}") as caught:
        theirs.read(path)
    assert one_line(caught, path)


@oracle
def test_a_file_that_is_cut_off_or_missing_is_refused(tmp_path: Path) -> None:
    theirs.write(small(), tmp_path / "model.pt")
    whole = (tmp_path / "model.pt").read_bytes()
    for end in (10, len(whole) // 2, len(whole) - 1):
        (tmp_path / "cut.pt").write_bytes(whole[:end])
        with pytest.raises(ValueError, match="none or damaged"):
            theirs.read(tmp_path / "cut.pt")
    with pytest.raises(FileNotFoundError):
        theirs.read(tmp_path / "none.pt")


# ---- the program


def run(network: Network, folder: Path) -> dict[str, Any]:
    """What the program defines, run beside its weights."""
    theirs.write(network, folder / "model.pt")
    text = torch_program.text(network, "model.pt", ["time", 'colour="red"'])
    (folder / "model.py").write_text(text, encoding="utf-8")
    return runpy.run_path(str(folder / "model.py"))


PROGRAMS: dict[str, Any] = {
    **NETWORKS,
    "time stamps": lambda: small(
        scaling=Scaling([[1.7e9, 3], [2, 0]], np.full((2, 2), 0.1)), classes=["a", 'b"', "c\n"]
    ),
    "values": lambda: small(loss=MeanSquaredError()),
    "several sigmoids": lambda: small(loss=BinaryCrossEntropy()),
    "one output of squared error": lambda: moved(Network([Dense(1)], 3, loss="mse", classes="ab")),
    "one number for all targets": lambda: moved(
        Network([Dense(2)], 3, loss="mse", target_scaling=Scaling(1.7e9, 1e-3))
    ),
    "hundreds of inputs": lambda: moved(
        Network([Dense(2)], 300, scaling=Scaling(np.arange(300), np.arange(300) / 7), dtype="float64")
    ),
}


@oracle
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_program_answers_raw_inputs_as_glassnet_does(name: str, tmp_path: Path) -> None:
    network = PROGRAMS[name]()
    program = run(network, tmp_path)
    x = GENERATOR.integers(0, 256, (20, *network.input_shape))
    x.flags.writeable = False
    expected = network.predict_proba(x) if network.classifies else network.predict(x)
    found = program["predict"](x).numpy()
    assert found.dtype == expected.dtype
    assert relative_error(found, expected) <= LIMITS[str(network.dtype)]
    assert program["predict"](x.reshape(20, -1)[:1]).shape == expected[:1].shape
    assert program["inputs"] == ["time", 'colour="red"']
    assert program.get("classes") == (None if network.classes is None else list(network.classes))


@oracle
def test_the_program_is_short_and_is_read_at_a_glance(tmp_path: Path) -> None:
    network = Network([Dense(5), ReLU(), Dense(3), Softmax()], 4, scaling=Scaling(scale=0.5), classes="abc")
    assert torch_program.text(network, "model.pt").splitlines() == [
        '"""Network 4-5-3 (Dense, ReLU, Dense, Softmax), 43 parameters, float32.',
        "",
        f"Written by glassnet {__version__}.",
        '"""',
        "",
        "from pathlib import Path",
        "",
        "import torch",
        "from torch import nn",
        "",
        "net = nn.Sequential(",
        "    nn.Linear(4, 5),",
        "    nn.ReLU(),",
        "    nn.Linear(5, 3),",
        ")",
        'net.load_state_dict(torch.load(Path(__file__).with_name("model.pt"), weights_only=True))',
        "net.eval()",
        'classes = ["a", "b", "c"]',
        "",
        "",
        "def scaled(x):",
        '    """Raw inputs (N, 4) as the layers take them."""',
        "    return torch.asarray(x, dtype=torch.float32, copy=True).reshape(len(x), 4) * 0.5",
        "",
        "",
        "@torch.inference_mode()",
        "def predict(x):",
        '    """Probabilities of the classes for raw inputs (N, 4)."""',
        "    z = net(scaled(x))",
        "    return z.softmax(dim=-1)",
    ]


# ---- what PyTorch does not have


class Strange(Layer):
    """A layer of somebody's own."""

    def parameters(self) -> dict[str, Parameter]:
        return {"bend": Parameter(self.input_shape, "ones")}


@pytest.mark.parametrize(
    "ask", [lambda net: torch_program.text(net, "model.pt"), lambda net: theirs.load_state_dict(net, {})]
)
def test_a_layer_of_ones_own_is_refused_by_name(ask: Any) -> None:
    network = Network([Dense(3), Strange()], 2)
    with pytest.raises(
        ValueError, match=r"layer 2: expected one that PyTorch has too \(Dense, .*got Strange\(\)"
    ):
        ask(network)


def test_a_loss_of_ones_own_is_refused_by_the_program() -> None:
    class StrangeLoss(CrossEntropy):
        """A loss of somebody's own."""

    with pytest.raises(
        ValueError, match=r"loss: expected one that PyTorch export knows \(.*got StrangeLoss\("
    ):
        torch_program.text(Network([Dense(3)], 2, loss=StrangeLoss()), "model.pt")


def test_without_pytorch_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    for ask in (lambda: theirs.state_dict(small()), lambda: theirs.read(tmp_path / "model.pt")):
        with pytest.raises(extras.MissingExtra, match=r'needs torch: pip install "glassnet\[oracle\]"'):
            ask()


def test_neither_library_is_imported_with_the_rooms() -> None:
    script = (
        "import sys; from glassnet.files import onnx, torch, torch_program;"
        " print({'onnx', 'torch'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr
