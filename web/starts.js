import { h, uniqueId } from "./dom.js";
import { galleryButton } from "./gallery.js";

/** Where one may begin: a recipe, or a network that is broken on purpose. */
export function starts(store) {
  const box = h("fieldset", { class: "starts" }, recipeRow(store), galleryButton(store));
  return {
    element: box,
    refresh: () => {
      box.disabled = !store.open();
    },
  };
}

/** The recipes. While nothing has been trained one is used at once, else only when a button says so, too. */
function recipeRow(store) {
  const { recipes = [] } = store.hello;
  const id = uniqueId("recipe");
  const menu = h(
    "select",
    { id },
    h("option", { value: "" }, "choose …"),
    recipes.map(({ name }) => h("option", {}, name)),
  );
  const go = h(
    "button",
    { type: "button", class: "button outlined wide", hidden: true, onclick: begin },
    "Begin a new run",
  );
  menu.addEventListener("change", () => {
    go.hidden = !menu.value || store.session?.status === "ready";
    if (menu.value && go.hidden) begin();
  });

  function begin() {
    store.send({ kind: "recipe", name: menu.value }).catch(() => {}); // the shell says why
    menu.value = "";
    go.hidden = true;
    menu.focus();
  }

  const row = h(
    "div",
    { class: "row has-tip", dataset: { side: "right" } },
    h("label", { htmlFor: id }, "recipe"),
    h("div", { class: "control" }, menu),
    go,
  );
  row.tip = () => [
    h("div", {}, h("b", {}, "recipe"), ": settings that go together; each can be changed after."),
    h(
      "dl",
      {},
      recipes.flatMap(({ name, about }) => [h("dt", {}, name), h("dd", {}, about)]),
    ),
  ];
  return row;
}
