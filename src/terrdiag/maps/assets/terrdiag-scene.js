/* terrdiag: the scene (geometry, names) and the view (one indicator, one year) unpacked. Plain ES2019.
 *
 *   const scene = terrdiagScene(sceneJson)   once; scene.commune and scene.epci have codes, names, inside
 *   const view = terrdiagView(viewJson)      once; texts, statuses, classOf, aligned on scene[view.level].codes
 *
 * Lengths called « steps » are steps of the grid of the scene, in Mercator: x to the east, y to the south, from
 * the origin of the scene.
 */
(function (window) {
  'use strict';

  // numbers packed as text: the same table as packing.py
  const LEADS = [40, 42, 5, 1, 1];
  const BASE = 89;
  const RANK = new Uint8Array(128);
  for (let code = 33, rank = 0; code < 127; code++) {
    if (!'"&<>\\'.includes(String.fromCharCode(code))) RANK[code] = rank++;
  }

  function unpack(text) {
    const numbers = new Int32Array(text.length);
    let size = 0;
    for (let at = 0; at < text.length;) {
      let number = RANK[text.charCodeAt(at++)];
      let low = 0;
      let length = 0;
      for (let scale = 1; number >= LEADS[length]; scale *= BASE) {
        number -= LEADS[length];
        low += scale * LEADS[length++];
      }
      for (; length > 0; length--) number = number * BASE + RANK[text.charCodeAt(at++)];
      numbers[size++] = number + low;
    }
    return numbers.subarray(0, size);
  }

  const unzigzag = (n) => (n & 1 ? -(n + 1) / 2 : n / 2);

  // ranks written as the difference with the one before
  function unpackRanks(text) {
    let at = 0;
    return Array.from(unpack(text), (step) => (at += step));
  }

  const unpackCodes = (codes) => [].concat(...codes.map((run) => (typeof run === 'string' ? run
    : unpackRanks(run[1]).map((rank) => run[0] + String(rank).padStart(3, '0')))));

  const unpackNames = (names) => (typeof names === 'string' ? names.split('|') : names);

  // flags written as the ranks where they change
  function unpackFlags(text, size) {
    const flags = new Array(size).fill(0);
    unpackRanks(text).forEach((from, i) => flags.fill(1 - i % 2, from));
    return flags;
  }

  const RADIAN = Math.PI / 180;
  const DEGREE = 65536;
  const mercator = (y) => -DEGREE / RADIAN * Math.log(Math.tan(Math.PI / 4 + y / DEGREE * RADIAN / 2));

  // rings of each place: arc k run forwards is k, run backwards is -1 - k
  function readRings(text) {
    const n = unpack(text);
    const places = [];
    let met = -1;
    for (let at = 0; at < n.length;) {
      const rings = [];
      for (let count = n[at++]; count > 0; count--) {
        const ring = [];
        for (let refs = n[at++]; refs > 0; refs--) {
          const code = n[at++];
          const back = (code - 1) >> 1;
          ring.push(code === 0 ? ++met : code & 1 ? back - met - 1 : met - back);
        }
        rings.push(ring);
      }
      places.push(rings);
    }
    return places;
  }

  // arcs come in the order the rings first meet them; an end that a ring gives away is not written
  function readArcs(text, places) {
    const n = unpack(text);
    const lon = new Int32Array(n.length * 2 + 4);
    const lat = new Int32Array(n.length * 2 + 4);
    const starts = [0];
    let at = 0;
    let size = 0;
    let x = 0;
    let y = 0;
    const put = () => { lon[size] = x; lat[size++] = y; };
    const step = () => { x += unzigzag(n[at++]); y += unzigzag(n[at++]); };
    const jump = (point) => { x = lon[point]; y = lat[point]; };
    const first = (ref) => (ref >= 0 ? starts[ref] : starts[-ref] - 1);
    places.forEach((rings) => rings.forEach((ring) => {
      const known = starts.length - 1;
      const isOld = (ref) => ref < known;
      if (ring[0] >= known) {
        const last = ring[ring.length - 1];
        if (isOld(last)) jump(first(-1 - last));
        else {
          // from where the last arc ended
          if (size) jump(size - 1);
          step();
        }
      }
      let home = -1;
      ring.forEach((ref, i) => {
        if (isOld(ref)) {
          if (home < 0) home = first(ref);
          jump(first(-1 - ref));
          return;
        }
        if (home < 0) home = size;
        put();
        for (let left = n[at++]; left > 0; left--) { step(); put(); }
        const next = ring[i + 1];
        if (i === ring.length - 1) jump(home);
        else if (isOld(next)) jump(first(next));
        else step();
        put();
        starts.push(size);
      });
    }));
    // from the first point: small numbers, which painters may hold in single precision
    const origin = [lon[0], mercator(lat[0])];
    return {
      origin,
      x: Int32Array.from(lon.subarray(0, size), (n) => n - origin[0]),
      y: Float64Array.from(lat.subarray(0, size), (n) => mercator(n) - origin[1]),
      starts: Int32Array.from(starts)
    };
  }

  // the place on each side of each arc (-1: none)
  function readFaces(places, arcs) {
    const left = new Int32Array(arcs).fill(-1);
    const right = new Int32Array(arcs).fill(-1);
    places.forEach((rings, place) => rings.forEach((ring) => ring.forEach((ref) => {
      if (ref >= 0) left[ref] = place;
      else right[-1 - ref] = place;
    })));
    return {left, right};
  }

  // rings around groups of places, from the arcs that have the group on one side only
  function ringsOfGroups(groupOf, groups, {x, y, starts, faces}) {
    const group = (place) => (place < 0 ? -1 : groupOf[place]);
    const first = (ref) => (ref >= 0 ? starts[ref] : starts[-ref] - 1);
    const last = (ref) => (ref >= 0 ? starts[ref + 1] - 1 : starts[-1 - ref]);
    const node = (point) => x[point] + ',' + y[point];
    const open = Array.from({length: groups}, () => new Map());
    const put = (owner, ref) => {
      if (owner < 0) return;
      const from = node(first(ref));
      const refs = open[owner].get(from);
      if (refs) refs.push(ref);
      else open[owner].set(from, [ref]);
    };
    for (let k = 0; k < faces.left.length; k++) {
      const a = group(faces.left[k]);
      const b = group(faces.right[k]);
      if (a === b) continue;
      put(a, k);
      put(b, -1 - k);
    }
    return open.map((from) => {
      const rings = [];
      from.forEach((refs) => {
        while (refs.length) {
          const ring = [refs.pop()];
          for (;;) {
            const next = from.get(node(last(ring[ring.length - 1])));
            if (!next || !next.length) break;
            ring.push(next.pop());
          }
          rings.push(ring);
        }
      });
      return rings;
    });
  }

  function terrdiagScene(json) {
    const scene = typeof json === 'string' ? JSON.parse(json) : json;
    if (scene.draw) return scene;
    [scene.commune, scene.epci].forEach((layer) => {
      layer.codes = unpackCodes(layer.codes);
      layer.names = unpackNames(layer.names);
      layer.inside = unpackFlags(layer.inside, layer.codes.length);
    });
    const rings = readRings(scene.commune.geom);
    const draw = readArcs(scene.arcs, rings);
    draw.faces = readFaces(rings, draw.starts.length - 1);
    draw.epciOf = Int32Array.from(unpack(scene.commune.epci), (n) => n - 1);
    draw.rings = {commune: rings};
    // only the maps by EPCI need their outlines
    Object.defineProperty(draw.rings, 'epci', {
      get() {
        const made = ringsOfGroups(draw.epciOf, scene.epci.codes.length, draw);
        Object.defineProperty(draw.rings, 'epci', {value: made});
        return made;
      },
      configurable: true
    });
    // not listed: it is not part of the data
    Object.defineProperty(scene, 'draw', {value: draw});
    return scene;
  }

  const NNBSP = '\u202f';
  const NBSP = '\u00a0';
  const WORDS = {
    ok: '', estimate: 'estimation', partial: 'partiel', too_small: 'effectif trop faible',
    secret: 'secret statistique', missing: 'n.d.', not_applicable: 'sans objet'
  };

  function formatNumber(value, decimals, signed) {
    const [whole, part] = Math.abs(value).toFixed(decimals).split('.');
    const body = whole.replace(/\B(?=(\d{3})+$)/g, NNBSP) + (part ? ',' + part : '');
    return (value < 0 ? '\u2212' : signed && value > 0 ? '+' : '') + body;
  }

  // numbers between commas, nothing where not known; _7_ for seven commas in a row
  const unpackValues = (text) => text.replace(/_(\d+)_/g, (run, n) => ','.repeat(n)).split(',')
    .map((value) => (value === '' ? null : Number(value)));

  function terrdiagView(json) {
    const view = typeof json === 'string' ? JSON.parse(json) : json;
    if (view.texts) return view;
    const {breaks, colors} = view.classes;
    if (typeof view.values === 'string') view.values = unpackValues(view.values);
    view.statuses = view.values.map((value) => (value === null ? null : 'ok'));
    Object.keys(view.marks).forEach((status) => unpackRanks(view.marks[status]).forEach((place) => {
      view.statuses[place] = status;
    }));
    view.texts = view.values.map((value, i) => {
      const words = (view.statuses[i] === 'fragile' ? view.fragile : WORDS[view.statuses[i]]) || '';
      if (value === null) return words;
      const text = formatNumber(value, view.decimals, view.signed) + (view.unit ? NBSP + view.unit : '');
      return words ? text + ' (' + words + ')' : text;
    });
    view.classOf = view.values.map((value) => {
      if (value === null || !colors.length) return -1;
      let k = 0;
      while (k < colors.length - 1 && value >= breaks[k + 1]) k++;
      return k;
    });
    return view;
  }

  function ringPoints(draw, ring) {
    const points = [];
    ring.forEach((ref) => {
      const k = ref >= 0 ? ref : -1 - ref;
      const first = draw.starts[k];
      const last = draw.starts[k + 1] - 1;
      if (ref >= 0) for (let i = first; i < last; i++) points.push([draw.x[i], draw.y[i]]);
      else for (let i = last; i > first; i--) points.push([draw.x[i], draw.y[i]]);
    });
    return points;
  }

  function centroid(points) {
    const [ox, oy] = points[0];
    let area = 0;
    let x = 0;
    let y = 0;
    points.forEach(([ax, ay], i) => {
      const [bx, by] = points[(i + 1) % points.length];
      const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
      area += cross;
      x += (ax + bx - 2 * ox) * cross;
      y += (ay + by - 2 * oy) * cross;
    });
    return {area: Math.abs(area), x: ox + (area && x / area / 3), y: oy + (area && y / area / 3)};
  }

  // where a ring crosses the parallel of y
  function cutsAt(points, y) {
    const cuts = [];
    points.forEach(([ax, ay], i) => {
      const [bx, by] = points[(i + 1) % points.length];
      if ((ay > y) !== (by > y)) cuts.push(ax + (y - ay) / (by - ay) * (bx - ax));
    });
    return cuts;
  }

  // a point to write on, and the room there: the centroid of the largest ring, or, when that falls outside or in a
  // hole, the middle of the widest span on its parallel
  function anchorOf(draw, rings) {
    const points = rings.map((ring) => ringPoints(draw, ring));
    const best = points.map(centroid).reduce((a, b) => (b.area > a.area ? b : a));
    const cuts = [].concat(...points.map((ring) => cutsAt(ring, best.y))).sort((a, b) => a - b);
    let [x, widest] = [best.x, 0];
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      const room = cuts[i + 1] - cuts[i];
      if (cuts[i] <= best.x && best.x <= cuts[i + 1]) return [best.x, best.y, room];
      if (room > widest) [x, widest] = [(cuts[i] + cuts[i + 1]) / 2, room];
    }
    return [x, best.y, widest];
  }

  window.terrdiag = {DEGREE, NBSP, WORDS, formatNumber, ringPoints, cutsAt, anchorOf};
  window.terrdiagScene = terrdiagScene;
  window.terrdiagView = terrdiagView;
}(window));
