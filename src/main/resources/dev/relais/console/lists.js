// Figures, generation, events and the limits of the system.

import { facts, id, list, make, text } from './dom.js';
import { bytes, clock, count, percent, rate } from './text.js';

const SHOWN_EVENTS = 100;
const PROGRESS = {
  serving: 'serves',
  starting: 'serves, and the next one starts its processes',
  warming: 'serves, and the next one compiles and answers its warm-up calls',
  draining: 'serves, and the one before ends what it runs',
};

let toldKind = null;

/** Shows the bottleneck, and says it to a screen reader when it is another one than before. */
export function drawBottleneck(bottleneck) {
  id('bottleneck').dataset.level = bottleneck.level;
  text(id('bottleneck-sentence'), bottleneck.sentence);
  text(id('bottleneck-remedy'), bottleneck.remedy);
  if (toldKind !== bottleneck.kind) {
    toldKind = bottleneck.kind;
    text(id('spoken'), bottleneck.sentence);
  }
}

export function drawFigures(now, history) {
  const last = history.length ? history[history.length - 1] : null;
  const children = now.workers.reduce((sum, worker) => sum + worker.children.length, 0);
  facts(id('figures'), [
    ['Requests/s', last ? rate(last[1]) : '–'],
    ['Failed/s', last ? rate(last[2]) : '–'],
    ['Children busy', `${percent(now.load.busy)} of ${children}`],
    ['Waiting', `${now.queue.length} of ${now.queue.capacity}`],
    ['Processors', percent(now.load.cpu)],
    ['Memory', percent(now.load.memory)],
    ...now.memory.map(kind => [`Clients' ${kind.kind}`, `${bytes(kind.bytes)} of ${bytes(kind.capacity)}`]),
  ]);
}

export function drawGeneration(generation) {
  text(id('generation-state'), `Generation ${generation.number} ${PROGRESS[generation.state]}.`);
  const problem = generation.problem || generation.codeProblem;
  id('generation-problem').hidden = !problem;
  text(id('generation-problem'), problem ? `The last attempt failed: ${problem}` : '');
  facts(id('generation'), [
    ['Since', clock(generation.since)],
    ['Changed code is taken', generation.mode === 'generations' ? 'by a switch' : 'file by file'],
    ['Functions', `${generation.functions} in ${generation.directory}`],
    ['Switches', `${generation.switches}, failed ${generation.failures}, refused ${generation.refusals}`],
    ['Scripts ended', generation.ended],
  ]);
}

export function drawEvents(events, matches) {
  const shown = [];
  for (let i = events.length - 1; i >= 0 && shown.length < SHOWN_EVENTS; i--) {
    if (matches(JSON.stringify(events[i]))) {
      shown.push(events[i]);
    }
  }
  list(id('events'), shown, event => event.number, createEvent);
}

function createEvent(event) {
  const { at, number, type, level, words, ...details } = event;
  const time = make('time', '', clock(at));
  time.dateTime = at;
  const line = make('li', '', time);
  if (level !== 'info') {
    line.append(make('span', 'tag ' + (level === 'error' ? 'problem' : 'warning'), level), ' ');
  }
  line.append(words);
  const rest = Object.entries(details).map(([key, value]) => `${key}=${value}`).join(' ');
  line.append(make('span', 'detail', rest));
  return line;
}

/** Shows what PHP has written as errors and warnings, each with its lines. */
export function drawErrors(errors, matches) {
  const shown = errors.filter(error => matches(`${error.function} ${error.origin} ${error.message}`)).reverse();
  id('errors-none').hidden = shown.length > 0;
  id('errors').hidden = shown.length === 0;
  list(id('errors'), shown, error => error.number, error => {
    const time = make('time', '', clock(error.at));
    time.dateTime = error.at;
    return make('li', '', time, make('span', 'tag ' + (error.level === 'warn' ? 'warning' : 'problem'), error.level),
      make('span', 'detail', error.origin), make('pre', '', error.message));
  });
}

/** Asks for the limits of the system and shows them: what is not as wanted comes first. */
export async function examine() {
  const button = id('examine');
  button.disabled = true;
  try {
    const answer = await fetch('system', { headers: { Accept: 'application/json' } });
    const found = await answer.json();
    const order = { impossible: 0, warning: 1, ok: 2 };
    const checks = [...found.checks].sort((a, b) => order[a.verdict] - order[b.verdict]);
    text(id('system-counts'), `${count(found.counts.warning + found.counts.impossible, 'limit is', 'limits are')} not as wanted, `
      + `${found.counts.ok} are`);
    list(id('system'), checks, check => check.name + check.verdict + check.value, check => {
      const line = make('li', '', make('b', '', check.name), ` = ${check.value} `);
      if (check.verdict !== 'ok') {
        line.append(make('span', 'tag warning', 'wanted: ' + check.wanted),
          make('span', 'detail', `${check.consequence} ${check.remedy}`));
      }
      return line;
    });
  } catch (problem) {
    text(id('system-counts'), 'not known: ' + problem.message);
  } finally {
    button.disabled = false;
  }
}
