"""What a frame shows of a network, for every kind of set and loss."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from glassnet.data.judged import judged_part
from glassnet.diagnose.vitals import BINS, Histogram, Vitals, vitals
from glassnet.nn import Dense, Network, Softmax
from glassnet.view.camera import Camera, packed
from glassnet.view.wire import decode, encode
from view.cases import CASES, Case, images, network, training

Array = np.ndarray[Any, Any]


def camera_of(case: Case) -> Camera:
    return Camera(case.data)


def raw(case: Case, index: int = 0) -> Array:
    """A raw input, of an example of the judged part."""
    part = judged_part(case.data)[1]
    found: Array = part.inputs[part.places(np.array([index]))][0]
    return found


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    case = CASES[request.param]()
    run = training(case)
    for _ in zip(range(12), run):
        pass
    run.close()
    return case


def test_activations_are_those_of_predicting(case: Case) -> None:
    _, arrays = camera_of(case).shoot(case.network, raw(case, 3), [])
    part = judged_part(case.data)[1]
    case.network.forward(part.images[3:4])
    flow = case.network.flow
    assert flow is not None
    for number, expected in enumerate(flow.activations):
        found = arrays[f"a{number}"]
        assert found.dtype == np.float32
        assert np.allclose(found, expected.ravel(), rtol=1e-6)
    assert f"a{len(case.network.layers) + 1}" not in arrays


def test_the_answer_is_that_of_the_network(case: Case) -> None:
    _, arrays = camera_of(case).shoot(case.network, raw(case, 1), [])
    x = judged_part(case.data)[1].images[1:2]
    answer = case.network.predict_proba(x) if case.network.classifies else case.network.predict(x)
    assert arrays["answer"].dtype == np.float32
    assert np.allclose(arrays["answer"], answer.ravel(), rtol=1e-5)


def test_matrices_are_named_and_hold_the_weights(case: Case) -> None:
    fields, arrays = camera_of(case).shoot(case.network, raw(case), [])
    dense = [n for n, layer in enumerate(case.network.layers, 1) if isinstance(layer, Dense)]
    assert [matrix["place"] for matrix in fields["matrices"]] == dense
    for number, matrix in enumerate(fields["matrices"], 1):
        W = case.network.parameters[matrix["name"]]
        assert (matrix["array"], tuple(matrix["shape"])) == (f"w{number}", W.shape)
        shown = (arrays[matrix["array"]].astype(float) - 128) / 127 * matrix["limit"]
        assert np.allclose(shown, W.clip(-matrix["limit"], matrix["limit"]), atol=matrix["limit"] / 250)


def test_a_frame_travels(case: Case) -> None:
    fields, arrays = camera_of(case).shoot(case.network, raw(case), vitals(case.network, None, None))
    header, received = decode(encode("frame", fields, arrays))
    assert header["matrices"] == fields["matrices"]
    for name, array in arrays.items():
        assert (received[name] == array).all(), name
    assert len(received["histograms"]) == 3 * len(header["vitals"]) == 3 * len(case.network.body)


def test_a_frame_shows_a_network_of_nan(case: Case) -> None:
    case.network.parameters.vector[...] = np.nan
    fields, arrays = camera_of(case).shoot(case.network, raw(case), vitals(case.network, None, None))
    assert all((arrays[matrix["array"]] == 128).all() for matrix in fields["matrices"])
    assert np.isnan(arrays[f"a{len(case.network.layers)}"]).all()
    if "grid" in arrays:
        assert not arrays["grid"][..., 1].any()
    decode(encode("frame", fields, arrays))


def test_a_camera_turns_from_one_network_to_another_and_back(case: Case) -> None:
    camera, past = camera_of(case), case.network.snapshot()
    past.parameters.vector[...] *= 0.5
    now = encode("frame", *camera.shoot(case.network, raw(case, 2), []))
    then = encode("frame", *camera.shoot(past, raw(case, 2), []))
    assert then != now
    assert encode("frame", *camera.shoot(case.network, raw(case, 2), [])) == now


def test_shooting_and_judging_change_no_bit_of_a_run() -> None:
    from glassnet.view.judge import Judge

    vectors = []
    for looks in (False, True):
        case = CASES["normalized"]()  # dropout draws numbers, BatchNorm keeps running means
        camera, run = camera_of(case), training(case)
        judge = Judge(case.network, case.data, judged_part(case.data)[1])
        for _, event in zip(range(30), run):
            if looks and event.kind == "step":
                found = vitals(case.network, run.flow, None)
                encode("frame", *camera.shoot(case.network, raw(case, event.step % 7), found))
                judge.message(judge.judge(case.network))
        run.close()
        generator = run.capture().generator
        vectors.append((case.network.parameters.vector, case.network.state.vector, generator))
    without, with_looks = vectors
    assert (without[0] == with_looks[0]).all()
    assert (without[1] == with_looks[1]).all()
    assert without[2] == with_looks[2]


def test_memory_is_flat_over_many_frames() -> None:
    case = network(images((784,), n=120), Dense(10), Softmax(), hidden=(Dense(64),))
    camera, some = camera_of(case), vitals(case.network, None, None)
    for k in range(5):
        encode("frame", *camera.shoot(case.network, raw(case, k), some))
    tracemalloc.start()
    try:
        start, _ = tracemalloc.get_traced_memory()
        for k in range(200):
            encode("frame", *camera.shoot(case.network, raw(case, k % 20), some))
        end, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert end - start < 20_000  # one frame is 60,000


def test_arrays_are_used_again() -> None:
    case = CASES["spirals"]()
    camera = camera_of(case)
    _, first = camera.shoot(case.network, raw(case), [])
    _, second = camera.shoot(case.network, raw(case, 1), [])
    assert all(first[name] is second[name] for name in ("w1", "w2", "a0", "a2", "grid"))


# ---- a plane and a line


@pytest.mark.parametrize("name", ["binary", "binary by mse", "spirals"])
def test_a_grid_is_what_the_network_says_in_the_middle_of_each_cell(name: str) -> None:
    case = CASES[name]()
    fields, arrays = camera_of(case).shoot(case.network, raw(case), [])
    grid, (low, high), side = arrays["grid"], (fields["grid"]["low"], fields["grid"]["high"]), 48
    assert (fields["grid"]["side"], grid.shape) == (side, (side, side, 2))
    for row, column in ((0, 0), (3, 40), (47, 20), (30, 31)):
        place = [low[0] + (column + 0.5) / side * (high[0] - low[0]), 0.0]
        place[1] = low[1] + (row + 0.5) / side * (high[1] - low[1])
        p = case.network.predict_proba(np.array([place]))[0]
        named = case.network.predict(np.array([place]))[0]
        assert grid[row, column, 0] == named
        assert abs(int(grid[row, column, 1]) - 255 * p[named]) <= 0.51
    inputs = case.data.train.images
    assert (inputs.min(axis=0) > low).all()
    assert (inputs.max(axis=0) < high).all()


@pytest.mark.parametrize("name", ["sine", "float64"])
def test_a_line_is_what_the_network_says_in_the_units_of_the_target(name: str) -> None:
    case = CASES[name]()
    fields, arrays = camera_of(case).shoot(case.network, raw(case), [])
    x = np.linspace(fields["line"]["low"], fields["line"]["high"], 200)
    assert (arrays["line"].dtype, arrays["line"].shape) == (np.float32, (200,))
    assert np.allclose(arrays["line"], case.network.predict(x[:, None])[:, 0], rtol=1e-5, atol=1e-6)
    assert fields["line"]["low"] < case.data.train.images.min()


@pytest.mark.parametrize("name", ["softmax", "table", "value"])
def test_other_sets_have_neither(name: str) -> None:
    case = CASES[name]()
    fields, arrays = camera_of(case).shoot(case.network, raw(case), [])
    assert fields.keys() == {"matrices", "vitals"}
    assert not {"grid", "line"} & arrays.keys()


def test_a_large_network_is_asked_at_fewer_places() -> None:
    data = CASES["spirals"]().data
    case = network(data, Dense(3), Softmax(), hidden=(Dense(600), Dense(600)))
    fields, arrays = camera_of(case).shoot(case.network, raw(case), [])
    assert fields["grid"]["side"] == 24
    assert arrays["grid"].shape == (24, 24, 2)


def test_a_light_frame_has_no_matrices_and_leaves_the_boundary() -> None:
    case = CASES["spirals"]()
    camera = camera_of(case)
    before = camera.shoot(case.network, raw(case), [])[1]["grid"].copy()
    case.network.parameters.vector[...] = np.random.default_rng(0).normal(size=case.network.size)
    fields, arrays = camera.shoot(case.network, raw(case), [], weights=False)
    assert fields["matrices"] == []
    assert not {"w1", "w2"} & arrays.keys()
    assert (arrays["grid"] == before).all()
    assert np.allclose(arrays["answer"], case.network.predict_proba(judged_part(case.data)[1].images[:1])[0])
    assert (camera.shoot(case.network, raw(case), [])[1]["grid"] != before).any()


def test_the_first_light_frame_of_a_network_has_its_boundary() -> None:
    case = CASES["sine"]()
    _, arrays = camera_of(case).shoot(case.network, raw(case), [], weights=False)
    assert np.isfinite(arrays["line"]).all()


# ---- scales, errors, histograms


def test_colours_keep_their_scale_while_one_looks_back() -> None:
    case = CASES["softmax"]()
    camera, past = camera_of(case), case.network.snapshot()
    past.parameters.vector[...] *= 0.3
    (now, *_) = camera.shoot(case.network, raw(case), [])[0]["matrices"]
    (then, *_) = camera.shoot(past, raw(case), [])[0]["matrices"]
    (again, *_) = camera_of(case).shoot(past, raw(case), [])[0]["matrices"]
    assert then["limit"] == now["limit"] > again["limit"]


def test_an_example_of_another_size_is_refused() -> None:
    case = CASES["softmax"]()
    with pytest.raises(ValueError, match=r"expected input \(N, 64\), got \(1, 9, 9\)"):
        camera_of(case).shoot(case.network, np.zeros((9, 9), np.uint8), [])


def test_a_network_without_a_loss_is_refused() -> None:
    data = images((8, 8))
    with pytest.raises(ValueError, match="expected a network with a loss"):
        Camera(data).shoot(Network([Dense(3)], 64), data.train.inputs[0], [])


def test_histograms_are_packed_by_their_fullest_bin() -> None:
    weights = Histogram(-1.0, 2.0, np.arange(BINS))
    gradients = Histogram(np.float32(0), np.float32("inf"), np.full(BINS, 7))
    layer = Vitals(2, "Dense", "Dense 5", weights, None, gradients, 0.001, None, float("nan"))
    told, counts = packed([layer, layer._replace(place=3)])
    assert (counts.dtype, counts.shape) == (np.uint16, (6, BINS))
    assert counts[0].tolist() == np.rint(np.arange(BINS) * 65535 / 39).tolist()
    assert not counts[1].any()
    assert (counts[2] == 65535).all()
    assert told[1]["row"] == 1
    assert told[0]["weights"] == {"low": -1.0, "high": 2.0, "count": 780}
    assert told[0]["activations"] is None
    assert (told[0]["place"], told[0]["label"], told[0]["ratio"]) == (2, "Dense 5", 0.001)
    header, _ = decode(encode("frame", {"vitals": told}))
    assert header["vitals"][0]["gradients"]["high"] is None
    assert header["vitals"][0]["saturated"] is None


def test_no_layers_have_no_histograms() -> None:
    assert packed([])[0] == []
    assert packed([])[1].shape == (0, BINS)
