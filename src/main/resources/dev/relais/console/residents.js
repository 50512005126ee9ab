// The functions that stay in memory: which of their processes have booted, and what requests have left in them.

import { attribute, id, list, make, text } from './dom.js';
import { clock, count } from './text.js';

/** Shows those that are searched for; nothing when no function is resident. */
export function drawResidents(residents, matches) {
  id('residents-section').hidden = residents.length === 0;
  const shown = residents.filter(one => matches(`${one.name} ${one.problem || ''} ${one.left.map(left => left.text).join(' ')}`));
  list(id('residents'), shown, one => one.name, create, update);
}

function create() {
  return make('li', '',
    make('p', '', make('b', ''), ' ', make('span', 'facts')),
    make('p', 'problem'),
    make('ol', 'lines'));
}

function update(element, one) {
  const [head, problem, left] = element.children;
  text(head.firstElementChild, one.name);
  text(head.lastElementChild, `${one.booted} of ${one.children} processes have booted `
    + `${one.script ?? 'the application in its folder'}, ${count(one.boots, 'boot', 'boots')} in all`
    + (one.left.length ? '; left behind, the newest first:' : ''));
  text(problem, one.problem ? `the last boot failed: ${one.problem}` : '');
  problem.hidden = !one.problem;
  left.hidden = one.left.length === 0;
  left.tabIndex = 0; // it may have to be scrolled
  attribute(left, 'aria-label', `Left behind by requests of ${one.name}`);
  list(left, one.left, entry => `${entry.at} ${entry.request} ${entry.text}`, entry => {
    const time = make('time', '', clock(entry.at));
    time.dateTime = new Date(entry.at).toISOString();
    const put = entry.put ? `put back: ${entry.put}` : '';
    return make('li', '', time, entry.text, make('span', 'detail', [put, entry.request].filter(Boolean).join('; ')));
  });
}
