// The workers as bars, and their children as cells.

import { attribute, list, make, text } from './dom.js';
import { age, count, percent } from './text.js';

const WORST = 4; // a bar is full at a score that is so many times the usual one

/** Shows the workers in the order of their ranking. */
export function drawWorkers(parent, workers) {
  list(parent, workers, worker => worker.id, createWorker, updateWorker);
}

/** The name of a worker, with the pool that it is alone in. */
function named(worker) {
  return `Worker ${worker.id}` + (worker.pool ? ` of the pool ${worker.pool}` : '');
}

function createWorker() {
  return make('li', 'worker',
    make('p', '', make('b', ''), ' ', make('span', 'tag')),
    make('div', 'bar', make('span', 'latency'), make('span', 'failures')),
    make('p', 'facts'),
    make('p', 'problem'));
}

function updateWorker(element, worker) {
  const [head, bar, facts, problem] = element.children;
  text(head.firstElementChild, `${named(worker)}: score ${worker.score.toFixed(2)}`);
  const tag = head.lastElementChild;
  text(tag, worker.state);
  tag.className = worker.state === 'normal' ? 'tag' : 'tag warning';
  const latency = Math.min(1, worker.latency / WORST);
  bar.children[0].style.setProperty('--part', latency);
  bar.children[1].style.setProperty('--part', Math.min(1 - latency, Math.max(0, worker.score - worker.latency) / WORST));
  text(facts, `latency ${worker.latency.toFixed(2)} times the usual, failures ${percent(worker.failures)}; `
    + `${worker.busy} of ${worker.children.length} children busy, ${worker.allowance} may be used; `
    + `master ${worker.master}, ${count(worker.restarts, 'restart', 'restarts')}`
    + (worker.lost ? `; ${worker.lost} lost` : ''));
  text(problem, worker.problem || '');
  problem.hidden = !worker.problem;
}

/**
 * Shows a cell for each child.
 *
 * @param matches whether a text is searched for
 * @param open called with a worker's id and a child's place when its cell is chosen
 */
export function drawChildren(parent, legend, workers, matches, open) {
  const states = new Map();
  const sorted = [...workers].sort((a, b) => a.id - b.id);
  list(parent, sorted, worker => worker.id,
    () => make('div', '', make('h3', ''), make('ul', 'cells')),
    (element, worker) => {
      text(element.firstElementChild, named(worker));
      const cells = worker.children.map((child, place) => ({ child, place }))
        .filter(({ child }) => matches(`${child.pid} ${shownState(child)} ${child.function || ''}`));
      element.hidden = cells.length === 0;
      list(element.lastElementChild, cells, cell => cell.place,
        cell => createCell(() => open(worker.id, cell.place)),
        (item, cell) => updateCell(item.firstElementChild, worker.id, cell.child));
    });
  for (const worker of workers) {
    for (const child of worker.children) {
      states.set(shownState(child), (states.get(shownState(child)) || 0) + 1);
    }
  }
  text(legend, [...states].map(([name, number]) => `${number} ${name}`).join(', ') || 'none');
}

function createCell(chosen) {
  const button = make('button', 'cell', make('b', ''), make('span', ''));
  button.type = 'button';
  button.addEventListener('click', chosen);
  return make('li', '', button);
}

function updateCell(button, worker, child) {
  const shown = shownState(child);
  attribute(button, 'data-state', shown);
  text(button.children[0], child.function || shown);
  text(button.children[1], child.function
    ? `${shown === 'stuck' ? '⚠ stuck ' : shown === 'busy' ? '' : shown + ' '}${age(child.millis)}`
    : `${child.served} served`);
  attribute(button, 'aria-label', `Process ${child.pid} of worker ${worker}: ${shown}`
    + (child.function ? ` in ${child.function} for ${age(child.millis)}` : ''));
}

/** The state that is shown: a child that is stuck is that first. */
export function shownState(child) {
  return child.stuck ? 'stuck' : child.state;
}
