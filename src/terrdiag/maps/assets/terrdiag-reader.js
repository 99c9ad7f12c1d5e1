/* terrdiag: the tooltip, the pointer and the keyboard of a map: one tab stop, arrows from place to place. */
(function (window) {
  'use strict';

  const {terrdiag} = window;
  const {html, set, on} = terrdiag;
  const ARROWS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

  function tooltip(container) {
    const tip = set(html('div', 'td-tip', container), {role: 'tooltip'});
    const clamp = (n, size, room) => Math.max(4, Math.min(n, room - size - 4)) + 'px';
    tip.hidden = true;
    return {
      close() { tip.hidden = true; },
      open({name, value, more}, x, y) {
        tip.textContent = '';
        html('strong', '', tip, name);
        if (value) html('span', 'td-tip-value', tip, value);
        more.forEach((text) => html('span', '', tip, text));
        tip.hidden = false;
        const {offsetWidth: width, offsetHeight: height} = tip;
        tip.style.left = clamp(x - width / 2, width, container.clientWidth);
        tip.style.top = clamp(y - height < 18 ? y + 22 : y - height - 14, height, container.clientHeight);
      }
    };
  }

  // the nearest place in a direction, what lies aside counting double
  function toward(anchor, places, from, [dx, dy]) {
    let best = -1;
    let least = Infinity;
    places.forEach((place) => {
      const x = anchor(place)[0] - anchor(from)[0];
      const y = anchor(place)[1] - anchor(from)[1];
      const along = x * dx + y * dy;
      const aside = Math.abs(x * dy) + Math.abs(y * dx);
      if (place === from || along <= 0 || aside > 2 * along || along + 2 * aside >= least) return;
      least = along + 2 * aside;
      best = place;
    });
    return best;
  }

  // state: {view, level, reachable, anchor(place)}
  terrdiag.reader = function ({container, map, scene, painter, texts, state, recenter}) {
    const tip = tooltip(container);
    const live = set(html('div', 'td-live', container), {'aria-live': 'polite'});
    let current = -1;   // the place that Tab comes back to
    let outlined = -1;
    let held = -1;      // the place that the page asked to highlight
    let tell = () => {};

    const known = (place) => Boolean(state.view) && place >= 0 && state.view.statuses[place] !== null;

    function wordsOf(place) {
      const {view, level} = state;
      const name = scene[level].names[place];
      if (!known(place)) return {name, more: [texts.away]};
      const k = view.classOf[place];
      const more = [view.short + ', ' + view.yearLabel];
      if (k >= 0) more.push(texts.cls + ' ' + view.classes.labels[k]);
      return {name, value: view.texts[place], more};
    }

    function describe(place) {
      const {name, value, more} = wordsOf(place);
      return name + terrdiag.NBSP + ': ' + value + ', ' + more.join(', ');
    }

    function outline(place) {
      if (place !== outlined) painter.outline(state.level, place);
      outlined = place;
    }

    function point(place, x, y) {
      tip.open(wordsOf(place), x, y);
      const looked = known(place) ? place : -1;
      if (looked === outlined) return;
      outline(looked);
      tell(looked < 0 ? null : scene[state.level].codes[looked]);
    }

    function leave() {
      tip.close();
      if (outlined === held) return;
      outline(held);
      tell(null);
    }

    function choose(place) {
      if (current >= 0) set(painter.focusable(state.level, current), {tabindex: -1});
      current = place;
      if (place >= 0) {
        set(painter.focusable(state.level, place), {tabindex: 0, role: 'img', 'aria-label': describe(place)});
      }
    }

    function arrive(place) {
      choose(place);
      const pixel = () => map.layerPointToContainerPoint(terrdiag.frameOf(map, scene).at(state.anchor(place)));
      map.panInside(map.containerPointToLatLng(pixel()), {padding: [50, 50], animate: false});
      const {x, y} = pixel();
      point(place, x, y);
      live.textContent = describe(place);
    }

    function reach(place) {
      choose(place);
      painter.focusable(state.level, place).focus({preventScroll: true});
      arrive(place);
    }

    const placeOf = (event) => Number(event.target.getAttribute('data-place') || painter.placeAt(event));

    function at(event) {
      const {left, top} = container.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    }

    // the first or the last by name
    function endOf(places, sign) {
      const {names} = scene[state.level];
      return places.reduce((a, b) => (sign * names[a].localeCompare(names[b], 'fr') > 0 ? a : b));
    }

    function onKey(event) {
      const {key} = event;
      const {reachable} = state;
      if (key === 'Escape') {
        document.activeElement.blur();
        leave();
      }
      if (event.target.tagName === 'BUTTON' || event.ctrlKey || event.metaKey || event.altKey || !reachable.length) return;
      let to = -1;
      if (ARROWS[key]) to = toward(state.anchor, reachable, current, ARROWS[key]);
      else if (key === 'Home' || key === 'End') to = endOf(reachable, key === 'Home' ? -1 : 1);
      else if (key === '+') map.zoomIn();
      else if (key === '-') map.zoomOut();
      else if (key === '0') recenter();
      else return;
      event.preventDefault();
      if (to >= 0) reach(to);
    }

    on(container, {
      mousemove(event) {
        const place = placeOf(event);
        if (place >= 0) point(place, ...at(event));
        else leave();
      },
      mouseleave: leave,
      keydown: onKey,
      focusin({target}) {
        const place = target.getAttribute('data-place');
        if (place && Number(place) !== outlined) arrive(Number(place));
      },
      // from a place to a button or out of the map
      focusout({relatedTarget: to}) { if (!to || !container.contains(to) || !to.hasAttribute('data-place')) leave(); }
    });
    map.on('dragstart zoomstart', tip.close);
    map.on('click', ({originalEvent}) => {
      const place = placeOf(originalEvent);
      if (known(place)) choose(place);
      if (place < 0) leave();
      else point(place, ...at(originalEvent));
    });

    return {
      describe,
      known,
      hold(place) {
        held = place;
        tip.close();
        outline(place);
      },
      onFocus(fn) { tell = fn; },
      reset() {
        current = held = -1;
        outline(-1);
        tip.close();
      },
      start(place) { choose(known(current) ? current : place); }
    };
  };
}(window));
