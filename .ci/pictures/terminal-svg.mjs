// Text with colours as a terminal shows it, drawn as SVG: no script, no font and nothing else from outside, so that it may stand in an <img>.

/** Pixels. */
const cell = { width: 8.4, height: 19 };
const padding = 20;
const bar = 34;

const theme = { ground: '#0d1117', frame: '#30363d', bar: '#161b22', text: '#e6edf3', dim: '#8b949e' };
const colors = {
  31: '#ff7b72',
  32: '#7ee787',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
  39: undefined,
};
const plain = { bold: false, dim: false, color: undefined };

/** What the sequences that the command line uses do to the style. Any other is a mistake here, not something to pass over. */
function toStyle(style, code) {
  if (code in colors) return { ...style, color: colors[code] };
  if (code === '0') return plain;
  if (code === '1') return { ...style, bold: true };
  if (code === '2') return { ...style, dim: true };
  if (code === '22') return { ...style, bold: false, dim: false };
  throw new Error(`The pictures have no style for the sequence ESC[${code}m.`);
}

/** Lines of spans `{ column, text, style }`; blanks at the edges of spans are left out, as the columns say where each begins. */
function toLines(text) {
  let style = plain;
  return text.split('\n').map((line) => {
    const spans = [];
    let column = 0;
    // eslint-disable-next-line no-control-regex
    for (const [, code, shown] of line.matchAll(/\u001b\[(\d*)m|([^\u001b]+)/g)) {
      if (shown === undefined) {
        style = toStyle(style, code || '0');
        continue;
      }
      for (const { 0: word, index } of shown.matchAll(/\S+(?: \S+)*/g)) {
        spans.push({ column: column + index, text: word, style });
      }
      column += shown.length;
    }
    return spans;
  });
}

/** Draws what a terminal shows. Equal texts give equal bytes. */
export function renderTerminal(text, { columns, title, description }) {
  const lines = toLines(text.replace(/\n+$/, ''));
  const width = Math.ceil(columns * cell.width + 2 * padding);
  const height = bar + padding + lines.length * cell.height + padding - 4;
  const rows = lines.flatMap((spans, index) =>
    spans.length === 0
      ? []
      : [`<g transform="translate(0 ${index * cell.height})">${spans.map(drawSpan).join('')}</g>`],
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description">
<title id="title">${escape(title)}</title>
<desc id="description">${escape(description)}</desc>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="9.5" fill="${theme.ground}" stroke="${theme.frame}"/>
<path d="M1 ${bar}V10a9 9 0 0 1 9-9H${width - 10}a9 9 0 0 1 9 9V${bar}z" fill="${theme.bar}"/>
<path d="M1 ${bar}.5H${width - 1}" stroke="${theme.frame}"/>
${['#ff5f57', '#febc2e', '#28c840'].map((fill, index) => `<circle cx="${22 + index * 20}" cy="${bar / 2}" r="6" fill="${fill}"/>`).join('')}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace" font-size="14" fill="${theme.text}">
<text x="${width / 2}" y="${bar / 2 + 4.5}" text-anchor="middle" font-size="12.5" fill="${theme.dim}">${escape(title)}</text>
<g transform="translate(${padding} ${bar + padding + 10})" xml:space="preserve">
${rows.join('\n')}
</g>
</g>
</svg>
`;
}

/** The length is said, so that columns stand below each other whatever font there is. */
function drawSpan({ column, text, style: { bold, dim, color } }) {
  const fill = color ?? (dim ? theme.dim : undefined);
  const look = `${bold ? ' font-weight="bold"' : ''}${fill === undefined ? '' : ` fill="${fill}"`}`;
  const length =
    text.length === 1 ? '' : ` textLength="${round(text.length * cell.width)}" lengthAdjust="spacingAndGlyphs"`;
  return `<text x="${round(column * cell.width)}"${length}${look}>${escape(text)}</text>`;
}

function round(pixels) {
  return Math.round(pixels * 10) / 10;
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
