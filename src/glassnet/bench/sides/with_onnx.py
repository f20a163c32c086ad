"""ONNX Runtime, which only predicts."""

from functools import partial
from typing import Any

import numpy as np
import onnxruntime

from glassnet.bench import shared
from glassnet.bench.job import Job, fastest
from glassnet.files.onnx import INPUT, LOGITS, model


def job(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make the job that the spec asks for."""
    del side
    what = dict(spec)
    if what.pop("kind") != "predict":
        raise ValueError(f"kind: expected predict, which ONNX Runtime does, got {spec['kind']!r}")
    return Predict(shared.Predicting(**what), threads)


class Predict(Job):
    """Classes of images: one a call, or all in the chunks that are fastest."""

    def __init__(self, what: shared.Predicting, threads: int) -> None:
        super().__init__()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        content = model(shared.network(what.network), probabilities=False).SerializeToString()
        made = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self.session, self.images, self.one = made, what.scaled(), what.images == 1
        if not self.one:
            sizes = [size for size in shared.CHUNKS if size <= what.images]
            self.chunk = int(fastest({str(size): partial(self._classes, size) for size in sizes}))
            self.facts = {"chunk": self.chunk}

    def _classes(self, chunk: int) -> Any:
        parts = range(0, len(self.images), chunk)
        answers = [self.session.run([LOGITS], {INPUT: self.images[i : i + chunk]})[0] for i in parts]
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
            total += int(answer([LOGITS], {INPUT: images[place : place + 1]})[0].argmax())
        return total / pieces
