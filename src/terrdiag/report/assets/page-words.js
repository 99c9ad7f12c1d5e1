/* terrdiag: the words of the page, the same as those that Python wrote (wording.py, comparison.py). */
(function (window) {
  'use strict';

  const NNBSP = '\u202f';
  const NBSP = '\u00a0';

  const fold = (text) => text.replace(/œ/gi, 'oe').replace(/æ/gi, 'ae').normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/[^a-z0-9]+/g, ' ').trim();

  // the value is already rounded to its decimals
  function formatNumber(value, decimals, signed) {
    const [whole, part] = Math.abs(value).toFixed(decimals).split('.');
    const body = whole.replace(/\B(?=(\d{3})+$)/g, NNBSP) + (part ? ',' + part : '');
    return (value < 0 ? '\u2212' : signed && value > 0 ? '+' : '') + body;
  }

  const setSpaces = (text) => text.replace(/ ([;!?])/g, NNBSP + '$1').replace(/ ([:%»])(?=\W|$)/g, NBSP + '$1')
    .replace(/« /g, '«' + NBSP);

  const plural = (n, one, many) => formatNumber(n, 0) + NBSP + (n < 2 ? one : many);

  // rounded down: what is incomplete never reads 100 %
  function coverage(value) {
    if (value === null || value >= 100) return '';
    const number = value < 0.1 ? 'moins de 0,1' : formatNumber(Math.floor(value * 10 + 1e-9) / 10, 1);
    return 'couverture ' + number + NBSP + '%';
  }

  function mark(row, words) {
    if (row.value === null) return '';
    const said = row.status === 'estimate' ? [words.estimate] : [];
    const covered = coverage(row.coverage);
    if (covered) said.push(covered);
    else if (row.status === 'partial') said.push(words.partial);
    if (row.status === 'fragile') said.push(row.fragile);
    return said.join(', ');
  }

  const valueText = (row, view, words) => (row.value === null
    ? words[row.status] || words.missing
    : formatNumber(row.value, view.decimals, view.signed));

  // ------------------------------------------------------------------ CSV for Excel in French

  function csvText(text) {
    // a spreadsheet would compute what begins so
    const safe = /^[=+\-@＝＋－＠]/.test(text) ? "'" + text : text;
    return /[;"\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
  }

  const csvNumber = (value) => (value === null || value === undefined ? '' : String(value).replace('.', ','));

  window.terrdiagPage = {
    NBSP, fold, formatNumber, setSpaces, plural, mark, valueText, csvText, csvNumber
  };
}(window));
