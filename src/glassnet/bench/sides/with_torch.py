"""PyTorch in the forms that were fastest here: pixels scaled beforehand, rows by `index_select`.

The loss stays in a tensor until the end of a turn. Left out against glassnet: scaling, accuracy, any record
of the steps.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import torch

from glassnet.bench import shared
from glassnet.bench.job import Job, fastest

FORMS: dict[str, dict[str, bool]] = {"foreach": {"foreach": True}, "fused": {"fused": True}, "loop": {}}


def job(side: str, threads: int, spec: dict[str, Any]) -> Job:
    """Make the job that the spec asks for."""
    torch.set_num_threads(threads)
    what = dict(spec)
    way = side.partition("-")[2]
    match what.pop("kind"):
        case "train":
            return Train(shared.Training(**what), compiled=way == "compile")
        case "predict":
            return Predict(shared.Predicting(**what), compiled=way == "compile")
        case "optimize":
            return Optimize(shared.Optimizing(**what), way)
    raise ValueError(f"kind: expected one that PyTorch does, got {spec['kind']!r}")


def model(sizes: Sequence[int]) -> Any:
    """Return the network with glassnet's first weights."""
    layers: list[Any] = []
    for W, b in shared.weights(sizes):
        linear = torch.nn.Linear(*W.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W.T.copy()))
            linear.bias.copy_(torch.from_numpy(b))
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def optimizer(parameters: list[Any], name: str, form: str) -> Any:
    """Return one of the optimizers in one of its forms."""
    rate, options = shared.LEARNING_RATES[name], FORMS[form]
    if name == "adam":
        betas = (shared.BETA1, shared.BETA2)
        return torch.optim.Adam(parameters, rate, betas=betas, eps=shared.EPSILON, **options)
    momentum = shared.MOMENTUM if name == "momentum" else 0.0
    return torch.optim.SGD(parameters, rate, momentum=momentum, **options)


class Train(Job):
    """Training steps: gather, forward, cross-entropy, backward, the optimizer in its fastest form.

    Compiled are the gather, the forward pass and the loss with their backward; compiling the optimizer too
    was no faster.
    """

    def __init__(self, what: shared.Training, compiled: bool) -> None:
        super().__init__()
        self.what, self.batches = what, what.batches()
        x, y = map(torch.from_numpy, what.scaled())
        form = fastest({form: self._tried(form) for form in FORMS})
        self.facts = {"optimizer": form}
        forward, cross_entropy = model(what.network), torch.nn.functional.cross_entropy
        self.optimizer = optimizer(list(forward.parameters()), what.optimizer, form)

        def loss_of(rows: Any) -> Any:
            return cross_entropy(forward(x.index_select(0, rows)), y.index_select(0, rows))

        self.loss_of = torch.compile(loss_of, dynamic=False) if compiled else loss_of

    def _tried(self, form: str) -> Callable[[], Any]:
        """Return the optimizer's step in that form, with gradients that are there."""
        parameters = list(model(self.what.network).parameters())
        for parameter in parameters:
            parameter.grad = torch.full_like(parameter, 1e-3)
        step: Callable[[], Any] = optimizer(parameters, self.what.optimizer, form).step
        return step

    def run(self, pieces: int) -> float:
        """Do so many steps; the loss stays in a tensor until the end."""
        zero_grad, step, loss_of = self.optimizer.zero_grad, self.optimizer.step, self.loss_of
        total, seen, batch = torch.zeros(()), 0, self.what.batch
        for _ in range(pieces):
            rows = torch.from_numpy(next(self.batches))
            zero_grad()
            loss = loss_of(rows)
            loss.backward()
            step()
            n = len(rows)
            total += loss.detach() if n == batch else loss.detach() * (n / batch)
            seen += n
        return float(total.item()) * batch / seen


class Predict(Job):
    """Classes of images, in inference mode: one a call, or all in the chunks that are fastest."""

    def __init__(self, what: shared.Predicting, compiled: bool) -> None:
        super().__init__()
        self.images = torch.from_numpy(what.scaled())
        self.one = what.images == 1
        net = model(what.network)
        self.model = torch.compile(net, dynamic=False) if compiled else net
        self.chunk = 1
        if not self.one:
            sizes = [size for size in shared.CHUNKS if size <= what.images]
            with torch.inference_mode():
                self.chunk = int(fastest({str(size): partial(self._classes, size) for size in sizes}))
            self.facts = {"chunk": self.chunk}

    def _classes(self, chunk: int) -> Any:
        return torch.cat([self.model(x).argmax(1) for x in self.images.split(chunk)])

    def run(self, pieces: int) -> float:
        """Answer so many images, or so many times all of them."""
        with torch.inference_mode():
            if not self.one:
                for _ in range(pieces):
                    classes = self._classes(self.chunk).numpy()
                return float(classes.mean())
            total, images, n = 0, self.images, len(self.images)
            for i in range(pieces):
                place = i % n
                total += int(self.model(images[place : place + 1]).argmax())
            return total / pieces


class Optimize(Job):
    """The optimizer alone, over a network's list of tensors, in one form."""

    def __init__(self, what: shared.Optimizing, form: str) -> None:
        super().__init__()
        self.parameters = [torch.nn.Parameter(torch.from_numpy(w)) for w in what.parameters()]
        for parameter, g in zip(self.parameters, what.gradients()):
            parameter.grad = torch.from_numpy(g)
        self.step = optimizer(self.parameters, what.optimizer, form).step

    def run(self, pieces: int) -> float:
        """Make so many updates with the same gradient."""
        for _ in range(pieces):
            self.step()
        with torch.no_grad():
            return float(self.parameters[0].view(-1)[: shared.LOOKED_AT].abs().mean())
