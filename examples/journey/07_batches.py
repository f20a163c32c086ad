"""Step 7. Mini-batches: five passes over the digits, with one step a pass or three thousand."""

import glassnet as gn
from glassnet.plots import style

digits = gn.data.load("mnist-sample", validation=0.25)
curves = {}
for batch, rate in (("full", 0.1), (300, 0.1), (30, 0.1), (1, 0.1), (1, 0.01)):
    net = gn.Network([gn.Dense(32), gn.ReLU(), gn.Dense(10)], input_shape=784, seed=0)
    run = gn.Training(net, digits, optimizer="sgd", learning_rate=rate, batch_size=batch, epochs=5)
    right = [100 * epoch.validation_accuracy for epoch in run if epoch.kind == "epoch"]
    name = f"batch {batch}, rate {rate}"
    curves[name] = right
    print(f"{name:20} {run.step:6,} steps   after each pass:", *(f"{r:4.1f} %" for r in right))

with style.drawing():
    figure, _ = style.page(8, 3.7, "Five looks at the same 3,000 digits", "784-32-10, plain gradient descent")
    axes = style.panel(figure, 0.7, 0.95, 4.9, 2.2)
    inks = (style.QUIET, "#6baed6", style.BLUE, style.ORANGE, style.INK)
    for (name, right), colour in zip(curves.items(), inks):
        axes.plot(range(1, 6), right, "o-", color=colour, markersize=4)
        low = -6 if "30" in name else 0  # two of them end at the same place
        axes.text(5.12, right[-1] + low, name.replace("full", "of all"), color=colour, va="center")
    axes.set(xlabel="pass", ylabel="% right", xlim=(0.9, 5.05), ylim=(0, 100), xticks=range(1, 6))
    style.save(figure, "07.png")
