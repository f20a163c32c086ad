// [{tex, display}, …] as JSON on stdin to [html, …] on stdout; a formula that KaTeX cannot read ends it.
// node katex.cjs KATEX [html | mathml | htmlAndMathml]
const katex = require(process.argv[2]);
const output = process.argv[3] ?? "htmlAndMathml";
const formulas = JSON.parse(require("fs").readFileSync(0, "utf8"));
const typeset = ({ tex, display }) => {
  try {
    return katex.renderToString(tex, { displayMode: display, throwOnError: true, strict: "error", output });
  } catch (error) {
    console.error(`${error.message}\n  in the formula: ${tex}`);
    process.exit(1);
  }
};
process.stdout.write(JSON.stringify(formulas.map(typeset)));
