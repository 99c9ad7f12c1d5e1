/* terrdiag: what the parts of the map share: borders by kind, patterns, steps to pixels, elements. */
(function (window) {
  'use strict';

  const {terrdiag} = window;

  terrdiag.LINES = {
    away: {color: '#c6c6c6', width: 0.6},
    awayEpci: {color: '#9a9a9a', width: 0.9},
    commune: {color: '#6b6b6b', width: 0.6},
    epci: {color: '#2b2b2b', width: 1.4},
    perimeter: {color: '#111', width: 3}
  };

  // on a map by EPCI, these borders mean nothing
  terrdiag.isHidden = (kind, level) => level === 'epci' && (kind === 'away' || kind === 'commune');

  // arcs by kind of border: each arc once, under its strongest kind
  terrdiag.sortBorders = function (scene) {
    const {faces: {left, right}, epciOf} = scene.draw;
    const {inside} = scene.commune;
    const kinds = {away: [], awayEpci: [], commune: [], epci: [], perimeter: []};
    left.forEach((a, k) => {
      const b = right[k];
      const ours = a >= 0 && inside[a] ? 1 : 0;
      const theirs = b >= 0 && inside[b] ? 1 : 0;
      if (ours !== theirs) kinds.perimeter.push(k);
      else if (a < 0 || b < 0) return;
      else if (epciOf[a] === epciOf[b]) kinds[ours ? 'commune' : 'away'].push(k);
      else kinds[ours ? 'epci' : 'awayEpci'].push(k);
    });
    return kinds;
  };

  // steps of the scene to pixels of the layers of the map
  terrdiag.frameOf = function (map, {draw}) {
    const scale = 256 * Math.pow(2, map.getZoom()) / 360 / terrdiag.DEGREE;
    const origin = map.getPixelOrigin();
    const half = 180 * terrdiag.DEGREE * scale;
    const x0 = half + draw.origin[0] * scale - origin.x;
    const y0 = half + draw.origin[1] * scale - origin.y;
    return {scale, x0, y0, at: ([x, y]) => [x * scale + x0, y * scale + y0]};
  };

  terrdiag.set = function (node, attributes) {
    Object.keys(attributes).forEach((key) => node.setAttribute(key, attributes[key]));
    return node;
  };

  terrdiag.on = (node, acts) => Object.keys(acts).forEach((type) => node.addEventListener(type, acts[type]));

  terrdiag.html = function (tag, className, parent, text) {
    const made = document.createElement(tag);
    made.className = className;
    if (text) made.textContent = text;
    return parent.appendChild(made);
  };

  const svg = terrdiag.svg = (name, attributes, parent) =>
    parent.appendChild(terrdiag.set(document.createElementNS('http://www.w3.org/2000/svg', name), attributes));

  let serial = 0;

  // SVG patterns for the looks of statuses; their ids are unique in the document
  terrdiag.addPatterns = function (parent, statuses) {
    const defs = svg('defs', {}, parent);
    const prefix = 'td' + (++serial) + '-';
    const made = statuses.map((status) => {
      const {size, ground, ink, path, width} = terrdiag.LOOKS[status];
      const pattern = svg('pattern', {
        id: prefix + status, width: size, height: size, patternUnits: 'userSpaceOnUse'
      }, defs);
      if (ground) svg('rect', {width: size, height: size, fill: ground}, pattern);
      const stroke = (color, wide) =>
        svg('path', {d: path, stroke: color, 'stroke-width': wide, 'stroke-linecap': 'round', fill: 'none'}, pattern);
      // over the colour of a class, dark or light: a dark stroke in a light one
      if (!ground) stroke('#fff', 2.4 * width);
      stroke(ink, width);
      return pattern;
    });
    return {
      fill: (status) => 'url(#' + prefix + status + ')',
      scale: (scale) => made.forEach((pattern) => pattern.setAttribute('patternTransform', 'scale(' + scale + ')'))
    };
  };
}(window));
