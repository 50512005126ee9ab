// Ten minutes as lines, drawn as SVG.

import { list, make, text } from './dom.js';
import { millis, rate } from './text.js';

// The columns of a moment, in the order of ConsoleJson.moment.
const AT = 0, RATE = 1, FAILED = 2, P50 = 3, P95 = 4, P99 = 5, WAIT = 6, REFUSED = 10;
const WIDTH = 600, HEIGHT = 100, SPAN = 600000;
const SVG = 'http://www.w3.org/2000/svg';

const CHARTS = [
  {
    title: 'Requests per second', format: rate,
    lines: [['answered', 'first', RATE], ['failed', 'third', FAILED], ['refused', 'second', REFUSED]],
  },
  {
    title: 'Latency', format: millis,
    lines: [['half take less (p50)', 'first', P50], ['p95', 'second', P95], ['p99', 'third', P99]],
  },
  {
    title: 'Wait for a child', format: millis,
    lines: [['p95', 'first', WAIT]],
  },
];

/** Draws the charts into an element. */
export function draw(parent, history) {
  list(parent, CHARTS, chart => chart.title, create, (figure, chart) => update(figure, chart, history));
}

function create(chart) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'chart');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  svg.setAttribute('role', 'img');
  for (const y of [0, 0.5, 1]) {
    const grid = document.createElementNS(SVG, 'line');
    grid.setAttribute('class', 'grid');
    grid.setAttribute('x2', WIDTH);
    grid.setAttribute('y1', y * HEIGHT);
    grid.setAttribute('y2', y * HEIGHT);
    svg.append(grid);
  }
  for (const [, color] of chart.lines) {
    const line = document.createElementNS(SVG, 'polyline');
    line.setAttribute('class', color);
    svg.append(line);
  }
  const caption = make('figcaption', '', make('b', '', chart.title));
  for (const [name, color] of chart.lines) {
    caption.append(make('span', 'key ' + color, name + ' '));
  }
  return make('figure', '', caption, make('div', 'axis', make('span', '')), svg,
    make('div', 'axis', make('span', '', '10 min ago'), make('span', '', 'now')));
}

function update(figure, chart, history) {
  const end = history.length ? history[history.length - 1][AT] : 0;
  const shown = history.filter(moment => end - moment[AT] <= SPAN);
  let most = 0;
  for (const moment of shown) {
    for (const [, , column] of chart.lines) {
      most = Math.max(most, moment[column]);
    }
  }
  const top = ceiling(most);
  const svg = figure.querySelector('svg');
  const lines = svg.querySelectorAll('polyline');
  const spoken = [];
  chart.lines.forEach(([name, , column], index) => {
    const points = [];
    for (const moment of shown) {
      const value = Math.max(0, moment[column]);
      points.push(`${(WIDTH * (1 - (end - moment[AT]) / SPAN)).toFixed(1)},${(HEIGHT * (1 - value / top)).toFixed(1)}`);
    }
    lines[index].setAttribute('points', points.join(' '));
    const last = shown.length ? shown[shown.length - 1][column] : 0;
    spoken.push(`${name} ${chart.format(last)}`);
  });
  text(figure.querySelector('.axis span'), chart.format(top));
  svg.setAttribute('aria-label', `${chart.title}, now: ${spoken.join(', ')}; the most in ten minutes: ${chart.format(most)}`);
}

/** The next 1, 2 or 5 with zeros, so that the scale seldom changes. */
function ceiling(value) {
  let step = 1;
  while (step < value) {
    step = String(step).startsWith('2') ? step * 2.5 : step * 2;
  }
  return step;
}
