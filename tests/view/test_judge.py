"""How right a network is, its mistakes, and the cells of its table."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

import glassnet as gn
from glassnet.data.dataset import Dataset
from glassnet.data.judged import MOST_OF_TRAINING, judged_part
from glassnet.nn import Dense, Network, Softmax
from glassnet.training.metrics import confusion
from glassnet.view import samples
from glassnet.view.judge import Judge
from glassnet.view.wire import decode, encode
from view.cases import CASES, Case, flowers, images, network, training


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    case = CASES[request.param]()
    run = training(case)
    for _ in zip(range(12), run):
        pass
    run.close()
    return case


def judge_of(case: Case) -> Judge:
    return Judge(case.network, case.data, judged_part(case.data)[1])


def test_a_judgement_is_what_evaluating_and_predicting_say(case: Case) -> None:
    part, found = judged_part(case.data)[1], judge_of(case).judge(case.network)
    measured = gn.evaluate(case.network, part)
    assert (found.loss, found.accuracy, found.r2) == (measured.loss, measured.accuracy, measured.r2)
    assert found.n == len(part)
    assert found.seconds > 0
    if case.network.classifies:
        p, predicted = case.network.predict_proba(part.images), case.network.predict(part.images)
        assert (found.predicted == predicted).all()
        assert found.confidence is not None
        assert np.allclose(found.confidence, p[np.arange(len(p)), predicted], rtol=1e-5)
        assert found.table is not None
        assert (found.table == confusion(part.labels, predicted, p.shape[1])).all()
        assert found.table.dtype == np.int32
    else:
        assert found.table is None
        assert np.allclose(found.predicted, case.network.predict(part.images), rtol=1e-6)


def test_a_judge_takes_any_network_of_the_run(case: Case) -> None:
    judge, past = judge_of(case), case.network.snapshot()
    past.parameters.vector[...] *= -0.5
    now, then, again = judge.judge(case.network), judge.judge(past), judge.judge(case.network)
    assert then.loss != now.loss
    assert again.loss == now.loss
    assert (again.predicted == now.predicted).all()
    assert then.loss == gn.evaluate(past, judged_part(case.data)[1]).loss


def test_a_network_of_nan_is_judged(case: Case) -> None:
    case.network.parameters.vector[...] = np.nan
    judge = judge_of(case)
    fields, arrays = judge.message(judge.judge(case.network))
    header, received = decode(encode("validation", fields, arrays))
    assert header["loss"] is None
    assert header["n"] == len(judged_part(case.data)[1])
    if case.network.classifies:
        assert received["table"][:, 1:].sum() == 0  # what is NaN is named as the first class


def test_a_message_travels_and_has_what_its_kind_needs(case: Case) -> None:
    judge = judge_of(case)
    fields, arrays = judge.message(judge.judge(case.network))
    header, received = decode(encode("validation", fields, arrays))
    assert header["n"] == len(judged_part(case.data)[1])
    if not case.network.classifies:
        assert received.keys() == {"actual", "predicted"}
        assert "r2" in header
        return
    assert {"table", "index", "labels", "predicted", "confidence"} <= received.keys()
    assert ("images" in received) == (case.kind == "images")
    assert ("texts" in header) == (case.kind == "table")
    assert (received["labels"] != received["predicted"]).all()
    assert len(received["index"]) == min(24, received["table"].sum() - received["table"].trace())


# ---- what is judged on


def test_the_validation_part_is_judged_and_never_the_test_part() -> None:
    random = np.random.default_rng(0)
    test = random.normal(size=(9, 3)), np.arange(9) % 2
    data = Dataset.from_arrays(random.normal(size=(40, 3)), np.arange(40) % 2, test)
    name, part = judged_part(data)
    assert (name, len(part)) == ("training", 40)
    name, part = judged_part(data.split(0.25))
    assert (name, len(part)) == ("validation", 10)


def test_of_much_training_data_some_are_judged() -> None:
    n = MOST_OF_TRAINING + 500
    data = Dataset.from_arrays(np.zeros((n, 1), np.float32), np.arange(n) % 2)
    data = replace(data, train=replace(data.train, rows=np.arange(n)[::-1]))
    name, part = judged_part(data)
    assert (name, len(part)) == ("training", MOST_OF_TRAINING)
    assert part.rows is not None
    assert part.rows[0] == n - 1


# ---- mistakes


def wrong_by_confidence(case: Case) -> np.ndarray:
    part = judged_part(case.data)[1]
    p, predicted = case.network.predict_proba(part.images), case.network.predict(part.images)
    wrong = np.flatnonzero(predicted != part.labels)
    return wrong[np.argsort(-p[wrong, predicted[wrong]], kind="stable")]


def test_the_worst_mistakes_are_the_surest_ones() -> None:
    case = network(images((8, 8), n=900), Dense(10), Softmax())
    judge, part = judge_of(case), judged_part(case.data)[1]
    _, arrays = judge.message(judge.judge(case.network))
    expected = wrong_by_confidence(case)[:24]
    assert arrays["index"].tolist() == expected.tolist()
    assert (arrays["images"] == part.images[expected]).all()
    assert (arrays["labels"] == part.labels[expected]).all()
    assert (np.diff(arrays["confidence"]) <= 0).all()


def test_a_mistake_that_remains_one_keeps_its_place() -> None:
    case = network(images((8, 8), n=900), Dense(10), Softmax())
    judge, random = judge_of(case), np.random.default_rng(0)
    _, before = judge.message(judge.judge(case.network))
    case.network.parameters.vector[...] += random.normal(0, 0.01, case.network.size)
    found = judge.judge(case.network)
    _, after = judge.message(found)
    _, afresh = judge_of(case).message(found)
    assert (after["index"] == before["index"]).sum() > (afresh["index"] == before["index"]).sum()
    rank = {index: place for place, index in enumerate(wrong_by_confidence(case).tolist())}
    assert len(set(after["index"].tolist())) == 24
    assert all(abs(rank[index] - place) <= 8 for place, index in enumerate(after["index"].tolist()))


def test_places_are_kept_while_mistakes_come_and_go() -> None:
    case = network(images((8, 8), n=400), Dense(10), Softmax())
    judge, run = judge_of(case), training(case)
    sizes = []
    for event in run:
        if event.kind == "step" and event.step % 3 == 0:
            _, arrays = judge.message(judge.judge(case.network))
            sizes.append(len(arrays["index"]))
            wrong = wrong_by_confidence(case)
            assert len(set(arrays["index"].tolist())) == min(24, len(wrong))
            assert set(arrays["index"].tolist()) <= set(wrong[:32].tolist())
    assert len(sizes) > 15


def test_no_mistake_is_no_image() -> None:
    case = network(images((8, 8)), Dense(10), Softmax())
    judge = judge_of(case)
    found = judge.judge(case.network)
    _, arrays = judge.message(found._replace(predicted=judged_part(case.data)[1].labels.astype(np.int32)))
    assert arrays["images"].shape == (0, 8, 8)
    assert arrays["index"].shape == (0,)
    decode(encode("validation", {}, arrays))


def test_mistakes_of_a_table_are_texts() -> None:
    case = CASES["table"]()
    judge = judge_of(case)
    fields, arrays = judge.message(judge.judge(case.network))
    part = judged_part(case.data)[1]
    rows = samples.rows(case.data, part, arrays["index"])
    assert len(fields["texts"]) == len(arrays["index"]) > 0
    assert fields["texts"][0] == (
        f"petal length (cm) {rows[0][0]}, petal width (cm) {rows[0][1]}, color {rows[0][2]}"
    )


# ---- cells


@pytest.mark.parametrize("name", ["softmax", "colour", "binary", "table"])
def test_a_cell_has_its_examples_the_surest_first(name: str) -> None:
    case = CASES[name]()
    judge, part = judge_of(case), judged_part(case.data)[1]
    found = judge.judge(case.network)
    assert found.table is not None
    assert found.confidence is not None
    for actual, predicted in np.argwhere(found.table).tolist():
        fields, arrays = judge.cell(found, actual, predicted)
        chosen = arrays["index"]
        assert (fields["actual"], fields["predicted"], fields["n"]) == (
            actual,
            predicted,
            found.table[actual, predicted],
        )
        assert (part.labels[chosen] == actual).all()
        assert (found.predicted[chosen] == predicted).all()
        assert (np.diff(found.confidence[chosen]) <= 0).all()
        assert ("texts" in fields) == (name == "table")
        assert ("images" in arrays) == (name in ("softmax", "colour"))


def test_a_full_cell_shows_some_and_an_empty_one_none() -> None:
    case = network(images((8, 8), n=900), Dense(10), Softmax())
    judge = judge_of(case)
    found = judge.judge(case.network)
    table = np.zeros((10, 10), np.int32)
    table[:, 3] = 18
    all_three = found._replace(predicted=np.full(found.n, 3, np.int32), table=table)
    assert judge.cell(all_three, 3, 3)[0]["n"] == 18
    assert judge.cell(all_three, 3, 4)[1]["images"].shape == (0, 8, 8)
    one_class = network(replace(images((8, 8), n=900, classes=1), classes=("0", "1")), Dense(2), Softmax())
    judge = judge_of(one_class)
    found = judge.judge(one_class.network)
    cells = [judge.cell(found, 0, k) for k in (0, 1)]
    assert sum(fields["n"] for fields, _ in cells) == 180
    assert max(len(arrays["index"]) for _, arrays in cells) == 48


@pytest.mark.parametrize("cell", [(10, 0), (0, -1), (0, 10), (True, 0), ("3", 0), (0, 1.0)])
def test_a_cell_that_is_not_there_is_refused(cell: tuple[object, object]) -> None:
    case = CASES["softmax"]()
    judge = judge_of(case)
    with pytest.raises(ValueError, match=r"(actual|predicted): expected a class, 0 to 9, got"):
        judge.cell(judge.judge(case.network), *cell)  # type: ignore[arg-type]


def test_values_have_no_cells() -> None:
    case = CASES["sine"]()
    judge = judge_of(case)
    with pytest.raises(ValueError, match="cell: expected a network of classes, got one of values"):
        judge.cell(judge.judge(case.network), 0, 0)


# ---- values


def test_values_are_told_against_those_predicted_in_their_own_units() -> None:
    case = CASES["values"]()
    judge, part = judge_of(case), judged_part(case.data)[1]
    fields, arrays = judge.message(judge.judge(case.network))
    predicted = case.network.predict(part.images)
    assert np.allclose(arrays["actual"], part.labels[:, 0])
    assert np.allclose(arrays["predicted"], predicted[:, 0], rtol=1e-6)
    assert fields["r2"] == gn.evaluate(case.network, part).r2
    assert fields["accuracy"] is None


def test_of_many_values_some_are_told_always_the_same() -> None:
    random = np.random.default_rng(0)
    data = Dataset.from_arrays(random.normal(size=(2000, 3)), random.normal(size=(2000, 1))).split(0.5)
    case = network(data, Dense(1), loss="mse")
    judge = judge_of(case)
    first, second = (judge.message(judge.judge(case.network))[1]["actual"] for _ in range(2))
    assert first.shape == (500,)
    assert (first == second).all()


# ---- at the edges


def test_a_network_without_a_loss_has_no_judge() -> None:
    data = flowers()
    with pytest.raises(ValueError, match="expected a network with a loss"):
        Judge(Network([Dense(3)], 4), data, data.validation)


def test_many_classes_have_a_table() -> None:
    n = 256
    data = Dataset.from_arrays(np.random.default_rng(0).normal(size=(3 * n, 5)), np.arange(3 * n) % n)
    case = network(data, Dense(n), Softmax())
    found = judge_of(case).judge(case.network)
    assert found.table is not None
    assert found.table.shape == (n, n)
    assert found.table.sum() == 3 * n


def test_memory_is_flat_over_many_judgements() -> None:
    case = network(images((28, 28), n=1500), Dense(10), Softmax(), hidden=(Dense(64),))
    judge = judge_of(case)
    judge.message(judge.judge(case.network))
    tracemalloc.start()
    try:
        start, _ = tracemalloc.get_traced_memory()
        for _ in range(40):
            encode("validation", *judge.message(judge.judge(case.network)))
        end, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert end - start < 20_000
    assert peak - start < 1_000_000  # the images as numbers of the network alone would be 940,000
