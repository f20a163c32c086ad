"""Step 11. `quick`, and what each of its choices is worth: one taken away at a time, judged by validation."""

import glassnet as gn
from glassnet.plots import style
from glassnet.recipes import Recipe, network, read, training

settings = read("quick")
settings |= settings.pop("on")["mnist-sample"]  # what it is for 5,000 digits: smaller batches, more passes
quick = Recipe(data="mnist-sample", validation=0.5).changed(settings)
without = {
    "quick": {},
    "rate held constant": {"schedule": "constant"},
    "sigmoid, not ReLU": {"activation": "sigmoid"},
    "first weights ±0.5": {"initializer": "uniform(-0.5, 0.5)"},
    "no momentum": {"optimizer": "sgd", "learning_rate": quick.learning_rate},
    "no hidden layer": {"hidden": ()},
    "10 units, not 192": {"hidden": (10,)},
    "full batch": {"batch_size": "full"},
    "raw pixels": {"scale": False},
}


def train(recipe):
    data = gn.data.load("mnist-sample", validation=recipe.validation, seed=recipe.seed)
    net = network(recipe, data)
    training(recipe, net, data).fit(progress=False)  # keeps the weights of its best epoch
    return net, data


scores = {}
for name, changes in without.items():
    net, data = train(quick.changed(changes))
    scores[name] = 100 * gn.evaluate(net, data.validation).accuracy
    worth = round(scores[name] - scores["quick"], 1) + 0  # + 0: no minus before 0.0
    print(f"{name:20} {scores[name]:5.1f} %   {worth:+6.1f}")
net, data = train(quick.changed({"validation": 0.1}))
print(f"\nthe test set, read once: {100 * gn.evaluate(net, data.test).accuracy:.1f} % of {len(data.test):,}")

with style.drawing():
    note = "% right of 2,000 validation digits; one choice of quick taken away at a time"
    figure, _ = style.page(8, 3.7, "What each choice is worth", note)
    axes = style.panel(figure, 1.7, 0.9, 5.6, 2.5)
    names = list(scores)[::-1]
    inks = [style.BLUE if name == "quick" else "#bdd7e7" for name in names]
    for name, bar in zip(names, axes.barh(names, [scores[name] for name in names], color=inks)):
        axes.text(bar.get_width() + 1, bar.get_y() + 0.4, f"{scores[name]:.1f}", va="center")
    axes.set(xlim=(0, 100))
    style.save(figure, "11.png")
