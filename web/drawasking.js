const GAP_MS = 25; // between two questions: fewer than the server allows a second
const TOO_MANY = /at most .* commands/;
const PATIENCE_MS = 1000; // after the server found that it was asked too often

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Ask the server, one question at a time; of those that come meanwhile the newest is asked next.
 * ask(make, done, failed): make() gives [command, arrays] when its turn comes, so that it says what is then.
 */
export function makeAsking(store) {
  let [busy, last] = [false, -Infinity];
  let next = null;

  async function turn() {
    const wait = last + GAP_MS - performance.now();
    if (wait > 0) await pause(wait);
    const question = next;
    next = null;
    last = performance.now();
    let reply = null;
    try {
      const [command, arrays] = question.make();
      reply = await store.send(command, arrays, { quiet: true });
    } catch (error) {
      if (TOO_MANY.test(error.message)) {
        await pause(PATIENCE_MS);
        next ??= question;
      } else question.failed(error);
      return;
    }
    question.done(reply);
  }

  async function go() {
    if (busy) return;
    busy = true;
    try {
      while (next) await turn();
    } finally {
      busy = false;
    }
  }

  return (make, done, failed = () => {}) => {
    next = { make, done, failed };
    go();
  };
}
