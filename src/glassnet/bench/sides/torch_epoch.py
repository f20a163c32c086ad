"""PyTorch as people first use it: MNIST read from its files, one epoch of SGD with Nesterov momentum.

python torch_epoch.py IMAGES LABELS 784-128-10 BATCH LEARNING_RATE

A script of its own, which knows nothing of glassnet. Batches are taken by index: the usual DataLoader takes
longer. The files may be gzip.
"""

import gzip
import sys
from pathlib import Path

import numpy as np
import torch


def read(path: str, header: int) -> torch.Tensor:
    """Return the bytes of an IDX file after its header."""
    with gzip.open(path) if path.endswith(".gz") else Path(path).open("rb") as file:
        return torch.from_numpy(np.frombuffer(bytearray(file.read()), np.uint8, offset=header))


def main() -> None:
    """Train for an epoch."""
    images, labels, sizes, batch, learning_rate = sys.argv[1:]
    inputs, *hidden, outputs = map(int, sizes.split("-"))
    x = read(images, 16).reshape(-1, inputs).float() / 255
    y = read(labels, 8).long()
    layers: list[torch.nn.Module] = []
    for units in hidden:
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
        inputs = units
    model = torch.nn.Sequential(*layers, torch.nn.Linear(inputs, outputs))
    optimizer = torch.optim.SGD(model.parameters(), lr=float(learning_rate), momentum=0.9, nesterov=True)
    for rows in torch.randperm(len(x)).split(int(batch)):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()


if __name__ == "__main__":
    main()
