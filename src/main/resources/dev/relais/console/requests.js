// Requests that have ended: what became of them, and where their time went.

import { id, list, make, text } from './dom.js';
import { clock, count, millis } from './text.js';

const ID = /^[A-Za-z0-9._-]{4,128}$/;
const WAIT_MILLIS = 300; // after the last key

/** Shows those that were slow or have failed. */
export function drawRequests(requests, matches) {
  const shown = requests.filter(one => matches(`${one.id || ''} ${one.function || ''} ${one.status} ${one.child}`)).reverse();
  id('requests-none').hidden = shown.length > 0;
  id('requests').hidden = shown.length === 0;
  list(id('requests'), shown, one => one.number, createRequest);
}

let asked = ''; // what was looked up last
let timer = 0;

/** Asks the gateway for the requests with the id that is searched for, if it can be one, and shows them. */
export function lookUp(searched) {
  const wanted = searched.trim();
  if (wanted === asked) {
    return;
  }
  asked = wanted;
  clearTimeout(timer);
  show(wanted, { requests: [] });
  if (ID.test(wanted)) {
    timer = setTimeout(() => ask(wanted), WAIT_MILLIS);
  }
}

async function ask(wanted) {
  try {
    const answer = await fetch('requests?id=' + encodeURIComponent(wanted), { headers: { Accept: 'application/json' } });
    const found = await answer.json();
    if (wanted === asked) {
      show(wanted, found);
    }
  } catch (problem) {
    // the line at the top tells that there is no connection
  }
}

function show(wanted, found) {
  const shown = [...found.requests].reverse();
  id('found-section').hidden = shown.length === 0;
  text(id('found-head'), `Request ${wanted}`);
  list(id('found'), shown, one => one.number, createRequest);
}

function createRequest(one) {
  const time = make('time', '', clock(one.at));
  time.dateTime = one.at;
  const stages = stagesOf(one);
  return make('li', '', time,
    make('span', one.status >= 500 ? 'tag problem' : 'tag', String(one.status)),
    ` ${one.method ? one.method + ' ' : ''}${one.function || 'no function'}: ${millis(one.end)}${made(one)}`,
    drawing(stages, one.end),
    make('span', 'detail', stages.map(stage => `${stage.name} ${millis(stage.millis)}`).join(', ') + where(one)),
    make('span', 'detail', one.id ? 'id ' + one.id : 'without an id'));
}

/** Who made the answer. */
function made(one) {
  return (one.source ? ', answered by ' + one.source : ', not answered')
    + (one.problem ? ` (${one.problem})` : '')
    + (one.cache ? `, cache ${one.cache}` : '');
}

function where(one) {
  return (one.worker >= 0 ? `; worker ${one.worker}, process ${one.child}, generation ${one.generation}` : '')
    + (one.retries ? `, ${count(one.retries, 'retry', 'retries')}` : '');
}

/** The parts of a request's time, one after the other, as far as they have come. */
function stagesOf(one) {
  const stages = [];
  let last = 0;
  const stage = (kind, name, until) => {
    if (until >= 0) {
      stages.push({ kind, name, from: last, millis: until - last });
      last = until;
    }
  };
  stage('body', 'body', one.body);
  if (one.queued >= 0) {
    last = one.queued;
    stage('wait', 'waited', one.claimed >= 0 ? one.claimed : one.end);
  }
  last = one.claimed >= 0 ? one.claimed : last;
  stage('php', 'PHP until its head', one.first);
  stage('answer', 'PHP until its end', one.last);
  stage('rest', 'rest', one.end);
  return stages;
}

/** The same as a bar, for those who see it. */
function drawing(stages, end) {
  const bar = make('span', 'stages');
  bar.setAttribute('aria-hidden', 'true');
  let last = 0;
  for (const stage of stages) {
    for (const [kind, length] of [['gap', stage.from - last], [stage.kind, stage.millis]]) {
      const part = make('span', kind);
      part.style.setProperty('--part', end > 0 ? Math.max(0, length / end) : 0);
      part.title = stage.name;
      bar.append(part);
    }
    last = stage.from + stage.millis;
  }
  return bar;
}
