const MOST = 20e6; // bytes of a photo
const bringsFile = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

/**
 * Photos that are dropped on the studio, or pasted while `isOpen()`. `take(file)` gets the file,
 * `failed(text)` what is wrong; `hover(on)` while one is held over it. Returns what ends it.
 */
export function listenToPhotos(studio, page, { take, failed, hover, isOpen }) {
  let over = 0; // elements entered and not left

  const give = ([file]) => (file ? take(file) : failed("expected a picture file"));

  function count(by) {
    over = Math.max(over + by, 0);
    hover(over > 0);
  }

  const handlers = {
    dragenter: () => count(1),
    dragleave: () => count(-1),
    dragover: (event) => {
      event.dataTransfer.dropEffect = "copy";
    },
    drop: (event) => {
      count(-over);
      give(event.dataTransfer.files);
    },
  };
  const calls = Object.entries(handlers).map(([kind, call]) => [
    kind,
    (event) => {
      if (!bringsFile(event)) return;
      event.preventDefault(); // else the browser leaves the page and shows the file
      call(event);
    },
  ]);
  for (const [kind, call] of calls) studio.addEventListener(kind, call);

  const target = page ? document : studio;
  const paste = (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!isOpen() || !files.length) return;
    event.preventDefault();
    give(files);
  };
  target.addEventListener("paste", paste);
  return () => {
    for (const [kind, call] of calls) studio.removeEventListener(kind, call);
    target.removeEventListener("paste", paste);
  };
}

/** What is wrong with a file before it is sent, in one line; else null. */
export function problemOf(file) {
  const size = (bytes) => `${Math.round(bytes / 1e6)} MB`;
  if (file.size > MOST) return `${file.name}: expected at most ${size(MOST)}, got ${size(file.size)}`;
  return file.size ? null : `${file.name}: expected a picture, got an empty file`;
}
