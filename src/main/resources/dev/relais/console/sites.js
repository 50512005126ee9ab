// The sites as a table: where each is, and what it has answered since the start.

import { id, list, make, tableRow, text } from './dom.js';

const COLUMNS = [
  ['Site', site => site.name],
  ['Hosts', site => (site.hosts.join(', ') || 'all others') + (site.mount === '/' ? '' : ` at ${site.mount}`)],
  ['Root', site => site.root ?? 'rules only'],
  ['Requests', site => String(site.served.requests)],
  ['Files', site => String(site.served.files)],
  ['Scripts', site => String(site.served.scripts)],
  ['4xx', site => String(site.served.clientErrors)],
  ['5xx', site => String(site.served.errors)],
];
const ERRORS = 7;

/** Shows those that are searched for; nothing when there are no sites. */
export function drawSites(sites, matches) {
  id('sites-section').hidden = sites.length === 0;
  const head = id('sites').tHead.rows[0];
  if (head.cells.length === 0) {
    for (const [name] of COLUMNS) {
      const cell = make('th', '', name);
      cell.scope = 'col';
      head.append(cell);
    }
  }
  text(id('sites-note'), 'Counts are of the time since the start.');
  const shown = sites.filter(site => matches(`${site.function} ${site.hosts.join(' ')} ${site.root}`));
  list(id('sites').tBodies[0], shown, site => site.name, () => tableRow(COLUMNS.length), update);
}

function update(element, site) {
  COLUMNS.forEach(([, shown], column) => text(element.cells[column], shown(site)));
  element.cells[ERRORS].className = site.served.errors > 0 ? 'problem' : '';
}
