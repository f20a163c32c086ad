"""What is checked: a layer, a loss, a whole network, each as a float64 copy with something below it."""

import copy
from collections.abc import Callable
from typing import Any

import numpy as np

from glassnet.nn import checks, losses
from glassnet.nn.activations import Tanh
from glassnet.nn.checks import is_number
from glassnet.nn.dense import Dense
from glassnet.nn.gradcheck.bench import Bench
from glassnet.nn.gradcheck.comparison import Settings, Subject, compare, is_whole, rms
from glassnet.nn.gradcheck.report import Report
from glassnet.nn.layer import Array, Layer, Shape
from glassnet.nn.losses import Loss
from glassnet.nn.network import Network

Objective = Callable[[Array], float]  # what is made of the last output (N, …): one number


def check_network(
    network: Network,
    x: Any,
    targets: Any = None,
    *,
    training: bool = True,
    entries: bool = False,
    directions: int = 3,
    tolerance: float = 1e-6,
    nudge: float = 0.1,
    seed: int = 0,
) -> Report:
    """Check the gradients of a network by all parameters and by its scaled inputs `x`, on examples (N, …).

    With `targets` the loss is the network's own, as in training; without, it is Σ dy ∘ y with random dy.
    `training` is as in `Network.forward`; dropout's masks and the running statistics stay the same all along.

    Both sides are compared along random `directions` of each array, or with `entries` at each number of it. A
    gradient is right if they agree to within `tolerance` of its size, beyond what the difference may be off.
    `nudge` moves parameters at random by about that share of their size: fresh biases of 0 and gains of 1
    hide mistakes. The given network is not changed; it is checked as a float64 copy.

    Raises ValueError if examples or targets do not fit, outputs are not finite, or a layer is not the same
    function each time.
    """
    settings = Settings(entries, directions, tolerance, seed, nudge).checked()
    if not isinstance(network, Network):
        raise ValueError(f"check_network: expected a Network, got {type(network).__name__}")
    twin, generator = network.copy("float64"), np.random.default_rng(seed)
    _nudge(twin, nudge, generator)
    raw = twin.examples(x)
    _at_least_one("check_network", len(raw))
    bench = Bench(twin, raw, training=training, seed=seed, whole=targets is None)
    if targets is None:
        subjects = _subjects(bench, *_product(bench, generator))
    else:
        subjects = _subjects(bench, *_loss(bench, _paired(twin, targets, len(raw)), _noise(twin.loss)))
    return Report(repr(network), [compare(subject, settings) for subject in subjects], bench.faults)


def check_layer(
    layer: Layer,
    input_shape: int | Shape | None = None,
    *,
    batch_size: int = 5,
    training: bool = True,
    entries: bool = False,
    directions: int = 3,
    tolerance: float = 1e-6,
    nudge: float = 0.1,
    seed: int = 0,
) -> Report:
    """Check the gradients of a layer by its parameters, by its input `x`, and by what is below it.

    Below it is a Dense where examples are vectors, else a Tanh; the arrays there are `below.W` and so on. A
    layer that belongs to a network is checked with the parameters that it has. The loss is Σ dy ∘ y with
    random dy; the other arguments are those of `check_network`.

    Raises ValueError if the layer cannot take such examples, or is not the same function each time.
    """
    settings = Settings(entries, directions, tolerance, seed, nudge).checked()
    _at_least_one("check_layer", batch_size)
    generator = np.random.default_rng(seed)
    network = _with_something_below(layer, input_shape)
    _nudge(network, nudge, generator)
    x = generator.normal(size=(batch_size, *network.input_shape))
    bench = Bench(network, x, training=training, seed=seed, names=["below", layer.kind])
    dy, product, noise = _product(bench, generator)
    chain = _subjects(bench, dy, product, noise)
    own = [_renamed(subject, "2.", "") for subject in chain if subject.name.startswith("2.")]
    entering, dx = bench.arrays.activations[1], bench.gradient(1).copy()
    own.append(Subject("x", entering, dx, lambda: product(bench.forward(1)), noise, chain[0].largest))
    below = [_renamed(subject, "1.", "below.") for subject in chain if not subject.name.startswith("2.")]
    return Report(repr(layer), [compare(subject, settings) for subject in own + below], bench.faults)


