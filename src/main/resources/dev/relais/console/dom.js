// Small helpers for elements. Text goes in as text only, never as markup.

/** The element with this id. */
export function id(name) {
  return document.getElementById(name);
}

/** Makes an element with a class and children, which are elements or text. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  element.append(...children);
  return element;
}

/** Makes a row of a table with so many cells, whose first one is its head. */
export function tableRow(cells) {
  const made = make('tr', '');
  for (let column = 0; column < cells; column++) {
    const cell = make(column === 0 ? 'th' : 'td', '');
    if (column === 0) {
      cell.scope = 'row';
    }
    made.append(cell);
  }
  return made;
}

/** Sets an element's text, and touches nothing when it is the same: a selection and a screen reader stay where they are. */
export function text(element, value) {
  const wanted = String(value);
  if (element.textContent !== wanted) {
    element.textContent = wanted;
  }
}

/** Sets an attribute, or removes it for null. */
export function attribute(element, name, value) {
  if (value === null) {
    element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

/**
 * Makes the children of an element those of a list, in its order. An element whose key is still there is kept, and with it the focus.
 * Moves only what is not in its place.
 */
export function list(parent, items, key, create, update) {
  const there = new Map();
  for (const child of parent.children) {
    there.set(child.dataset.key, child);
  }
  let place = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let element = there.get(name);
    if (element) {
      there.delete(name);
    } else {
      element = create(item);
      element.dataset.key = name;
    }
    if (update) {
      update(element, item);
    }
    if (element === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(element, place);
    }
  }
  for (const gone of there.values()) {
    gone.remove();
  }
}

/** Fills a list of terms and values. */
export function facts(parent, pairs) {
  list(parent, pairs, pair => pair[0],
    pair => make('div', '', make('dt', '', pair[0]), make('dd', '')),
    (element, pair) => text(element.lastElementChild, pair[1]));
}
