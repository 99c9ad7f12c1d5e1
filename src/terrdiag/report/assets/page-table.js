/* terrdiag: the table under the map: the same indicator, sorted, searched, with the comparators pinned below.
 *
 *   const table = terrdiagPage.makeTable(scene, data, {onChoose: code => …, onGlance: code|null => …})
 *   table.show(view); table.choose(code|null); table.row(code); table.csv()
 */
(function (window) {
  'use strict';

  const {terrdiagPage} = window;
  const {fold, formatNumber, setSpaces, plural, mark, valueText, csvText, csvNumber} = terrdiagPage;
  const NUMBERS = ['value', 'numerator', 'denominator'];
  const isNumber = (name) => NUMBERS.includes(name);
  const classOf = (name) => (isNumber(name) ? 'num' : name === 'code' ? 'code' : '');

  function make(tag, content, className) {
    const made = document.createElement(tag);
    if (content) made.textContent = content;
    if (className) made.className = className;
    return made;
  }

  function makeTable(scene, data, {onChoose, onGlance}) {
    const table = document.getElementById('td-table');
    const box = document.getElementById('td-scroll');
    const search = document.getElementById('td-search');
    const around = document.getElementById('td-around');
    const body = table.tBodies[0];
    const position = new Map(data.communes.codes.map((code, i) => [code, i]));
    const collator = new Intl.Collator('fr');
    let view = null;
    let rows = [];
    let chosen = null;
    let sort = ['name', 1];
    let decimals = {};

    // ---------------------------------------------------------------- rows

    function buildRows() {
      const {codes, names, inside} = scene[view.level];
      const parts = data.parts[view.key] || {};
      const partOf = (name, at) => (parts[name] && at !== undefined ? parts[name][at] : null);
      rows = [];
      codes.forEach((code, i) => {
        if (view.statuses[i] === null) return;
        const at = view.level === 'commune' ? position.get(code) : undefined;
        const group = at === undefined ? -1 : data.communes.group[at];
        rows.push({
          level: view.level, code, name: names[i], inside: Boolean(inside[i]), group: group < 0 ? '' : data.groups[group],
          value: view.values[i], status: view.statuses[i], fragile: view.fragile, coverage: null, cls: view.classOf[i],
          numerator: partOf('numerator', at), denominator: partOf('denominator', at),
          found: fold(names[i]) + ' ' + code.toLowerCase()
        });
      });
    }

    const pinnedRows = () => data.places.map(([level, label, code, name], i) => {
      const [value, status, coverage, numerator, denominator] = data.pinned[view.key][i];
      const {fragile} = view;
      return {level, label, code, name, value, status, fragile, coverage, numerator, denominator, group: '', cls: -1};
    });

    // a numerator or a denominator: one decimal for all the column, or none
    function decimalsOf(name) {
      const values = [...(data.parts[view.key] || {[name]: []})[name], ...pinnedRows().map((row) => row[name])];
      return values.every((value) => value === null || value % 1 === 0) ? 0 : 1;
    }
    const part = (row, name) => (row[name] === null ? '' : formatNumber(row[name], decimals[name]));

    function columns() {
      const epci = view.level === 'epci';
      const list = [['name', epci ? 'EPCI' : 'Commune'], ['code', epci ? 'SIREN' : 'Code']];
      if (!epci && data.groups.length > 1) list.push(['group', 'EPCI']);
      list.push(['value', setSpaces(view.short) + ', ' + view.yearLabel]);
      if (data.parts[view.key]) list.push(['numerator', 'Numérateur'], ['denominator', 'Dénominateur']);
      return list;
    }

    function compareRows(a, b) {
      const [name, direction] = sort;
      const byName = collator.compare(a.name, b.name) || collator.compare(a.code, b.code);
      if (!isNumber(name)) return direction * (collator.compare(a[name], b[name]) || byName);
      // what is not known comes last, whatever the direction
      if (a[name] === null || b[name] === null) return (a[name] === null) - (b[name] === null) || byName;
      return direction * (a[name] - b[name]) || byName;
    }

    // ---------------------------------------------------------------- drawing

    function drawHead() {
      const line = make('tr');
      columns().forEach(([name, label]) => {
        const head = make('th', '', classOf(name));
        head.scope = 'col';
        if (name === sort[0]) head.setAttribute('aria-sort', sort[1] > 0 ? 'ascending' : 'descending');
        const button = make('button', label);
        button.type = 'button';
        button.dataset.column = name;
        head.append(button);
        line.append(head);
      });
      table.tHead.replaceChildren(line);
    }

    function drawValue(cell, row) {
      if (row.cls >= 0 && view.kind !== 'circles') {
        const swatch = make('span', '', 'swatch');
        swatch.style.backgroundColor = view.classes.colors[row.cls];
        swatch.setAttribute('aria-hidden', 'true');
        cell.append(swatch);
      }
      cell.append(make('span', valueText(row, view, data.words), row.value === null ? '' : 'n'));
      cell.classList.toggle('unknown', row.value === null);
      const said = mark(row, data.words);
      if (said) cell.append(' ', make('small', said));
    }

    function drawCell(row, name) {
      const cell = make('td', '', classOf(name));
      if (name === 'value') drawValue(cell, row);
      else cell.textContent = isNumber(name) ? part(row, name) : row[name];
      return cell;
    }

    function drawRow(row, list) {
      const line = make('tr', '', row.inside ? '' : 'away');
      line.dataset.code = row.code;
      const head = make('th');
      head.scope = 'row';
      const button = make('button', row.name, 'pick');
      button.type = 'button';
      button.tabIndex = -1;
      head.append(button);
      if (!row.inside) head.append(' ', make('small', 'hors du territoire'));
      line.append(head, ...list.slice(1).map(([name]) => drawCell(row, name)));
      return line;
    }

    function drawBody() {
      const list = columns();
      const words = fold(search.value);
      const listed = rows.filter((row) => row.inside || around.checked);
      const kept = listed.filter((row) => row.found.includes(words)).sort(compareRows);
      body.replaceChildren(...kept.map((row) => drawRow(row, list)));
      const name = view.level === 'epci' ? ['EPCI', 'EPCI'] : ['commune', 'communes'];
      document.getElementById('td-count').textContent = plural(kept.length, ...name)
        + (kept.length < listed.length ? ' sur ' + formatNumber(listed.length, 0) : '');
      markChosen();
    }

    function drawPinned() {
      const list = columns();
      table.tFoot.replaceChildren(...pinnedRows().map((row, i) => {
        const line = make('tr', '', i === 0 ? 'own' : '');
        const head = make('th', row.name);
        head.scope = 'row';
        line.append(head, make('td', row.label, 'code'), ...list.slice(2).map(([name]) => drawCell(row, name)));
        return line;
      }));
    }

    // one row can be reached with the tabulation key, the others with the arrows
    function markChosen() {
      body.querySelectorAll('.chosen').forEach((line) => {
        line.classList.remove('chosen');
        line.removeAttribute('aria-current');
      });
      body.querySelectorAll('.pick[tabindex="0"]').forEach((button) => { button.tabIndex = -1; });
      const line = Array.from(body.rows).find((one) => one.dataset.code === chosen);
      const reachable = line || body.rows[0];
      if (reachable) reachable.querySelector('.pick').tabIndex = 0;
      if (line) {
        line.classList.add('chosen');
        line.setAttribute('aria-current', 'true');
      }
      return line;
    }

    // scrolls the table, never the page
    function reveal(line) {
      const top = line.offsetTop - table.tHead.offsetHeight;
      const bottom = line.offsetTop + line.offsetHeight + table.tFoot.offsetHeight - box.clientHeight;
      if (box.scrollTop > top) box.scrollTop = top;
      else if (box.scrollTop < bottom) box.scrollTop = bottom;
    }

    // ---------------------------------------------------------------- what the reader does

    const codeOf = (event) => {
      const line = event.target.closest('tr');
      return line ? line.dataset.code : null;
    };

    table.tHead.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (!button) return;
      const name = button.dataset.column;
      // a figure is first read from the largest
      sort = [name, sort[0] === name ? -sort[1] : isNumber(name) ? -1 : 1];
      drawHead();
      drawBody();
      table.tHead.querySelector('[data-column="' + name + '"]').focus();
    });
    body.addEventListener('click', (event) => onChoose(codeOf(event)));
    body.addEventListener('focusin', (event) => {
      if (event.target.matches('.pick') && codeOf(event) !== chosen) onChoose(codeOf(event));
    });
    body.addEventListener('mouseover', (event) => onGlance(codeOf(event)));
    body.addEventListener('mouseleave', () => onGlance(null));
    body.addEventListener('keydown', (event) => {
      const lines = Array.from(body.rows);
      const at = lines.indexOf(event.target.closest('tr'));
      const to = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1}[event.key];
      if (to === undefined || !lines[to]) return;
      event.preventDefault();
      lines[to].querySelector('.pick').focus({preventScroll: true});
    });
    search.addEventListener('input', drawBody);
    around.addEventListener('change', drawBody);

    function csv() {
      const head = 'territoire;niveau;code;nom;indicateur;libelle;annee;valeur;unite;numerateur;denominateur;'
        + 'couverture_pct;statut;source';
      const listed = rows.filter((row) => row.inside || around.checked).sort(compareRows);
      const lines = [...listed, ...pinnedRows()].map((row) => [
        csvText(data.territory.id), row.level, csvText(row.code), csvText(row.name), view.indicator,
        csvText(data.indicators[view.indicator].label), view.year, csvNumber(row.value), csvText(view.unit),
        csvNumber(row.numerator), csvNumber(row.denominator), csvNumber(row.coverage), data.statusCodes[row.status],
        csvText(view.source)
      ].join(';'));
      return '\ufeff' + [head, ...lines].join('\r\n') + '\r\n';
    }

    return {
      csv,
      part,
      row: (code) => rows.find((row) => row.code === code) || null,
      choose(code) {
        chosen = code;
        const line = markChosen();
        if (line) reveal(line);
      },
      show(shown, caption) {
        const changed = view === null || view.level !== shown.level;
        view = shown;
        buildRows();
        decimals = {numerator: decimalsOf('numerator'), denominator: decimalsOf('denominator')};
        if (!columns().some(([name]) => name === sort[0])) sort = ['name', 1];
        const beyond = rows.filter((row) => !row.inside).length;
        document.getElementById('td-around-box').hidden = !beyond;
        // a territory of one or two EPCI is only read among its neighbours
        if (changed) around.checked = rows.length - beyond < 3;
        drawHead();
        drawBody();
        drawPinned();
        table.caption.textContent = caption;
        document.getElementById('communes-title').textContent =
          view.level === 'epci' ? 'Tableau des EPCI' : 'Tableau des communes';
      }
    };
  }

  Object.assign(terrdiagPage, {make, makeTable});
}(window));