def check_loss(
    loss: str | Loss,
    targets: Any = None,
    z: Any = None,
    *,
    divisor: float | None = None,
    entries: bool = False,
    directions: int = 3,
    tolerance: float = 1e-6,
    seed: int = 0,
) -> Report:
    """Check ∂L/∂z of a loss of outputs `z` (N, K), and through it a Dense below, with z = x W + b.

    Without outputs or targets these are random, three outputs for each of four examples. The other arguments
    are those of `check_network`. Raises ValueError if targets and outputs do not fit.
    """
    settings = Settings(entries, directions, tolerance, seed).checked()
    if isinstance(loss, type) and issubclass(loss, Loss):
        raise ValueError(f"check_loss: expected a Loss, got {loss!r}; write {loss.__name__}()")
    loss = losses.get(loss)
    if not (divisor is None or (is_number(divisor) and 0 < divisor < np.inf)):
        raise ValueError(f"check_loss: expected a divisor above 0, got {divisor!r}")
    generator = np.random.default_rng(seed)
    if z is None:
        shape = (4, 3) if targets is None else (*np.shape(targets), 3)[:2]
        z = generator.normal(scale=2, size=shape)
    z = _numbers("check_loss", "outputs", z).astype(np.float64)
    if z.ndim != 2 or not z.size:
        raise ValueError(f"check_loss: expected outputs (N, K), at least one, got {z.shape}")
    if not np.isfinite(z).all():
        raise ValueError("check_loss: expected finite outputs, got NaN or infinity")
    if targets is None:
        classes = generator.integers(0, max(z.shape[1], 2), len(z))
        targets = classes if loss.of_classes else generator.normal(size=z.shape)
    encoded = _encoded("check_loss", loss, targets, *z.shape)

    def value(z: Array, dz: Array | None = None) -> float:
        return float(loss(z, encoded, dz, divisor))

    dz, before = np.full_like(z, np.nan), z.copy()
    faults = [] if value(z, dz) == value(before.copy()) else [f"{loss.name}: not the same with dz as without"]
    if not np.array_equal(z, before):
        faults.append(f"{loss.name}: writes to z, which is lent")
        z[...] = before
    noise = _noise(loss)
    network = Network([Dense(z.shape[1])], z.shape[1] + 1, dtype="float64")
    _nudge(network, 0.1, generator)
    bench = Bench(network, generator.normal(size=(len(z), *network.input_shape)), training=True, seed=seed)
    below = [_renamed(subject, "1.", "below.") for subject in _subjects(bench, *_loss(bench, value, noise))]
    subjects = [Subject("z", z, dz, lambda: value(z), noise), *below]
    return Report(repr(loss), [compare(subject, settings) for subject in subjects], faults)


# ---- the loss of a bench, and its derivative by the output


def _product(bench: Bench, generator: np.random.Generator) -> tuple[Array, Objective, float]:
    """Return random dy, Σ dy ∘ y, and how much rounding leaves of that sum, whose terms may cancel."""
    y = bench.arrays.output
    dy = generator.normal(size=y.shape)
    return dy, lambda y: float(np.vdot(dy, y)), 1e-15 * float(np.abs(dy * y).sum())


def _loss(bench: Bench, value: Callable[..., float], noise: float) -> tuple[Array, Objective, float]:
    """Return ∂L/∂z for the outputs as they are, the loss L itself, and what rounding leaves of it near 0."""
    dz = np.full_like(bench.arrays.output, np.nan)
    found = value(bench.arrays.output, dz)
    if not np.isfinite(found):
        raise ValueError(f"gradient check: expected a finite loss, got {found}")
    return dz, value, noise


