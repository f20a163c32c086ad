"""The same network in glassnet and in PyTorch: the same first weights, the same batches, the same losses.

    python examples/in_pytorch.py [--data mnist] [--optimizer adam] [--epochs 10]

Prints the losses side by side and draws both curves. What there is to see: docs/pytorch.md.
"""

try:
    import torch
    from torch import nn
except ModuleNotFoundError:
    raise SystemExit('in_pytorch.py needs PyTorch: pip install "glassnet[oracle]"') from None

from side_by_side import Outcome, Task, compare

import glassnet as gn


def in_glassnet(net: gn.Network, task: Task) -> list[float]:
    """Train, and return the loss of each step."""
    run = gn.Training(
        net, (task.x, task.y), optimizer=task.optimizer, learning_rate=task.rate,
        epochs=task.epochs, batch_size=task.batch, order=task.order,
    )  # fmt: skip
    return [event.loss for event in run if event.kind == "step"]


def in_pytorch(model: nn.Module, task: Task) -> list[float]:
    """Train, and return the loss of each step."""
    optimizer = optimizer_of(task, model)
    x, y = torch.from_numpy(task.x), torch.from_numpy(task.y)
    losses = []
    for epoch in range(task.epochs):
        for rows in torch.from_numpy(task.order(epoch)).split(task.batch):
            loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return losses


def optimizer_of(task: Task, model: nn.Module) -> torch.optim.Optimizer:
    """PyTorch's definitions are glassnet's; ε is 1e-8 in both."""
    if task.optimizer == "adam":
        return torch.optim.Adam(model.parameters(), lr=task.rate)
    nesterov = task.optimizer == "nesterov"
    return torch.optim.SGD(model.parameters(), lr=task.rate, momentum=0.9, nesterov=nesterov)


def translated(net: gn.Network) -> nn.Sequential:
    """Make the same network with the same weights: W is (inputs, units) here, (units, inputs) there."""
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    model.to(getattr(torch, str(net.dtype)))
    with torch.no_grad():
        for there, here in ((model[0], net.layers[0]), (model[2], net.layers[2])):
            there.weight.copy_(torch.from_numpy(here.W.T))
            there.bias.copy_(torch.from_numpy(here.b))
    return model


def both(task: Task) -> Outcome:
    """Train both from the same weights."""
    net = gn.Network([gn.Dense(128), gn.ReLU(), gn.Dense(10)], input_shape=784, dtype=task.x.dtype)
    model = translated(net)
    losses = in_glassnet(net, task), in_pytorch(model, task)
    weights = [
        [parameter.detach().numpy() for parameter in side.parameters()] for side in (translated(net), model)
    ]
    with torch.no_grad():
        answers = net.predict(task.test), model(torch.from_numpy(task.test)).argmax(dim=1).numpy()
    return Outcome(losses, weights, answers)


if __name__ == "__main__":
    torch.set_num_threads(1)  # so small a network gains nothing from more
    compare("PyTorch", both, in_glassnet)
