// What the page may do: only by a click, with the token that was typed into it, and asked for once more where a request is lost.

import { facts, id, text } from './dom.js';
import { age, millis } from './text.js';
import { shownState } from './workers.js';

/** Sends a request with the token, and returns its answer. */
export async function send(method, path) {
  const headers = { Accept: 'application/json' };
  const token = id('token').value.trim();
  if (token) {
    headers.Authorization = 'Bearer ' + token;
  }
  const answer = await fetch(path, { method, headers, credentials: 'omit', redirect: 'error' });
  if (answer.status === 403) {
    id('token').focus();
  }
  return answer;
}

/**
 * Sends an action.
 *
 * @return the answer's JSON, with its status
 */
async function act(method, path) {
  try {
    const answer = await send(method, path);
    const body = await answer.json().catch(() => ({}));
    return { ...body, status: answer.status, ok: answer.ok };
  } catch (problem) {
    return { ok: false, problem: problem.message };
  }
}

/** Asks for a switch to the code as it is on the disk, and says how it went. */
export async function reload() {
  const button = id('reload');
  button.disabled = true;
  text(id('reload-result'), 'is asked for');
  const answer = await act('POST', 'generations?wait=60s');
  button.disabled = false;
  text(id('reload-result'), answer.ok
    ? `generation ${answer.generation}: ${answer.outcome}`
    : answer.problem || `refused with ${answer.status}`);
}

let chosen = null; // the process that the dialog is about
let served = 0; // how many runs it had ended when it was asked whether its run is to end: another run is not meant

/** Opens the dialog about a child. */
export function openChild(worker, child) {
  chosen = child.pid;
  ask(false);
  showChild(worker, child);
  text(id('child-result'), '');
  id('child').showModal();
}

/** Shows a child as it is now in the dialog, if that is open and about it. */
export function showChild(worker, child) {
  if (child.pid !== chosen) {
    return;
  }
  text(id('child-head'), `Process ${child.pid} of worker ${worker.id}`);
  facts(id('child-facts'), [
    ['State', shownState(child)],
    ['Function', child.function || '–'],
    ['Running for', child.function ? age(child.millis) : '–'],
    ['Usually', child.usual ? millis(child.usual) : '–'],
    ['Served', child.served],
    ['Master', worker.master],
  ]);
  id('child-end').disabled = !child.function;
  if (!id('child-end').hidden) {
    served = child.served;
  }
}

function ask(really) {
  id('child-end').hidden = really;
  id('child-confirm').hidden = !really;
  if (really) {
    id('child-confirm').focus();
  }
}

async function endChild() {
  const pid = chosen;
  ask(false);
  id('child-close').focus();
  text(id('child-result'), 'is being ended');
  const answer = await act('DELETE', `children/${pid}?served=${served}`);
  text(id('child-result'), answer.ok ? `Process ${pid} is being ended.` : answer.problem || `refused with ${answer.status}`);
}

/** Makes the dialog work. */
export function prepare() {
  id('child-end').addEventListener('click', () => ask(true));
  id('child-confirm').addEventListener('click', endChild);
  id('child-close').addEventListener('click', () => id('child').close());
  id('child').addEventListener('close', () => { chosen = null; });
  id('reload').addEventListener('click', reload);
  id('token-form').addEventListener('submit', event => event.preventDefault());
}
