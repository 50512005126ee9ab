// The functions as a table that can be sorted.

import { attribute, list, make, tableRow, text } from './dom.js';
import { age, millis, percent, rate } from './text.js';

const NOTHING = { rate: 0, failed: 0, p50: -1, p95: -1, p99: -1, wait: -1, running: 0, waiting: 0, cached: null };

const COLUMNS = [
  ['Function', row => row.name, row => row.name],
  ['Requests/s', row => row.rate, row => rate(row.rate)],
  ['p50', row => row.p50, row => millis(row.p50)],
  ['p95', row => row.p95, row => millis(row.p95)],
  ['p99', row => row.p99, row => millis(row.p99)],
  ['Failed/s', row => row.failed, row => rate(row.failed)],
  ['Running', row => row.running, row => String(row.running)],
  ['Waiting', row => row.waiting, row => String(row.waiting)],
  ['Wait p95', row => row.wait, row => millis(row.wait)],
  ['From cache', row => row.cached === null ? -1 : row.cached, row => percent(row.cached)],
  ['Limits', row => row.limits, row => row.limits],
];

let sorted = 1;
let down = true;

/** Makes the heads of the columns; a click on one sorts by it. */
export function heads(table, redraw) {
  const row = table.tHead.rows[0];
  COLUMNS.forEach(([name], column) => {
    const button = make('button', '', name);
    button.type = 'button';
    button.addEventListener('click', () => {
      down = column === sorted ? !down : column !== 0;
      sorted = column;
      redraw();
    });
    const head = make('th', '', button);
    head.scope = 'col';
    row.append(head);
  });
}

/** Shows those that are searched for: all that are configured, and what else was asked for. */
export function draw(table, active, settings, matches) {
  const rows = new Map();
  for (const [name, own] of settings) {
    rows.set(name, { ...NOTHING, name, limits: limits(own) });
  }
  for (const one of active) {
    const known = settings.get(one.name);
    rows.set(one.name, { ...NOTHING, ...one, cached: one.cached ?? null, limits: known ? limits(known) : '' });
  }
  const [, value] = COLUMNS[sorted];
  const shown = [...rows.values()].filter(row => matches(row.name)).sort((a, b) => {
    const one = value(a), other = value(b);
    const order = typeof one === 'number' ? one - other : one.localeCompare(other);
    return (down ? -order : order) || a.name.localeCompare(b.name);
  });
  [...table.tHead.rows[0].cells].forEach((head, column) =>
    attribute(head, 'aria-sort', column === sorted ? (down ? 'descending' : 'ascending') : null));
  list(table.tBodies[0], shown, row => row.name, () => tableRow(COLUMNS.length), updateRow);
}

function updateRow(element, row) {
  COLUMNS.forEach(([, , shown], column) => text(element.cells[column], shown(row)));
  element.cells[5].className = row.failed > 0 ? 'problem' : '';
}

function limits(own) {
  const parts = [`timeout ${age(own.timeout)}`];
  for (const key of ['concurrency', 'reserved', 'priority', 'queue']) {
    if (own[key] !== undefined) {
      parts.push(`${key} ${own[key]}`);
    }
  }
  if (own.methods) {
    parts.push(own.methods);
  }
  return parts.join(', ');
}
