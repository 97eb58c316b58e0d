import { describe, expect, it } from 'vitest';
import { parseDocuments } from '../../src/definition/parse-documents.ts';
import { checkAllDocuments } from '../../src/validation/validate-documents.ts';
import { aContext, builtIn, toLine } from './check-text.ts';

const head = 'connector: sharefile\nname: A\nconfiguration:\n';
const enabled = '  event.notification.enabled: true';
const code = 'events-without-callback';
const wanted = `# connectorctl-ignore ${code}: formulas only`;

/** What is told, and what is silenced with which reason; rules about the connector aside. */
function check(text: string): { readonly told: readonly string[]; readonly silenced: readonly string[] } {
  const { documents } = parseDocuments('a.yaml', text);
  const { diagnostics, silenced } = checkAllDocuments(documents, aContext({ catalogue: builtIn }));
  const told = diagnostics.filter((one) => one.code !== 'missing-configuration-key');
  return { told: told.map(toLine), silenced: silenced.map((one) => `${toLine(one)} ${one.reason}`) };
}

const warning = 'warning Events without a callback URL [events-without-callback]';

describe('a comment that silences a rule', () => {
  it.each([
    ['behind the line', `${head}${enabled} ${wanted}\n`, 4],
    ['above the line', `${head}  ${wanted}\n${enabled}\n`, 5],
    [
      'above the line, with another comment and an empty line between',
      `${head}  ${wanted}\n\n  # more\n${enabled}\n`,
      7,
    ],
    ['at the head of the document', `${wanted}\n\n${head}${enabled}\n`, 6],
    ['at the head, before the line of dashes', `${wanted}\n---\n${head}${enabled}\n`, 6],
    ['at the head, after the line of dashes', `---\n${wanted}\n${head}${enabled}\n`, 6],
    ['in a file of Windows', `${head}${enabled} ${wanted}\n`.replaceAll('\n', '\r\n'), 4],
  ])('counts %s', (_place, text, line) => {
    expect(check(text)).toEqual({ told: [], silenced: [`a.yaml:${line}:3: ${warning} formulas only`] });
  });

  it('is about its own document only', () => {
    const first = `${wanted}\nkey: one\n${head}${enabled}\n`;
    const { told, silenced } = check(`${first}---\nkey: two\n${head.replace('A', 'B')}${enabled}\n`);
    expect(told).toEqual([`a.yaml:12:3: ${warning}`]);
    expect(silenced).toHaveLength(1);
  });

  it('is no comment where it stands in a text', () => {
    expect(check(`${head}${enabled}\n  text: |\n    ${wanted}\n`).silenced).toEqual([]);
    expect(check(`${head}${enabled}\n  text: "${wanted}"\n`).silenced).toEqual([]);
  });

  it.each([
    ['has no reason', `# connectorctl-ignore ${code}`, 'Comment without a reason [ignore-without-reason]'],
    ['has an empty reason', `# connectorctl-ignore ${code}:  -`, 'Comment without a reason [ignore-without-reason]'],
    ['names no rule', '# connectorctl-ignore', 'Comment names no rule [ignore-unknown-rule]'],
    ['names an unknown rule', '# connectorctl-ignore events: x', 'Comment names no rule [ignore-unknown-rule]'],
    ['names a fixed rule', '# connectorctl-ignore literal-secret: x', 'Rule cannot be silenced [ignore-fixed-rule]'],
    ['silences nothing', '# connectorctl-ignore long-name: x', 'Comment silences nothing [ignore-unused]'],
  ])('that %s is a warning, and silences nothing', (_what, comment, words) => {
    expect(check(`${head}${enabled} ${comment}\n`)).toEqual({
      told: [`a.yaml:4:3: ${warning}`, `a.yaml:4:36: warning ${words}`],
      silenced: [],
    });
  });

  it('never silences a secret that is written out', () => {
    const line = '  oauth.api.secret: s3cr3tValue99 # connectorctl-ignore literal-secret: only a test\n';
    const { told, silenced } = check(`${head}${line}`);
    expect(told.join('\n')).toContain('[literal-secret]');
    expect(silenced).toEqual([]);
  });

  it('is not called unused where connectors were not looked at', () => {
    const text = `${head}${enabled.replace('true', 'false')} # connectorctl-ignore unknown-option: x\n`;
    const { documents } = parseDocuments('a.yaml', text);
    expect(checkAllDocuments(documents, aContext()).diagnostics).toEqual([]);
  });
});
