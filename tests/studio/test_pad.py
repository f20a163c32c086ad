"""The pad: what a page draws is read, told with its stages, and can be asked about."""

from typing import Any

import numpy as np
import pytest

from glassnet.nn import Dense, Network, ReLU, Softmax
from glassnet.studio import limits
from glassnet.studio.pad import Pad
from glassnet.studio.readers import Readers, Shown, called
from glassnet.studio.readings import read
from glassnet.view import samples
from glassnet.view.wire import decode, encode
from studio.drawn import SEVEN, photo, sevens, strokes
from view.cases import flowers, images
from view.cases import network as case_of

STAGES = {"images", "grey", "ink", "cropped", "scaled"}


def shown_of(shape: tuple[int, ...] = (784,), **more: Any) -> Shown:
    """A network that learns such images."""
    case = case_of(images(shape, n=60, **more), Dense(10), Softmax(), hidden=(Dense(12), ReLU()))
    part = case.data.validation
    return Shown(case.network, case.data, samples.example(case.data, part, 1))


def pad_of(shown: Shown | None) -> Pad:
    return Pad(Readers(lambda: shown))


@pytest.fixture
def pad() -> Pad:
    return pad_of(shown_of())


def told(answer: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the page gets."""
    fields, arrays = decode(encode(answer[0], answer[1], answer[2]))
    assert all(array.dtype in (np.uint8, np.float32) for array in arrays.values())
    return fields, arrays


def test_a_drawing_is_read_with_each_of_its_stages(pad: Pad) -> None:
    fields, arrays = told(pad.draw("drawing", strokes(SEVEN)))
    assert fields["kind"] == "reading"
    assert fields["reader"] == "drawing"
    assert fields["network"].startswith("drawing 784-")
    assert fields["classes"] == list("0123456789")
    assert fields["shown"] == 0
    assert fields["seconds"] > 0
    (seven,) = fields["digits"]
    assert (seven["name"], seven["why"]) == ("7", None)
    assert np.argmax(seven["probabilities"]) == 7
    assert sum(seven["probabilities"]) == pytest.approx(1, abs=1e-4)
    x0, y0, x1, y1 = seven["box"]
    assert 40 <= x0 < 80 < 200 < x1 <= 240
    assert 40 <= y0 < 70 < 220 < y1 <= 250
    assert {*arrays} == STAGES
    assert arrays["images"].shape == (1, 28, 28)
    assert arrays["grey"].shape == arrays["ink"].shape == (280, 280)
    assert max(arrays["scaled"].shape) == 20
    np.testing.assert_array_equal(pad.image, arrays["images"][0])


def test_transparency_is_laid_on_what_shows_the_ink(pad: Pad) -> None:
    ink = strokes(SEVEN)
    for colour in (0, 255):
        clear = np.dstack([np.full_like(ink, colour)] * 3 + [ink])
        fields, _ = told(pad.draw("drawing", clear))
        assert fields["digits"][0]["name"] == "7"


def test_a_blank_is_one_reading_without_a_name(pad: Pad) -> None:
    fields, arrays = told(pad.draw("drawing", np.zeros((280, 280), np.uint8), several=True))
    (blank,) = fields["digits"]
    assert (blank["name"], blank["why"]) == (None, "blank")
    assert not arrays["images"].any()


def test_of_several_digits_any_can_be_shown(pad: Pad) -> None:
    fields, first = told(pad.draw("drawing", sevens(2)[:, :520], several=True))
    assert len(fields["digits"]) == 2
    fields, second = told(pad.part(1))
    assert fields["shown"] == 1
    assert {*second} == STAGES
    np.testing.assert_array_equal(second["images"], first["images"])
    np.testing.assert_array_equal(pad.image, second["images"][1])
    with pytest.raises(ValueError, match="digit: expected 0 to 1, got 2"):
        pad.part(2)


def test_a_photo_comes_back_small_with_boxes_that_fit(pad: Pad) -> None:
    wide = sevens(4)
    fields, arrays = told(pad.photo("drawing", photo(wide), "desk.png"))
    assert {*arrays} == STAGES | {"photo"}
    height, width = arrays["photo"].shape[:2]
    assert width == limits.PICTURE
    assert len(fields["digits"]) == 4
    for digit in fields["digits"]:
        x0, y0, x1, y1 = digit["box"]
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height
    assert all(max(arrays[name].shape) <= limits.STAGE for name in ("grey", "ink", "cropped", "scaled"))


@pytest.mark.parametrize("content", [b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"])
def test_a_photo_that_is_none_is_said_in_one_line(pad: Pad, content: bytes) -> None:
    with pytest.raises(ValueError, match=r"x\.png: expected") as error:
        pad.photo("drawing", np.frombuffer(content, np.uint8), "x.png")
    assert "\n" not in str(error.value)
    with pytest.raises(ValueError, match="the photo: expected"):
        pad.photo("drawing", np.frombuffer(content, np.uint8))


def test_digits_of_one_picture_share_what_is_kept_of_it() -> None:
    reader = Readers(lambda: None).get("drawing")
    found = read("drawing", reader, sevens(3), 1.0, several=True)
    assert len(found.stages) == 3
    for name in ("grey", "ink"):
        assert all(stages[name] is found.stages[0][name] for stages in found.stages)
        assert found.stages[0][name].shape[1] == limits.STAGE
    assert found.stages[0]["cropped"] is not found.stages[1]["cropped"]


def test_no_more_digits_are_told_than_fit(pad: Pad, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DIGITS", 2)
    fields, arrays = told(pad.photo("drawing", photo(sevens(3))))
    assert len(fields["digits"]) == len(arrays["images"]) == 2


def test_without_a_drawing_there_is_nothing_to_ask(pad: Pad) -> None:
    for ask in (lambda: pad.part(0), lambda: pad.evidence("drawing"), lambda: pad.image):
        with pytest.raises(ValueError, match="expected a drawing first, got none"):
            ask()


# ---- the studio's own network


def test_the_network_of_the_studio_reads_too() -> None:
    shown = shown_of()
    pad = pad_of(shown)
    fields, _ = told(pad.draw("network", strokes(SEVEN)))
    assert fields["network"] == "this network 784-12-10"
    (digit,) = fields["digits"]
    expected = shown.network.predict_proba(pad.image[None])[0]
    np.testing.assert_allclose(digit["probabilities"], expected, rtol=1e-5)


@pytest.mark.parametrize("shape", [(28, 28), (1, 28, 28), (28, 28, 1)])
def test_images_of_28_by_28_are_read_in_any_form(shape: tuple[int, ...]) -> None:
    from glassnet.nn import Flatten

    data = images(shape, n=60)
    net = Network([Flatten(), Dense(10), Softmax()], shape, scaling=data.scaling)
    shown = Shown(net, data, samples.example(data, data.validation, 0))
    assert shown.reads
    pad = pad_of(shown)
    assert len(told(pad.draw("network", strokes(SEVEN)))[0]["digits"]) == 1
    _, arrays = told(pad.evidence("drawing"))
    assert arrays["gradient"].shape == arrays["occlusion"].shape == arrays["image"].shape == (28, 28)
    _, arrays = told(pad.evidence("sample"))
    assert arrays["gradient"].shape == arrays["occlusion"].shape == arrays["image"].shape == (28, 28)


def test_a_network_of_something_else_does_not_read() -> None:
    for shown in (shown_of((8, 8)), shown_of((3, 28, 28))):
        assert not shown.reads
        with pytest.raises(ValueError, match="expected a network that learns grey images of 28×28"):
            pad_of(shown).draw("network", strokes(SEVEN))
    with pytest.raises(ValueError, match="expected a set-up first"):
        pad_of(None).draw("network", strokes(SEVEN))


# ---- why


def test_evidence_is_of_the_drawing_by_who_read_it(pad: Pad) -> None:
    pad.draw("drawing", strokes(SEVEN))
    fields, arrays = told(pad.evidence("drawing"))
    assert (fields["of"], fields["class"], fields["name"]) == ("drawing", 7, "7")
    assert 0.5 < fields["probability"] <= 1
    for name in ("gradient", "occlusion"):
        assert (arrays[name].dtype, arrays[name].shape) == (np.float32, (28, 28))
    np.testing.assert_array_equal(arrays["image"], pad.image)
    assert not arrays["gradient"][pad.image == 0].any()
    fields, other = told(pad.evidence("drawing", **{"class": 1}))
    assert fields["name"] == "1"
    assert (other["gradient"] != arrays["gradient"]).any()
    with pytest.raises(ValueError, match="class: expected 0 to 9, got 10"):
        pad.evidence("drawing", **{"class": 10})


def test_evidence_of_a_sample_in_colour_is_summed_over_its_colours() -> None:
    for shape in ((3, 6, 6), (6, 6, 3)):
        from glassnet.nn import Flatten

        data = images(shape, n=60)
        net = Network([Flatten(), Dense(10), Softmax()], shape, scaling=data.scaling)
        shown = Shown(net, data, samples.example(data, data.validation, 0))
        _, arrays = told(pad_of(shown).evidence("sample"))
        assert arrays["gradient"].shape == arrays["occlusion"].shape == (6, 6)
        assert arrays["image"].shape == (6, 6, 3)


def test_of_tables_there_are_no_pictures() -> None:
    case = case_of(flowers(), Dense(3), Softmax())
    shown = Shown(case.network, case.data, samples.example(case.data, case.data.validation, 0))
    pad = pad_of(shown)
    with pytest.raises(ValueError, match="flowers: expected images"):
        pad.evidence("sample")
    with pytest.raises(ValueError, match="flowers: expected images"):
        pad.favourite(1, 0)


def test_what_a_unit_likes_best_is_an_image_of_0_to_255() -> None:
    found = []
    for dtype in (np.uint8, np.float32):  # stored as 0 to 255, and as 0 to 1
        pad = pad_of(shown_of((8, 8), dtype=dtype))
        fields, arrays = told(pad.favourite(1, 3))
        assert fields["label"] == "unit 3 of layer 1 (Dense)"
        assert arrays["image"].shape == (8, 8)
        assert 0 <= arrays["image"].min() < arrays["image"].max() - 20 < 255
        found.append(arrays["image"])
    np.testing.assert_allclose(found[0], found[1], atol=0.1)
    assert told(pad.favourite(3, 9))[0]["label"] == "class 9"
    with pytest.raises(ValueError, match="unit: expected 0 to 11"):
        pad.favourite(1, 12)


def test_a_reader_is_called_by_its_sizes() -> None:
    net = Network([Dense(5), ReLU(), Dense(3), Softmax()], 4)
    assert called("drawing", net) == "drawing 4-5-3"
    assert called("network", net) == "this network 4-5-3"


def test_the_network_for_drawings_is_read_once() -> None:
    readers = Readers(lambda: None)
    assert readers.get("drawing") is readers.get("drawing")
