"""Step 10. A network that has learnt 500 digits by heart, and four things that help."""

from dataclasses import replace

import glassnet as gn
from glassnet.plots import style

digits = gn.data.load("mnist-sample", validation=0.25)
few = replace(digits, train=replace(digits.train, rows=digits.train.rows[::6]))


def train(units=128, data=few, dropout=0.0, l2=0.0, passes=40):
    layers = [gn.Dense(units), gn.ReLU(), gn.Dropout(dropout), gn.Dense(10)]
    net = gn.Network(layers, input_shape=784, seed=0)
    run = gn.Training(net, data, optimizer="adam", learning_rate=0.002, l2=l2, batch_size=25, epochs=passes)
    return [event for event in run if event.kind == "epoch"]


print(f"{len(few.train)} digits     training   validation")
for units in (4, 16, 128):
    last = train(units)[-1]
    print(f"{units:4} units      {100 * last.accuracy:6.1f} %     {100 * last.validation_accuracy:6.1f} %")

ways = {
    "nothing": {},
    "L2 of 0.005": {"l2": 0.005},
    "half dropped out": {"dropout": 0.5},
    "six times the digits": {"data": digits, "passes": 20},
}
print("\n128 units, with        lowest loss    at pass   last loss   last right")
curves = {}
for name, how in ways.items():
    epochs = train(**how)
    losses = curves[name] = [epoch.validation_loss for epoch in epochs]
    low = min(losses)
    line = f"{low:12.3f} {losses.index(low) + 1:10} {losses[-1]:11.3f}"
    print(f"{name:21}{line} {100 * epochs[-1].validation_accuracy:10.1f} %")

with style.drawing():
    note = "784-128-10, Adam; its loss on 1,000 digits that it does not learn from"
    figure, _ = style.page(8, 3.7, "Later it learns these 500 digits, and no longer digits", note)
    axes = style.panel(figure, 0.7, 0.95, 5.5, 2.2)
    for (name, losses), colour in zip(curves.items(), (style.ORANGE, "#6baed6", style.BLUE, style.INK)):
        axes.plot(range(1, len(losses) + 1), losses, color=colour)
        low = 0.025 if "L2" in name else 0
        axes.text(len(losses) + 0.5, losses[-1] - low, name, color=colour, va="center")
        axes.plot([losses.index(min(losses)) + 1], [min(losses)], "o", color=colour, markersize=5)
    axes.set(xlabel="pass; the dots are where each is best", ylabel="loss", xlim=(0, 40), ylim=(0.1, 0.7))
    style.save(figure, "10.png")
