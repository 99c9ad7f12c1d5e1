/* terrdiag: the legend of a view, as text: terrdiagLegend(element, view, {references: true: with the comparators}). */
(function (window) {
  'use strict';

  const {terrdiag} = window;
  const {svg, html} = terrdiag;

  function swatch(parent, {color, pattern, status}) {
    const box = svg('svg', {class: 'td-swatch', width: 28, height: 16, 'aria-hidden': true}, parent);
    const frame = {x: 0.5, y: 0.5, width: 27, height: 15, stroke: '#555'};
    if (color === 'circle') svg('circle', {cx: 14, cy: 8, r: 7, class: 'td-circle td-circle-' + status}, box);
    else svg('rect', Object.assign({fill: color || '#fff'}, frame), box);
    if (pattern && !color) {
      svg('rect', Object.assign({fill: terrdiag.addPatterns(box, [pattern]).fill(pattern)}, frame), box);
    }
  }

  // nested circles, standing on the same point
  function references(parent, {maxRadius, maxCircle, circles}) {
    const radius = (value) => maxRadius * Math.sqrt(value / maxCircle);
    const half = radius(circles[0].value);
    const [width, height] = [2 * half + 160, 2 * half + 16];
    const box = svg('svg', {
      class: 'td-nested', width, height, viewBox: [-1, -8, width, height].join(' '), role: 'img',
      'aria-label': circles.map(({text}) => text).join(', ')
    }, parent);
    let y = -Infinity;
    circles.forEach(({value, text}) => {
      const r = radius(value);
      const top = 2 * (half - r);
      y = Math.max(top, y + 14);
      svg('circle', {cx: half, cy: 2 * half - r, r, class: 'td-circle'}, box);
      svg('path', {d: 'M' + half + ' ' + top + 'h' + (half + 4) + 'L' + (2 * half + 12) + ' ' + y, class: 'td-nested-line'}, box);
      svg('text', {x: 2 * half + 16, y: y + 4}, box).textContent = text;
    });
  }

  window.terrdiagLegend = function (element, viewJson, options) {
    const view = window.terrdiagView(viewJson);
    element.textContent = '';
    element.classList.add('td-legend');
    html('p', 'td-legend-title', element, view.legendTitle);
    if (view.circles.length) references(element, view);
    const list = html('ul', '', element);
    view.legend.forEach((row) => {
      const item = html('li', '', list);
      swatch(item, row);
      html('span', 'td-label', item, row.label);
      html('span', 'td-count', item, row.countText);
    });
    if (options && options.references && view.references.length) {
      const facts = html('dl', 'td-references', element);
      view.references.forEach(([name, text]) => {
        html('dt', '', facts, name);
        html('dd', '', facts, text);
      });
    }
    [...view.notes, view.source].forEach((note) => html('p', 'td-note', element, note));
  };
}(window));
