"""Step 8. The size of the first weights: ten ReLU layers, begun at He's size, at half and at twice of it."""

import numpy as np

import glassnet as gn
from glassnet.plots import style

digits = gn.data.load("mnist-sample", validation=0.25)
sizes = {}
for name, factor in (("half", 0.5), ("He", 1.0), ("twice", 2.0)):
    hidden = [layer for _ in range(10) for layer in (gn.Dense(64), gn.ReLU())]
    net = gn.Network([*hidden, gn.Dense(10)], input_shape=784, scaling=digits.scaling, seed=0)
    for W in net.matrices:
        W *= factor
    net.forward(digits.train.images[:500])
    sizes[name] = [np.sqrt(np.mean(y**2)) for y in net.flow.activations[2:-1:2]]  # after each ReLU
    print(f"{name:5}  size after layer 1: {sizes[name][0]:.3g}, after layer 10: {sizes[name][-1]:.3g}")

    run = gn.Training(net, digits, optimizer="sgd", learning_rate=0.05, batch_size=30, epochs=5)
    events = list(run)
    if events[-1].reason == "diverged":
        print(f"{'':7}diverged at step {events[-1].step + 1}")
        continue
    epochs = [event for event in events if event.kind == "epoch"]
    print(f"{'':7}loss in pass 5: {epochs[-1].loss:.2f}, right: {100 * epochs[-1].validation_accuracy:.0f} %")

with style.drawing():
    note = "root mean square of what each of ten ReLU layers hands on, before any training"
    figure, _ = style.page(8, 3.7, "A factor of two, ten times over", note)
    axes = style.panel(figure, 0.8, 0.95, 5.6, 2.2)
    for (name, size), colour in zip(sizes.items(), ("#6baed6", style.BLUE, style.ORANGE)):
        axes.semilogy(range(1, 11), size, "o-", color=colour, markersize=4)
        axes.text(10.15, size[-1], {"He": "He's size"}.get(name, f"{name} of it"), color=colour, va="center")
    axes.set_yticks(ticks := [0.001, 0.01, 0.1, 1, 10, 100], [f"{tick:g}" for tick in ticks])
    axes.set(xlabel="layer", ylabel="size of its activations", xlim=(0.9, 10.1), xticks=range(1, 11))
    style.save(figure, "08.png")
