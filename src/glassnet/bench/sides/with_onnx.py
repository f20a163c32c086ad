"""ONNX Runtime, which only predicts."""

from functools import partial
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import helper

from glassnet.bench import shared
from glassnet.bench.job import Job, fastest

OPSET, IR = 21, 10  # what onnxruntime 1.31 takes; onnx's own default is newer


def job(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make the job that the spec asks for."""
    del side
    what = dict(spec)
    if what.pop("kind") != "predict":
        raise ValueError(f"kind: expected predict, which ONNX Runtime does, got {spec['kind']!r}")
    return Predict(shared.Predicting(**what), threads)


def model(sizes: Any) -> bytes:
    """Return the network with glassnet's first weights as an ONNX file."""
    nodes, arrays, name = [], [], "x"
    layers = shared.weights(sizes)
    for place, (W, b) in enumerate(layers, 1):
        arrays += [onnx.numpy_helper.from_array(W, f"W{place}"), onnx.numpy_helper.from_array(b, f"b{place}")]
        nodes.append(helper.make_node("Gemm", [name, f"W{place}", f"b{place}"], [f"z{place}"]))
        name = f"z{place}"
        if place < len(layers):
            nodes.append(helper.make_node("Relu", [name], [f"h{place}"]))
            name = f"h{place}"
    number = onnx.TensorProto.FLOAT
    given = [helper.make_tensor_value_info("x", number, ["N", sizes[0]])]
    asked = [helper.make_tensor_value_info(name, number, ["N", sizes[-1]])]
    graph = helper.make_graph(nodes, "network", given, asked, arrays)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    content: bytes = made.SerializeToString()
    return content


class Predict(Job):
    """Classes of images: one a call, or all in the chunks that are fastest."""

    def __init__(self, what: shared.Predicting, threads: int) -> None:
        super().__init__()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        made = onnxruntime.InferenceSession(model(what.network), options, providers=["CPUExecutionProvider"])
        self.session, self.images, self.one = made, what.scaled(), what.images == 1
        if not self.one:
            sizes = [size for size in shared.CHUNKS if size <= what.images]
            self.chunk = int(fastest({str(size): partial(self._classes, size) for size in sizes}))
            self.facts = {"chunk": self.chunk}

    def _classes(self, chunk: int) -> Any:
        parts = range(0, len(self.images), chunk)
        answers = [self.session.run(None, {"x": self.images[i : i + chunk]})[0] for i in parts]
        return np.concatenate([z.argmax(axis=1) for z in answers])

    def run(self, pieces: int) -> float:
        """Answer so many images, or so many times all of them."""
        if not self.one:
            for _ in range(pieces):
                classes = self._classes(self.chunk)
            return float(classes.mean())
        images, answer, n, total = self.images, self.session.run, len(self.images), 0
        for i in range(pieces):
            place = i % n
            total += int(answer(None, {"x": images[place : place + 1]})[0].argmax())
        return total / pieces