def _noise(loss: Loss | None) -> float:
    """How far rounding may put a loss near 0 off: the logarithm of a probability near 1 knows 1, not 0."""
    return 1e-15 if loss is not None and loss.of_classes else 0.0


def _paired(network: Network, targets: Any, n: int) -> Callable[..., float]:
    """Return the network's loss, for targets in their own units, as training computes it."""
    loss, scaling = network.loss, network.target_scaling
    if loss is None:
        raise ValueError("check_network: expected a network with a loss, got none; write Network(…, loss=…)")
    encoded = _encoded("check_network", loss, targets, n, network.output_shape[-1])
    if scaling is None:
        return lambda z, dz=None: float(loss(z, encoded, dz))
    scaled = np.empty_like(encoded)
    scaling(encoded, scaled)
    return lambda z, dz=None: float(loss(z, scaled, dz))


def _encoded(who: str, loss: Loss, targets: Any, n: int, outputs: int) -> Array:
    targets = _numbers(who, "targets", targets)
    if targets.shape[:1] != (n,):
        raise ValueError(f"{who}: expected {n} targets, one an example, got {targets.shape}")
    return loss.encode(targets, outputs, np.dtype(np.float64))


def _numbers(who: str, what: str, given: Any) -> Array:
    array = np.asarray(given)
    if array.dtype.kind not in "buif":
        raise ValueError(f"{who}: expected {what} as numbers, got an array of {array.dtype}")
    return array


# ---- what is moved


def _subjects(bench: Bench, dy: Array, objective: Objective, noise: float) -> list[Subject]:
    """Go back once, and return all parameters and the inputs `x` with their gradients."""
    bench.backward(dy)
    network = bench.network
    gradients = [*network.gradients.values(), bench.gradient(0)]
    largest = max(rms(gradient) for gradient in gradients)

    def loss() -> float:
        return objective(bench.forward())

    parameters = [
        Subject(name, array, network.gradients[name].copy(), loss, noise, largest)
        for name, array in network.parameters.items()
    ]
    x = bench.arrays.activations[0]
    return [*parameters, Subject("x", x, bench.gradient(0).copy(), loss, noise, largest)]


def _renamed(subject: Subject, old: str, new: str) -> Subject:
    return subject._replace(name=new + subject.name.removeprefix(old))


def _with_something_below(layer: Layer, input_shape: int | Shape | None) -> Network:
    """Return a float64 network of another layer and, above it, a copy of this one with its parameters."""
    if not isinstance(layer, Layer):
        hint = f"; write {layer.__name__}(…)" if isinstance(layer, type) else ""
        raise ValueError(f"check_layer: expected a Layer, got {layer!r}{hint}")
    built: Shape | None = getattr(layer, "input_shape", None)
    given = built if input_shape is None else input_shape
    if given is None:
        raise ValueError(f"check_layer: expected an input_shape for {layer!r}, which belongs to no network")
    shape = checks.shape(given)
    twin = copy.deepcopy(layer)
    for name in ("input_shape", "output_shape"):
        vars(twin).pop(name, None)
    try:
        twin.build(shape)
    except ValueError as error:
        raise ValueError(f"{layer.kind}: {error}") from None
    network = Network([Dense(*shape) if len(shape) == 1 else Tanh(), twin], shape, dtype="float64")
    if built == shape:
        for views, declared in ((network.parameters, layer.parameters()), (network.state, layer.state())):
            for name in declared:
                views[f"2.{name}"][...] = getattr(layer, name)
    return network


def _nudge(network: Network, share: float, generator: np.random.Generator) -> None:
    """Move parameters either way and running statistics up, since a variance is never below 0."""
    for array in network.parameters.values():
        array += share * ((rms(array) or 1.0) * generator.normal(size=array.shape))
    for array in network.state.values():
        array += share * ((rms(array) or 1.0) * generator.random(array.shape))


def _at_least_one(who: str, examples: int) -> None:
    if not (is_whole(examples) and examples > 0):
        raise ValueError(f"{who}: expected at least one example, got {examples!r}")
