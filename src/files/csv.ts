/** CSV as in RFC 4180, safe to open in a spreadsheet. */

/** What makes a formula of a cell in one spreadsheet or another (OWASP, "CSV Injection"), full-width forms included. */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;
/** A cell, quoted or not, and what ends it; read from where the last one ended. */
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n)/y;

/** The cell's text, made text for spreadsheets too by a leading apostrophe where it would be a formula. */
export function safeCell(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

export function csvLine(cells: readonly string[]): string {
  return cells.map((cell) => `"${safeCell(cell).replaceAll('"', '""')}"`).join(',');
}

/** Reads either kind of line end. @returns undefined where a quote is out of place */
export function parseCsv(text: string): string[][] | undefined {
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const cells = new RegExp(CELL);
  const rows: string[][] = [];
  let row: string[] = [];
  while (cells.lastIndex < whole.length) {
    const [found, quoted, plain = '', end] = cells.exec(whole) ?? [];
    if (found === undefined) return undefined;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
