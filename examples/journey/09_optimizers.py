"""Step 9. Three optimizers, each over a range of learning rates, held constant or on a one-cycle schedule."""

import glassnet as gn
from glassnet.plots import style

digits = gn.data.load("mnist-sample", validation=0.25)
optimizers, rates = ("sgd", "nesterov", "adam"), (0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def right(optimizer, schedule):
    net = gn.Network([gn.Dense(64), gn.ReLU(), gn.Dense(10)], input_shape=784, seed=0)
    run = gn.Training(net, digits, optimizer=optimizer, learning_rate=schedule, epochs=5)
    return [100 * event.validation_accuracy for event in run if event.kind == "epoch"][-1]


curves = {}
for name, schedule in (("constant", gn.constant), ("one-cycle", gn.one_cycle)):
    print(f"{name + ', rate':16}" + "".join(f"{rate:8g}" for rate in rates))
    for optimizer in optimizers:
        curve = curves[name, optimizer] = [right(optimizer, schedule(rate)) for rate in rates]
        print(f"  {optimizer:14}" + "".join(f"{value:8.1f}" for value in curve) + f"   best {max(curve):.1f}")

with style.drawing():
    note = "784-64-10, five passes at batch 32; each dot is one training"
    figure, _ = style.page(8, 3.7, "Which rate, rather than which optimizer", note)
    for k, name in enumerate(("constant", "one-cycle")):
        axes = style.panel(figure, 0.7 + 3.35 * k, 1.1, 2.9, 2.0)
        for optimizer, colour in zip(optimizers, (style.QUIET, style.BLUE, style.ORANGE)):
            curve = curves[name, optimizer]
            axes.semilogx(rates, curve, "o-", color=colour, markersize=4)
            if k:
                axes.text(1.25, curve[-1], optimizer, color=colour, va="center")
        axes.set(xlabel="learning rate", ylabel="" if k else "% right", ylim=(0, 100))
        axes.set_xticks(ticks := [0.01, 0.1, 1], [f"{tick:g}" for tick in ticks])
        axes.set_title(name, loc="left", fontsize=style.SMALL)
    style.save(figure, "09.png")
