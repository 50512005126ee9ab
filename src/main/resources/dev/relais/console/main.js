// Brings the stream and the parts of the page together.

import * as actions from './actions.js';
import * as chart from './chart.js';
import { id, text } from './dom.js';
import * as functions from './functions.js';
import * as lists from './lists.js';
import * as profiles from './profiles.js';
import * as requests from './requests.js';
import { drawResidents } from './residents.js';
import { drawSites } from './sites.js';
import { listen, state } from './stream.js';
import * as workers from './workers.js';

/** Whether a text is searched for. Words may be anywhere in it, in any order. */
function matches(value) {
  const words = id('search').value.toLowerCase().split(/\s+/).filter(word => word);
  const lower = value.toLowerCase();
  return words.every(word => lower.includes(word));
}

function open(workerId, place) {
  const worker = state.now.workers.find(one => one.id === workerId);
  actions.openChild(worker, worker.children[place]);
}

function draw() {
  const now = state.now;
  if (!now) {
    return;
  }
  lists.drawBottleneck(now.bottleneck);
  lists.drawFigures(now, state.history);
  chart.draw(id('charts'), state.history);
  workers.drawWorkers(id('workers'), now.workers);
  workers.drawChildren(id('children'), id('children-legend'), now.workers, matches, open);
  for (const worker of now.workers) {
    worker.children.forEach(child => actions.showChild(worker, child));
  }
  functions.draw(id('functions'), now.functions, state.settings, matches);
  drawResidents(now.residents, matches);
  drawSites(state.sites, matches);
  lists.drawGeneration(now.generation);
  requests.drawRequests(state.requests, matches);
  lists.drawErrors(state.errors, matches);
  lists.drawEvents(state.events, matches);
}

function connection(live, words) {
  id('connection').dataset.live = live ? 'yes' : 'no';
  text(id('connection'), words);
}

text(id('where'), location.host);
functions.heads(id('functions'), draw);
actions.prepare();
profiles.prepare();
id('search').addEventListener('input', () => {
  requests.lookUp(id('search').value);
  draw();
});
id('search-form').addEventListener('submit', event => event.preventDefault());
id('examine').addEventListener('click', lists.examine);
document.addEventListener('keydown', event => {
  if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    id('search').focus();
  }
});
listen(draw, connection);
lists.examine();
profiles.look();
