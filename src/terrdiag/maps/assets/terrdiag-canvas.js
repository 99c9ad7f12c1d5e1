/* terrdiag: the painter on a canvas, for thousands of places: each arc is projected once a zoom, places of a
 * colour are filled together. A single element takes the focus for all of them.
 */
(function (window) {
  'use strict';

  const {terrdiag, L} = window;
  const {LINES, COLORS, html} = terrdiag;
  const BATCH = 300;

  // a box for each place, to know which one lies under the pointer
  function boxesOf(draw, places) {
    return places.map((rings) => {
      const box = [Infinity, Infinity, -Infinity, -Infinity];
      rings.forEach((ring) => ring.forEach((ref) => {
        const k = ref >= 0 ? ref : -1 - ref;
        for (let i = draw.starts[k]; i < draw.starts[k + 1]; i++) {
          if (draw.x[i] < box[0]) box[0] = draw.x[i];
          if (draw.y[i] < box[1]) box[1] = draw.y[i];
          if (draw.x[i] > box[2]) box[2] = draw.x[i];
          if (draw.y[i] > box[3]) box[3] = draw.y[i];
        }
      }));
      return box;
    });
  }

  function patternsOf(ctx, ratio) {
    const made = {};
    Object.keys(terrdiag.LOOKS).forEach((status) => {
      const {size, ground, ink, path, width} = terrdiag.LOOKS[status];
      const tile = document.createElement('canvas');
      tile.width = tile.height = size * ratio;
      const pen = tile.getContext('2d');
      pen.scale(ratio, ratio);
      pen.fillStyle = ground || 'transparent';
      pen.fillRect(0, 0, size, size);
      pen.lineCap = 'round';
      const stroke = (color, wide) => {
        Object.assign(pen, {strokeStyle: color, lineWidth: wide});
        pen.stroke(new window.Path2D(path));
      };
      if (!ground) stroke('#fff', 2.4 * width);
      stroke(ink, width);
      made[status] = ctx.createPattern(tile, 'repeat');
      made[status].setTransform(new window.DOMMatrix().scale(1 / ratio));
    });
    return made;
  }

  terrdiag.canvasPainter = function (map, scene) {
    const {draw} = scene;
    const renderer = L.canvas({padding: 0.15}).addTo(map);
    const ctx = renderer._ctx;
    const borders = terrdiag.sortBorders(scene);
    const patterns = patternsOf(ctx, L.Browser.retina ? 2 : 1);
    // before the buttons, as the places of a map in SVG are
    const keyboard = html('div', 'td-keyboard', map.getContainer());
    map.getPane('mapPane').after(keyboard);
    const boxes = {};
    let shown = null;
    let outlined = null;
    let wire = null;
    let waiting = 0;

    // pixels of the arcs at this zoom, without the vertices that fall on the same pixel as the one before
    function project() {
      const {scale, x0, y0} = terrdiag.frameOf(map, scene);
      if (wire && wire.scale === scale && wire.x0 === x0 && wire.y0 === y0) return wire;
      const x = new Float32Array(draw.x.length);
      const y = new Float32Array(draw.x.length);
      const starts = new Int32Array(draw.starts.length);
      let size = 0;
      for (let k = 0; k + 1 < draw.starts.length; k++) {
        const last = draw.starts[k + 1] - 1;
        for (let i = draw.starts[k]; i <= last; i++) {
          const u = draw.x[i] * scale + x0;
          const v = draw.y[i] * scale + y0;
          const far = size === starts[k] || Math.abs(u - x[size - 1]) + Math.abs(v - y[size - 1]) > 0.8;
          if (!far && i < last) continue;
          x[size] = u;
          y[size++] = v;
        }
        starts[k + 1] = size;
      }
      wire = {scale, x0, y0, x, y, starts};
      return wire;
    }

    function trace(rings) {
      const {x, y, starts} = wire;
      for (const ring of rings) {
        let moved = false;
        for (const ref of ring) {
          const k = ref >= 0 ? ref : -1 - ref;
          const step = ref >= 0 ? 1 : -1;
          const stop = ref >= 0 ? starts[k + 1] : starts[k] - 1;
          let i = ref >= 0 ? starts[k] : starts[k + 1] - 1;
          if (!moved) ctx.moveTo(x[i], y[i]);
          moved = true;
          for (i += step; i !== stop; i += step) ctx.lineTo(x[i], y[i]);
        }
        ctx.closePath();
      }
    }

    function fill(rings, places, style, edge) {
      ctx.fillStyle = style;
      ctx.strokeStyle = style;
      ctx.lineWidth = 0.7;
      for (let from = 0; from < places.length; from += BATCH) {
        ctx.beginPath();
        places.slice(from, from + BATCH).forEach((place) => trace(rings[place]));
        ctx.fill('evenodd');
        if (edge) ctx.stroke();
      }
    }

    function strokeBorders() {
      const {x, y, starts, scale} = wire;
      const places = draw.rings[shown.level].length;
      const [[south, west], [north, east]] = scene.bounds;
      const size = Math.sqrt((east - west) * (north - south) / places) * terrdiag.DEGREE * scale;
      Object.keys(LINES).filter((kind) => !terrdiag.isHidden(kind, shown.level)).forEach((kind) => {
        // thousands of borders would hide the colours: they come with the zoom
        const faint = Math.min(1, terrdiag.isHidden(kind, 'epci') ? (size - 4) / 16 : 0.2 + size / 24);
        if (faint <= 0) return;
        ctx.globalAlpha = kind === 'perimeter' ? 1 : faint;
        ctx.strokeStyle = LINES[kind].color;
        ctx.lineWidth = LINES[kind].width * Math.max(kind === 'perimeter' ? 0.6 : 0.4, faint);
        ctx.beginPath();
        borders[kind].forEach((k) => {
          ctx.moveTo(x[starts[k]], y[starts[k]]);
          for (let i = starts[k] + 1; i < starts[k + 1]; i++) ctx.lineTo(x[i], y[i]);
        });
        ctx.stroke();
      });
      ctx.globalAlpha = 1;
    }

    function strokeCircles() {
      const {at} = terrdiag.frameOf(map, scene);
      shown.circles.forEach(({point, radius, status}) => {
        ctx.beginPath();
        ctx.arc(...at(point), radius, 0, 2 * Math.PI);
        ctx.fillStyle = COLORS.circle + '9e';
        ctx.fill();
        ctx.setLineDash(status === 'estimate' ? [4, 3] : status === 'partial' ? [1, 2] : []);
        // thousands of dark edges would make a blot
        ctx.strokeStyle = status === 'ok' ? '#ffffff' : COLORS.circleEdge;
        ctx.lineWidth = 0.7;
        ctx.stroke();
      });
      ctx.setLineDash([]);
    }

    function paint() {
      if (!shown) return;
      project();
      ctx.lineJoin = 'round';
      const rings = draw.rings[shown.level];
      shown.fills.forEach((places, style) => fill(rings, places, style, true));
      shown.looks.forEach((places, status) => fill(rings, places, patterns[status], false));
      strokeBorders();
      strokeCircles();
      if (!outlined) return;
      ctx.beginPath();
      trace(draw.rings[outlined.level][outlined.place]);
      [['#ffffff', 6], [COLORS.focus, 3]].forEach(([color, width]) => {
        ctx.strokeStyle = color;
        ctx.lineWidth = width;
        ctx.stroke();
      });
    }

    // one repaint a frame, whatever asks for it
    function later() {
      if (!waiting) waiting = window.requestAnimationFrame(() => { waiting = 0; renderer._update(); });
    }

    renderer.on('update', paint);
    // Leaflet clears the canvas to draw its own paths, of which there are none
    renderer._updatePaths = () => { };

    function under(rings, boxed, x, y) {
      for (let place = 0; place < boxed.length; place++) {
        const box = boxed[place];
        if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) continue;
        const crossed = rings[place].reduce((n, ring) =>
          n + terrdiag.cutsAt(terrdiag.ringPoints(draw, ring), y).filter((cut) => cut < x).length, 0);
        if (crossed % 2) return place;
      }
      return -1;
    }

    return {
      update() { },

      focusable(level, place) {
        keyboard.setAttribute('data-place', place);
        return keyboard;
      },

      placeAt(event) {
        if (!shown || !event.target.closest('.leaflet-map-pane')) return -1;
        const {scale, x0, y0} = terrdiag.frameOf(map, scene);
        const at = map.mouseEventToLayerPoint(event);
        const rings = draw.rings[shown.level];
        boxes[shown.level] = boxes[shown.level] || boxesOf(draw, rings);
        return under(rings, boxes[shown.level], (at.x - x0) / scale, (at.y - y0) / scale);
      },

      show(level, paints, circles) {
        const fills = new Map();
        const looks = new Map();
        const put = (map_, key, place) => {
          if (!map_.has(key)) map_.set(key, []);
          map_.get(key).push(place);
        };
        paints.forEach((one, place) => {
          if (!one) put(fills, COLORS.away, place);
          else if (one.look) put(looks, one.look, place);
          else put(fills, one.fill, place);
          if (one && one.over) put(looks, one.over, place);
        });
        shown = {level, fills, looks, circles};
        renderer._update();
      },

      outline(level, place) {
        outlined = place < 0 ? null : {level, place};
        later();
      }
    };
  };
}(window));
