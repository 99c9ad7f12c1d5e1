/* terrdiag: a standalone map: its scene and its view are in the page, its table when the reader asks for it. */
(function (window) {
  'use strict';

  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);

  // thousands of rows are written only when they are asked for
  function writeTable(box, scene, view) {
    const {names} = scene[view.level];
    const table = document.createElement('table');
    const body = table.createTBody();
    const places = names.map((_, place) => place).filter((place) => view.statuses[place] !== null);
    const {compare} = new Intl.Collator('fr');
    places.sort((a, b) => compare(names[a], names[b]));
    [...places.map((place) => [names[place], view.texts[place]]), ...view.references].forEach(([name, text]) => {
      const row = body.insertRow();
      const head = document.createElement('th');
      head.scope = 'row';
      head.textContent = name;
      row.append(head);
      row.insertCell().textContent = text;
    });
    box.append(table);
  }

  window.terrdiagPage = function (id) {
    const scene = window.terrdiagScene(read('scene'));
    const view = window.terrdiagView(read('vue'));
    const map = window.terrdiagMap(byId(id), scene, {});
    map.show(view);
    window.terrdiagLegend(byId('legende'), view, {references: true});
    const box = byId('donnees');
    box.addEventListener('toggle', () => { if (box.open && !box.querySelector('table')) writeTable(box, scene, view); });
    // the map is drawn again at the width of a sheet
    const sheet = (width, height) => {
      Object.assign(byId(id).style, {width, height});
      map.resize();
    };
    window.addEventListener('beforeprint', () => sheet('690px', '520px'));
    window.addEventListener('afterprint', () => sheet('', ''));
    return map;
  };
}(window));
