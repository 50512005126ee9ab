// The profiles and traces of the debug lane: a list, each to be downloaded, and the calls of a profile drawn as a flame graph from the top.

import { send } from './actions.js';
import { attribute, id, list, make, text } from './dom.js';
import { bytes } from './text.js';

const SVG = 'http://www.w3.org/2000/svg';
const ROW = 18;
const MOST_ROWS = 60;
const MOST_LISTED = 10;

let root = null; // of the profile that is shown
let shown = null; // the call that takes the whole width

function milliseconds(nanos) {
  return `${(nanos / 1e6).toFixed(nanos < 1e7 ? 3 : 1)} ms`;
}

/** Looks which files there are. Without a debug lane the section stays hidden. */
export async function look() {
  const answer = await fetch('debug', { headers: { Accept: 'application/json' }, credentials: 'omit' }).catch(() => null);
  const found = answer && answer.ok ? await answer.json() : { possible: false, files: [] };
  id('profiles-section').hidden = !found.possible;
  id('profiles-none').hidden = found.files.length > 0;
  list(id('profiles'), found.files, file => file.name, create, update);
}

function create(file) {
  const item = make('li', '', make('time', ''), make('span', 'what'), ' ', make('span', 'detail'));
  const download = make('button', '', 'Download');
  download.type = 'button';
  attribute(download, 'aria-label', `Download ${file.name}`);
  download.addEventListener('click', () => save(file.name));
  item.append(download);
  if (file.mode === 'profile') {
    const draw = make('button', '', 'Flame graph');
    draw.type = 'button';
    attribute(draw, 'aria-label', `Flame graph of ${file.name}`);
    draw.addEventListener('click', () => show(file.name));
    item.append(' ', draw);
  }
  return item;
}

function update(item, file) {
  text(item.querySelector('time'), new Date(file.time).toLocaleTimeString());
  text(item.querySelector('.what'), file.script || file.name);
  text(item.querySelector('.detail'), `${file.mode}, ${bytes(file.bytes)}${file.complete ? '' : ', is being written'}, ${file.name}`);
}

async function get(path) {
  text(id('profiles-result'), 'is fetched');
  const answer = await send('POST', path).catch(problem => ({ ok: false, statusText: problem.message }));
  if (answer.ok) {
    text(id('profiles-result'), '');
    return answer;
  }
  const told = answer.json ? await answer.json().catch(() => ({})) : {};
  text(id('profiles-result'), told.problem || answer.statusText || `refused with ${answer.status}`);
  return null;
}

async function save(name) {
  const answer = await get(`debug/files/${name}`);
  if (answer) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

async function show(name) {
  const answer = await get(`debug/files/${name}/calls`);
  if (answer) {
    root = await answer.json();
    text(id('flame-head'), `Calls of ${name}`);
    zoom(root);
    id('flame').showModal();
  }
}

function zoom(call) {
  shown = call;
  id('flame-all').disabled = call === root;
  draw();
  tell(call);
}

function tell(call) {
  const share = root.total > 0 ? (100 * call.total / root.total).toFixed(1) : '100.0';
  text(id('flame-call'), `${call.name}: ${milliseconds(call.total)} (${share} %), ${milliseconds(call.self)} of it in itself, ${call.calls} calls`);
}

/** One colour for one name, warm as flames are. */
function colour(name) {
  let hash = 0;
  for (const letter of name) {
    hash = (31 * hash + letter.codePointAt(0)) % 997;
  }
  return `hsl(${name.startsWith('php::') ? 200 : 15 + hash % 40} 75% ${70 + hash % 12}%)`;
}

function draw() {
  const svg = id('flame-graph');
  svg.replaceChildren();
  const width = 1000;
  let rows = 0;
  const place = (call, row, left, space) => {
    if (row >= MOST_ROWS || space < 0.5) {
      return;
    }
    rows = Math.max(rows, row + 1);
    svg.append(box(call, row, left, space));
    let from = left;
    for (const callee of call.callees) {
      const part = call.total > 0 ? space * callee.total / call.total : 0;
      place(callee, row + 1, from, part);
      from += part;
    }
  };
  place(shown, 0, 0, width);
  attribute(svg, 'viewBox', `0 0 ${width} ${rows * ROW}`);
  drawList();
}

function box(call, row, left, space) {
  const group = document.createElementNS(SVG, 'g');
  const rect = document.createElementNS(SVG, 'rect');
  for (const [name, value] of [['x', left], ['y', row * ROW], ['width', Math.max(0.3, space - 0.5)], ['height', ROW - 1], ['fill', colour(call.name)]]) {
    attribute(rect, name, value);
  }
  group.append(rect);
  if (space > 40) {
    const words = document.createElementNS(SVG, 'text');
    attribute(words, 'x', left + 3);
    attribute(words, 'y', row * ROW + 13);
    const most = Math.floor(space / 7);
    words.textContent = call.name.length > most ? `${call.name.slice(0, Math.max(1, most - 1))}…` : call.name;
    group.append(words);
  }
  group.addEventListener('mouseenter', () => tell(call));
  group.addEventListener('click', () => zoom(call));
  return group;
}

/** The functions with the most time of their own, in what is shown: the same for those who see no picture, and to zoom by the keyboard. */
function drawList() {
  const own = new Map();
  const gather = call => {
    const sum = own.get(call.name) || { name: call.name, self: 0, calls: 0, call };
    sum.self += call.self;
    sum.calls += call.calls;
    own.set(call.name, sum);
    call.callees.forEach(gather);
  };
  gather(shown);
  const most = [...own.values()].sort((a, b) => b.self - a.self).slice(0, MOST_LISTED);
  list(id('flame-list'), most, one => one.name,
    one => {
      const button = make('button', '');
      button.type = 'button';
      return make('li', '', button);
    },
    (item, one) => {
      text(item.firstChild, `${one.name}: ${milliseconds(one.self)}, ${one.calls} calls`);
      item.firstChild.onclick = () => zoom(one.call);
    });
}

/** Makes the section and its dialog work. */
export function prepare() {
  id('profiles-look').addEventListener('click', look);
  id('flame-all').addEventListener('click', () => zoom(root));
  id('flame-close').addEventListener('click', () => id('flame').close());
}
