/* terrdiag: the page. The map, the table and the panel are views of one state: an indicator, a year, a chosen
 * place. The state is in the address: #indicator=…&year=…&commune=… (epci=… for a map of EPCI).
 */
(function (window) {
  'use strict';

  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;

  $('td-print').addEventListener('click', () => window.print());
  const files = document.querySelector('.files');
  document.addEventListener('click', (event) => { if (!files.contains(event.target)) files.open = false; });
  document.addEventListener('keydown', (event) => { if (event.key === 'Escape') files.open = false; });
  root.className = 'js';
  if (!$('td-map')) return;

  const {NBSP, setSpaces, mark, valueText, make, makeTable} = window.terrdiagPage;
  const read = (id) => JSON.parse($(id).textContent);
  const data = read('td-data');
  const scene = window.terrdiagScene(read('td-scene'));
  const views = read('td-views').filter((one) => data.pinned[one.key]);
  const chosen = {commune: null, epci: null};
  let view = null;
  let outlined = null;   // the place that the map outlines

  const map = window.terrdiagMap($('td-map'), scene, {});
  const table = makeTable(scene, data, {
    onChoose: (code) => choose(code, true),
    onGlance: (code) => {
      highlight(code || chosen[view.level]);
      glance(code);
    }
  });

  // ------------------------------------------------------------------ the panel beside the map

  function drawFocus(code) {
    const panel = $('td-focus');
    const row = table.row(code);
    panel.classList.toggle('held', Boolean(row));
    if (!row) {
      const place = view.level === 'epci' ? 'un EPCI' : 'une commune';
      panel.replaceChildren(make('p', 'Choisissez ' + place + ' sur la carte ou dans le tableau.', 'hint'));
      return;
    }
    const unit = row.value !== null && view.unit ? NBSP + view.unit : '';
    const details = [setSpaces(view.short) + ', ' + view.yearLabel, mark(row, data.words)];
    if (row.denominator !== null) details.push(table.part(row, 'numerator') + ' / ' + table.part(row, 'denominator'));
    panel.replaceChildren(
      make('p', row.name, 'name'),
      make('p', valueText(row, view, data.words) + unit, 'figure'),
      make('p', details.filter(Boolean).join(' · '), 'detail')
    );
  }

  function drawYears() {
    const years = views.filter((one) => one.indicator === view.indicator).sort((a, b) => b.year - a.year);
    $('td-year').replaceChildren(...years.map((one) => {
      const option = make('option', one.yearLabel);
      option.value = one.year;
      option.selected = one.key === view.key;
      return option;
    }));
    $('td-year').disabled = years.length < 2;
  }

  function drawPanel(title) {
    $('td-indicator').value = view.indicator;
    drawYears();
    $('td-title').textContent = title;
    $('td-alone').href = view.indicator + '.html';
    const {definition, formula, note} = data.indicators[view.indicator];
    $('td-definition').textContent = setSpaces(definition);
    $('td-formula').textContent = setSpaces('Formule : ' + formula);
    $('td-note').textContent = setSpaces(note);
    window.terrdiagLegend($('td-legend'), view);
  }

  // ------------------------------------------------------------------ the state

  function show(wanted) {
    view = window.terrdiagView(wanted);
    const title = setSpaces(data.indicators[view.indicator].label + ', ' + view.yearLabel + (view.unit ? ' (' + view.unit + ')' : ''));
    drawPanel(title);
    table.show(view, title);
    map.show(view);
    choose(chosen[view.level], false);
  }

  function highlight(code) {
    outlined = code;
    map.focus(code);
  }

  // the map already outlines what was chosen on it, and keeps its tooltip open
  function choose(code, write, onMap) {
    chosen[view.level] = code;
    if (!onMap) highlight(code);
    table.choose(code);
    drawFocus(code);
    if (write) writeAddress();
  }

  // a passing look (the pointer above a place) changes neither the state nor the address
  function glance(code) {
    drawFocus(code === null ? chosen[view.level] : code);
  }

  // of an indicator: the year asked, or the year at which the comparators are known, or the latest
  function pick(indicator, year) {
    const found = views.filter((one) => one.indicator === indicator);
    const of = (wanted) => found.find((one) => String(one.year) === String(wanted));
    return of(year) || of(data.reference[indicator]) || found.reduce((a, b) => (b && b.year > a.year ? b : a), found[0]);
  }

  function writeAddress() {
    const words = new URLSearchParams({indicator: view.indicator, year: view.year});
    if (chosen[view.level]) words.set(view.level, chosen[view.level]);
    try {
      window.history.replaceState(null, '', '#' + words);
    } catch (error) {
      // a frame that has no address of its own: the page works without
      if (error.name !== 'SecurityError') throw error;
    }
  }

  function readAddress() {
    const words = new URLSearchParams(window.location.hash.slice(1));
    const found = pick(words.get('indicator'), words.get('year'));
    if (!found) return null;
    ['commune', 'epci'].forEach((level) => {
      const code = words.get(level);
      chosen[level] = scene[level].codes.includes(code) ? code : null;
    });
    return found;
  }

  function change(indicator, year) {
    show(pick(indicator, year));
    writeAddress();
  }

  // ------------------------------------------------------------------ what the reader does

  function onMap() {
    const box = $('td-map');
    const back = () => {
      highlight(chosen[view.level]);
      glance(null);
    };
    map.onFocus((code) => {
      outlined = code;
      // with the keyboard, reaching a place is choosing it
      if (code !== null && document.activeElement.closest('#td-map [data-place]')) choose(code, true, true);
      else glance(code);
    });
    box.addEventListener('click', (event) => {
      if (event.target.closest('.leaflet-control')) return;
      const node = event.target.closest('[data-place]');
      const place = node ? Number(node.dataset.place) : -1;
      const code = node && view.statuses[place] !== null ? scene[view.level].codes[place] : null;
      choose(node ? code : outlined, true, true);
    });
    box.addEventListener('mouseleave', back);
    box.addEventListener('focusout', (event) => { if (!box.contains(event.relatedTarget)) back(); });
  }

  // on paper the map keeps one size, and the definitions are open
  function onPrint() {
    const box = $('td-map');
    let closed = [];
    const size = (width, height) => {
      Object.assign(box.style, {width, height});
      map.resize();
    };
    window.addEventListener('beforeprint', () => {
      closed = Array.from(document.querySelectorAll('details.definitions:not([open])'));
      closed.forEach((one) => { one.open = true; });
      size('660px', '480px');
    });
    window.addEventListener('afterprint', () => {
      closed.forEach((one) => { one.open = false; });
      size('', '');
    });
  }

  function download() {
    const link = make('a');
    link.href = URL.createObjectURL(new Blob([table.csv()], {type: 'text/csv;charset=utf-8'}));
    link.download = data.territory.id + '_' + view.indicator + '_' + view.year + '.csv';
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  const asked = readAddress();
  show(asked || views.find((one) => one.key === data.default));
  onMap();
  onPrint();
  $('td-indicator').addEventListener('change', (event) => change(event.target.value, null));
  $('td-year').addEventListener('change', (event) => change(view.indicator, event.target.value));
  $('td-csv').addEventListener('click', download);
  window.addEventListener('hashchange', () => {
    const found = readAddress();
    if (found) show(found);
  });
  if (asked) $('carte').scrollIntoView({behavior: 'auto'});
}(window));
