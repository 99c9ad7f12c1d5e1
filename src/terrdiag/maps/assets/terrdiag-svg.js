/* terrdiag: the painter in SVG: each place is an element that takes the pointer and the focus. */
(function (window) {
  'use strict';

  const {terrdiag, L} = window;
  const {svg, set, LINES, COLORS} = terrdiag;

  terrdiag.svgPainter = function (map, scene) {
    const {x, y, starts, rings} = scene.draw;
    const root = L.svg({padding: 0.5}).addTo(map)._rootGroup;
    const patterns = terrdiag.addPatterns(root, Object.keys(terrdiag.LOOKS));
    const group = (parent) => svg('g', {}, parent);
    const [below, discs, above] = [root, root, root].map(group);
    const [places, over, borders] = [below, below, below].map(group);
    const halos = ['td-halo-out', 'td-halo'].map((name) => svg('path', {class: name}, above));
    const levels = {};
    const lines = {};
    let circles = [];

    function arcPath(ref, moves) {
      const k = ref >= 0 ? ref : -1 - ref;
      const ends = [starts[k], starts[k + 1] - 1];
      const step = ref >= 0 ? 1 : -1;
      const [from, to] = ref >= 0 ? ends : ends.reverse();
      let d = moves ? 'M' + x[from] + ' ' + Math.round(y[from]) : '';
      for (let i = from; i !== to;) {
        i += step;
        d += 'L' + x[i] + ' ' + Math.round(y[i]);
      }
      return d;
    }

    const pathOf = (level, place) => rings[level][place].map((ring) =>
      ring.map((ref, i) => arcPath(ref, !i)).join('') + 'Z').join('');

    function nodesOf(level) {
      if (!levels[level]) {
        const owner = group(places);
        levels[level] = {owner, nodes: scene[level].codes.map((code, place) => svg('path', {
          d: pathOf(level, place), class: 'td-place leaflet-interactive', 'fill-rule': 'evenodd',
          'data-place': place, 'data-code': code
        }, owner))};
      }
      return levels[level].nodes;
    }

    function update() {
      const {scale, x0, y0, at} = terrdiag.frameOf(map, scene);
      const transform = 'matrix(' + [scale, 0, 0, scale, x0, y0].join(' ') + ')';
      set(below, {transform});
      set(above, {transform});
      patterns.scale(1 / scale);
      circles.forEach(({node, point}) => {
        const [cx, cy] = at(point);
        set(node, {cx, cy});
      });
    }

    const sorted = terrdiag.sortBorders(scene);
    Object.keys(LINES).forEach((kind) => {
      lines[kind] = svg('path', {
        class: 'td-line', d: sorted[kind].map((k) => arcPath(k, true)).join(''),
        stroke: LINES[kind].color, 'stroke-width': LINES[kind].width
      }, borders);
    });

    return {
      update,
      focusable: (level, place) => nodesOf(level)[place],
      placeAt: () => -1,

      // paints: for each place {fill, look, over}, or null for a place that the view leaves out
      show(level, paints, list) {
        const nodes = nodesOf(level);
        const display = (on) => (on ? '' : 'none');
        Object.keys(levels).forEach((name) => { levels[name].owner.style.display = display(name === level); });
        Object.keys(lines).forEach((kind) => { lines[kind].style.display = display(!terrdiag.isHidden(kind, level)); });
        over.textContent = discs.textContent = '';
        nodes.forEach((node, place) => {
          const paint = paints[place];
          const fill = !paint ? COLORS.away : paint.look ? patterns.fill(paint.look) : paint.fill;
          set(node, {fill, stroke: fill});
          node.classList.toggle('td-away', !paint);
          if (paint && paint.over) svg('path', {
            class: 'td-line', d: node.getAttribute('d'), style: 'fill:' + patterns.fill(paint.over)
          }, over);
        });
        circles = list.map(({place, point, radius, status}) => ({point, node: svg('circle', {
          class: 'td-circle leaflet-interactive td-circle-' + status, r: radius, 'data-place': place
        }, discs)}));
        update();
      },

      outline(level, place) {
        const d = place < 0 ? '' : pathOf(level, place);
        halos.forEach((halo) => set(halo, {d}));
      }
    };
  };
}(window));
