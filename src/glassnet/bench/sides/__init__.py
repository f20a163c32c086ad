"""Who is measured: a side is one library used one way. Its module is imported in the side's own process only.

A module of this folder has `job(side, threads, spec)`, which makes a `Job` of a piece of work in plain data:
{"kind": "train", "network": …, "batch": …, "optimizer": …, "data": …, "cut": …}, or of another kind that
it knows (`work` says which there are).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Side:
    """A library used one way: `packages` are what has to be installed, by the names they are imported by."""

    name: str
    packages: tuple[str, ...]
    about: str
    of: str = ""  # the peer by whose name it is chosen, if not by its own


SIDES = {
    side.name: side
    for side in (
        Side("glassnet", ("numpy",), "this library"),
        Side("products", ("numpy",), "the matrix products alone"),
        Side("torch", ("torch",), "PyTorch, eager"),
        Side("torch-compile", ("torch",), "PyTorch, torch.compile"),
        Side("torch-foreach", ("torch",), "PyTorch's optimizers, foreach", "torch"),
        Side("torch-fused", ("torch",), "PyTorch's optimizers, fused", "torch"),
        Side("jax", ("jax",), "JAX, jit, one step a call"),
        Side("jax-scan", ("jax",), "JAX, jit, all steps in one scan"),
        Side("sklearn", ("sklearn",), "scikit-learn, MLPClassifier"),
        Side("onnxruntime", ("onnxruntime", "onnx"), "ONNX Runtime"),
    )
}
PEERS = tuple(name for name, side in SIDES.items() if name not in ("glassnet", "products") and not side.of)


def environment(side: str, threads: int) -> dict[str, str]:
    """Return the settings by which the side's process keeps to so many threads."""
    blas = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
    return {
        **dict.fromkeys(blas, str(threads)),
        "NPROC": str(threads),  # what XLA goes by, whatever XLA_FLAGS say
        "TORCHINDUCTOR_COMPILE_THREADS": "1",  # no processes of its own beside the one that is measured
        "JAX_PLATFORMS": "cpu",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONWARNINGS": "ignore",  # the peers' own business
    }
