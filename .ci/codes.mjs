// The page of all codes, made from the tables that hold their words and from the sources. `--check` fails when it is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadSources, root } from './bundle.mjs';

const page = path.join(root, '.github/codes.md');
const rulesPage = path.join(root, '.github/rules.md');
const { planCodes, applyCodes, rules, ruleExamples, fixedRules } = await loadSources(`
  export { planCodes } from './src/report/plan/plan-codes.ts';
  export { applyCodes } from './src/report/result/failure-words.ts';
  export { rules } from './src/validation/rules.ts';
  export { ruleExamples } from './src/validation/rule-examples.ts';
  export { fixedRules } from './src/validation/fixed-rules.ts';
`);

for (const [file, text] of [
  [page, render()],
  [rulesPage, renderRules()],
]) {
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    process.stderr.write(`${path.relative(root, file)} is not what the sources say. Run: npm run codes\n`);
    process.exitCode = 1;
  }
}

/** The page of rules: what each is about, why, how much it weighs, and an example that a test holds it to. */
function renderRules() {
  const sections = rules.toSorted((left, right) => (left.code < right.code ? -1 : 1)).map(renderRule);
  return `# Rules for definitions

What \`connectorctl validate\` and every plan check. The name of a rule stands beside each problem. Made by \`npm run codes\`; tests hold the page and its examples to the rules.

A workspace sets the severity of a rule in \`connectorctl.yaml\`:

\`\`\`yaml
rules:
  duplicate-name: off # or warning, or error
\`\`\`

A comment with a reason silences a rule on its own line, on the next line, or, at the head of a document, in the whole document:

\`\`\`yaml
event.notification.enabled: true # connectorctl-ignore events-without-callback: only formulas use the events
\`\`\`

\`validate --show-silenced\` lists what is silenced. With \`--strict\`, warnings count as errors. Rules that keep secrets safe, or that find what cannot be sent, can be neither weakened nor silenced.

${sections.join('\n')}`;
}

function fence(title, text) {
  return `${title}:\n\n\`\`\`yaml\n${text}\`\`\`\n`;
}

function renderRule({ code, severity, message, help }) {
  const why = fixedRules.get(code);
  const example = ruleExamples.get(code);
  return [
    `## ${code}\n`,
    `${message}. Severity: ${severity}${why === undefined ? '' : '; cannot be weakened or silenced'}.\n`,
    `${help}${why === undefined ? '' : ` ${why}`}\n`,
    ...(example === undefined ? [] : [fence('Bad', example.bad), fence('Good', example.good)]),
  ].join('\n');
}

function render() {
  const known = new Set(rules.map(({ code }) => code));
  const others = scan(/code: '([a-z][a-z-]+)',\s*(?:severity: '[a-z]+',\s*)?message: (['"`])(.+?)\2/g, [
    'config',
    'definition',
    'disk',
    'model',
    'operation',
    'validation',
  ]).filter(([code]) => !known.has(code));
  // Where the words are made elsewhere, only the code is known here.
  const errors = scan(/new UserError\(\s*'([a-z][a-z-]+)',\s*(?:(['"`])(.+?)\2)?/g, ['']);
  const places = [
    ...scan(/(?:refuse\(|code:)\s*'([a-z][a-z-]+)',\s*(?:detail:\s*)?(['"`])((?:\\.|(?!\2).)+)\2/g, ['secret']),
    ...scan(/(?:refuse\(|code: )'(sops-altered|secrets-[a-z-]+)',\s*()()detail/g, ['operation', 'secret']),
  ];
  return `# Codes

Every code that connectorctl answers, for scripts that read \`--format json\` and for people who look one up. Codes are stable; the words beside them may change with any version.
Made by \`npm run codes\`; a test holds the page to the sources.

## In a plan

Each change of a plan may carry a \`reason\`, \`notes\`, \`risks\`, and a \`meaning\` for a field.

### Reasons: why a change waits or stops
${table(listKind(planCodes, 'reason'))}
### Notes: worth knowing, and no change
${table(listKind(planCodes, 'note'))}
### Risks: what a reviewer must not miss
${table(listKind(planCodes, 'risk'))}
### Meanings of fields
${table(listKind(planCodes, 'meaning'))}
### Remarks on an offline plan
${table(listKind(planCodes, 'remark'))}
## When a plan is refused

### Limits
${table(listKind(planCodes, 'limit'))}
### A saved or reviewed plan that does not belong here
${table(listKind(planCodes, 'binding'))}
### What differs from the plan that was reviewed
${table(listKind(planCodes, 'difference'))}
### Ids that are no duplicates
${table(listKind(planCodes, 'duplicate'))}
## In the result of an apply

### Failures that apply finds itself
${table(listKind(applyCodes, 'failure'))}
### Changes that were not started
${table(listKind(applyCodes, 'skipped'))}
### What a change in progress waits for
${table(listKind(applyCodes, 'waiting'))}
## In diagnostics

### Rules for definitions
| code | severity | what it is about |
| --- | --- | --- |
${rules
  .toSorted((left, right) => (left.code < right.code ? -1 : 1))
  .map(({ code, severity, help }) => `| \`${code}\` | ${severity} | ${cell(help)} |\n`)
  .join('')}
### Files, YAML, references and the workspace file
${table(others)}
### Places that hold secrets
${table(places)}
## Errors that end a command

${table(errors)}`;
}

function listKind(codes, wanted) {
  return codes.filter(({ kind }) => kind === wanted).map(({ code, help }) => [code, help]);
}

/** Codes with the words that stand beside them, each once, sorted. */
function scan(pattern, rooms) {
  const found = new Map();
  for (const room of rooms) {
    for (const file of readdirSync(path.join(root, 'src', room), { recursive: true, encoding: 'utf8' }).toSorted()) {
      if (!file.endsWith('.ts')) continue;
      const source = readFileSync(path.join(root, 'src', room, file), 'utf8');
      for (const [, code, , words] of source.matchAll(pattern))
        if (!found.has(code) || found.get(code) === '…') found.set(code, words || '…');
    }
  }
  return [...found].toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([code, words]) => [code, plain(words)]);
}

/** The text of a template: what is put in stands as …, so that only the fixed words are read. */
function plain(words) {
  return words
    .replaceAll(/\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}/g, '…')
    .replaceAll('\\`', '`')
    .replaceAll("\\'", "'");
}

function table(rows) {
  return `| code | what it says |\n| --- | --- |\n${rows.map(([code, words]) => `| \`${code}\` | ${cell(words)} |\n`).join('')}`;
}

function cell(words) {
  return words.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}
