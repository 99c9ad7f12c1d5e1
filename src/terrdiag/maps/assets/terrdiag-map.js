/* terrdiag: the map of a scene. Plain ES2019; needs Leaflet (L).
 *
 *   const map = terrdiagMap(element, scene, {})   draws the ground of the map; {labels: {…}} changes its words
 *   map.show(view)          fills the places
 *   map.focus(code|null)    highlights a place; tells nobody
 *   map.onFocus(fn)         fn(code|null) when the reader points at, taps or reaches a place with the keyboard
 *   map.recenter(), map.resize(), map.remove(), map.leaflet
 */
(function (window) {
  'use strict';

  const {terrdiag, L} = window;
  const {html, set, on} = terrdiag;
  const CANVAS_FROM = 1500;
  const NAMES_AT_HOME = 16;
  const FINEST = 13;  // beyond this zoom, generalised outlines have nothing more to show

  const TEXTS = {
    map: 'Carte. Touches fléchées\u00a0: passer d’un lieu à l’autre\u202f; Échap\u00a0: quitter.',
    zoomIn: 'Agrandir', zoomOut: 'Réduire', recenter: 'Recentrer', away: 'hors du territoire', cls: 'classe',
    wheel: 'Cliquez sur la carte pour l’agrandir à la molette'
  };

  // acts: [sign, words or nothing, what it does]
  function addBar(map, position, acts) {
    const Bar = L.Control.extend({
      onAdd() {
        const bar = html('div', 'leaflet-bar td-' + position, document.createElement('div'));
        acts.forEach(([sign, title, act]) => {
          const button = set(html('button', '', bar, sign), {type: 'button'});
          if (title) set(button, {title, 'aria-label': title});
          button.onclick = act;
        });
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      }
    });
    new Bar({position}).addTo(map);
  }

  // the page scrolls until the reader has shown an interest in the map
  function tameWheel(container, map, texts) {
    const hint = set(html('div', 'td-hint', container, texts.wheel), {'aria-hidden': true});
    let timer = 0;
    const wake = (asleep) => {
      hint.hidden = true;
      map.scrollWheelZoom[asleep === true ? 'disable' : 'enable']();
    };
    wake(true);
    on(container, {
      click: wake,
      focusin: wake,
      mouseleave: () => wake(true),
      wheel() {
        if (map.scrollWheelZoom.enabled()) return;
        hint.hidden = false;
        clearTimeout(timer);
        timer = setTimeout(() => { hint.hidden = true; }, 1500);
      }
    });
  }

  // names of the main communes or of the EPCI, the first ones first, none over another; more as the map is enlarged
  function namesOf(map, scene, anchorAt) {
    const pane = set(map.createPane('td-names'), {'aria-hidden': true});
    pane.classList.add('leaflet-zoom-hide');
    const ours = (level) => scene[level].inside.filter(Boolean).length;
    const few = ours('commune') < 2 * NAMES_AT_HOME;
    const tight = ours('epci') > NAMES_AT_HOME;
    let shown = '';
    let labels = [];

    function write(level) {
      const {codes, inside, names} = scene[level];
      const places = level === 'epci' ? [...inside.keys()].sort((a, b) => inside[b] - inside[a])
        : scene.main.map((code) => codes.indexOf(code));
      pane.textContent = '';
      labels = places.map((place) => {
        const node = html('span', 'td-name td-name-' + level + (inside[place] ? '' : ' td-name-away'), pane, names[place]);
        return {place, node, width: node.offsetWidth, height: node.offsetHeight};
      });
      shown = level;
    }

    return (level, radii, enlarged) => {
      if (level !== shown) write(level);
      const {at, scale} = terrdiag.frameOf(map, scene);
      const taken = [];
      const {x: shift} = map.layerPointToContainerPoint([0, 0]);
      const room = map.getSize().x;
      const most = few || level === 'epci' ? Infinity : NAMES_AT_HOME * Math.pow(4, enlarged);
      labels.forEach(({place, node, width, height}) => {
        const anchor = anchorAt(level, place);
        const [x, y] = at(anchor);
        // a name that the edge would cut is moved inwards
        const seen = x + shift > 0 && x + shift < room;
        const left = seen ? Math.max(4 - shift, Math.min(x - width / 2, room - shift - width - 4)) : x - width / 2;
        const top = y - height / 2 - (radii[place] ? radii[place] + height / 2 : 0);
        const box = [left - 3, top - 1, left + width + 3, top + height + 1];
        const fits = level !== 'epci' || !tight || width < 1.5 * anchor[2] * scale;
        const free = fits && taken.length < most
          && taken.every((b) => box[0] >= b[2] || b[0] >= box[2] || box[1] >= b[3] || b[1] >= box[3]);
        node.style.visibility = free ? '' : 'hidden';
        if (!free) return;
        taken.push(box);
        node.style.left = left + 'px';
        node.style.top = top + 'px';
      });
    };
  }

  function paintsOf(view) {
    const circles = view.kind === 'circles';
    return view.statuses.map((status, place) => status && {
      look: view.values[place] === null ? status : null,
      fill: circles ? terrdiag.COLORS.bare : view.classes.colors[view.classOf[place]],
      over: !circles && ['estimate', 'partial', 'fragile'].includes(status) ? status : null
    });
  }

  // the largest first, so that none hides another
  function circlesOf(view, anchor) {
    const list = [];
    if (view.kind === 'circles') view.values.forEach((value, place) => {
      const radius = view.maxRadius * Math.sqrt(value / view.maxCircle);
      if (value) list.push({place, radius, point: anchor(place), status: view.statuses[place]});
    });
    return list.sort((a, b) => b.radius - a.radius);
  }

  window.terrdiagMap = function (container, sceneJson, options) {
    const scene = window.terrdiagScene(sceneJson);
    const texts = Object.assign({}, TEXTS, (options || {}).labels);
    const touch = window.matchMedia('(pointer: coarse)').matches;
    const many = scene.commune.codes.length > CANVAS_FROM;
    container.classList.add('td-map');
    set(container, {role: 'group', 'aria-label': texts.map});
    const map = L.map(container, {
      zoomControl: false, attributionControl: false, keyboard: false, scrollWheelZoom: false, boxZoom: false,
      dragging: !touch, zoomSnap: 0, zoomDelta: 0.75, wheelPxPerZoomLevel: 120, zoomAnimation: !many, trackResize: false
    });
    let home = 0;
    let atHome = true;
    let radii = {};

    function goTo(bounds) {
      map.fitBounds(bounds, {padding: [16, 16], animate: false});
    }

    // the territory; for a map by EPCI, something of its surroundings too
    function recenter() {
      // the end of an animation would undo it
      if (map._animatingZoom) {
        map.once('zoomend', recenter);
        return;
      }
      map.setMinZoom(0).setMaxZoom(20);
      const epci = state.level === 'epci' && !scene.frames.length;
      goTo(epci ? L.latLngBounds(scene.bounds).pad(scene.epci.inside.filter(Boolean).length > 2 ? 0.1 : 0.5) : scene.bounds);
      atHome = true;
      home = map.getZoom();
      map.setMinZoom(scene.frames.length ? 2 : home - 2).setMaxZoom(Math.max(home + 2, FINEST));
    }

    const cache = {commune: [], epci: []};
    const anchorAt = (level, place) => {
      cache[level][place] = cache[level][place] || terrdiag.anchorOf(scene.draw, scene.draw.rings[level][place]);
      return cache[level][place];
    };
    const state = {view: null, level: 'commune', reachable: [], anchor: (place) => anchorAt(state.level, place)};
    recenter();
    const painter = terrdiag[many ? 'canvasPainter' : 'svgPainter'](map, scene);
    const reader = terrdiag.reader({container, map, scene, painter, texts, state, recenter});
    const nameAll = namesOf(map, scene, anchorAt);
    const drawNames = () => nameAll(state.level, radii, map.getZoom() - home);
    addBar(map, 'topleft', [
      ['+', texts.zoomIn, () => map.zoomIn()], ['\u2212', texts.zoomOut, () => map.zoomOut()],
      ['\u2922', texts.recenter, recenter]
    ]);
    // far parts of a territory (overseas), each with its button
    if (scene.frames.length) addBar(map, 'topright', scene.frames.map(({name, bounds}) => [name, '', () => goTo(bounds)]));
    L.control.scale({imperial: false, maxWidth: 120}).addTo(map);
    tameWheel(container, map, texts);

    map.on('dragstart zoomstart', () => { atHome = false; });
    map.on('zoomend viewreset', () => {
      painter.update();
      drawNames();
      // on a touch screen one finger scrolls the page, until the map is enlarged
      if (touch) map.dragging[map.getZoom() > home + 0.1 ? 'enable' : 'disable']();
    });

    function resize() {
      const {x, y} = map.getSize();
      if (x === container.clientWidth && y === container.clientHeight) return;
      const stay = atHome;
      map.invalidateSize({animate: false});
      if (stay) recenter();
    }

    const watch = new ResizeObserver(resize);
    watch.observe(container);

    function show(viewJson) {
      const view = window.terrdiagView(viewJson);
      const turned = view.level !== state.level;
      if (turned) reader.reset();
      Object.assign(state, {view, level: view.level});
      if (turned && atHome) recenter();
      const {names, codes} = scene[view.level];
      const circles = circlesOf(view, state.anchor);
      painter.show(view.level, paintsOf(view), circles);
      radii = {};
      circles.forEach(({place, radius}) => { radii[place] = radius; });
      state.reachable = Array.from(names.keys()).filter(reader.known);
      if (!many) state.reachable.forEach((place) => {
        set(painter.focusable(view.level, place), {tabindex: -1, role: 'img', 'aria-label': reader.describe(place)});
      });
      const main = codes.indexOf(scene.main[0]);
      reader.start(reader.known(main) ? main : state.reachable.length ? state.reachable[0] : -1);
      drawNames();
      container.dataset.ready = view.key;
    }

    return {
      leaflet: map,
      show,
      focus(code) { reader.hold(code === null ? -1 : scene[state.level].codes.indexOf(code)); },
      onFocus: reader.onFocus,
      recenter,
      resize,
      remove() {
        watch.disconnect();
        map.remove();
        container.textContent = '';
      }
    };
  };
}(window));
