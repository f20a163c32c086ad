const SHAPES = {
  start: '<path d="M4 2.5v11l9.5-5.5z" fill="currentColor" stroke="none"/>',
  pause: '<path d="M3.5 2.5h3.2v11H3.5zM9.3 2.5h3.2v11H9.3z" fill="currentColor" stroke="none"/>',
  step: '<path d="M3 3v10l7-5z" fill="currentColor" stroke="none"/><path d="M12.5 3v10"/>',
  epoch: '<path d="M1.5 3v10l6-5zM7.5 3v10l6-5z" fill="currentColor" stroke="none"/><path d="M14.7 3v10"/>',
  again: '<path d="M3 8a5 5 0 1 0 1.6-3.7"/><path d="M2.6 2.2v3.2h3.2"/>',
  dice:
    '<rect x="2.5" y="2.5" width="11" height="11" rx="2.2"/>' +
    '<g fill="currentColor" stroke="none"><circle cx="5.6" cy="5.6" r="1.1"/>' +
    '<circle cx="8" cy="8" r="1.1"/>' +
    '<circle cx="10.4" cy="10.4" r="1.1"/></g>',
  save: '<path d="M8 2v8M4.8 7L8 10.2 11.2 7M2.5 13.5h11"/>',
  link:
    '<path d="M6.6 9.4a2.6 2.6 0 0 0 3.7 0l2.4-2.4a2.6 2.6 0 0 0-3.7-3.7l-.9.9"/>' +
    '<path d="M9.4 6.6a2.6 2.6 0 0 0-3.7 0L3.3 9a2.6 2.6 0 0 0 3.7 3.7l.9-.9"/>',
  sun:
    '<circle cx="8" cy="8" r="2.8"/>' +
    '<path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8L13 13M3 13l1.2-1.2M11.8 4.2L13 3"/>',
  moon: '<path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z"/>',
  help:
    '<path d="M5.6 5.9a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.1.9-1.1 1.7"/>' +
    '<circle cx="8" cy="12.3" r=".9" fill="currentColor" stroke="none"/>',
  close: '<path d="M4 4l8 8M12 4l-8 8"/>',
  broken: '<path d="M8.5 1.5L5 8h4.2L6.5 14.5"/>',
  plus: '<path d="M8 3.5v9M3.5 8h9"/>',
  minus: '<path d="M3.5 8h9"/>',
  pen: '<path d="M3 13l.8-3.2 7.3-7.3a1.7 1.7 0 0 1 2.4 2.4l-7.3 7.3zM9.6 4l2.4 2.4"/>',
  undo: '<path d="M5.6 3L2.6 6l3 3"/><path d="M2.8 6h6.4a3.6 3.6 0 0 1 0 7.2H6.4"/>',
  clear: '<path d="M3 4.5h10M6.2 4.3V2.8h3.6v1.5M4.3 4.7l.6 8.6h6.2l.6-8.6"/>',
  photo: '<path d="M2 4.7h3l1-1.7h4l1 1.7h3v8H2z"/><circle cx="8" cy="8.5" r="2.4"/>',
};

/** A small drawing in the colour of the text around it; words beside it say what it means. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.innerHTML = SHAPES[name];
  return svg;
}
