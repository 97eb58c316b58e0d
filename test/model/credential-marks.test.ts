import { describe, expect, it } from 'vitest';
import { convertBody } from '../../src/definition/convert/convert-body.ts';
import { findCredentials, holdsCredential, isKeyAsUser } from '../../src/model/credential-inside.ts';
import { hiddenRanges } from '../../src/report/diagnostics/hidden-ranges.ts';
import { checkText } from '../validation/check-text.ts';

const random = 'aB3dE5fG7hJ9kL1mN3pQ';
/** Put together, so that no scanner of repositories takes them for real. */
const credentials = [
  ['sk', `live_${random}`].join('_'),
  ['ghp', `${random}${random}`].join('_'),
  ['xoxb', `1234-${random}`].join('-'),
  ['shpat', '0123456789abcdef01234567'].join('_'),
  ['eyJhbGciOiJub25lIn0', 'eyJzdWIiOiIxMjM0In0', random].join('.'),
  ['api', `4kT9${random}`].join('_'),
];

describe('a credential that its form gives away', () => {
  it.each(credentials)('is %s, which is warned of, hidden in an excerpt, and made a reference', (text) => {
    expect(holdsCredential(text)).toBe(true);
    const line = `  company.code: ${text}`;
    const [found] = checkText(`connector: own\nname: Own\nconfiguration:\n${line}\n`);
    expect(found).toMatchObject({ code: 'literal-secret', severity: 'warning' });
    expect(hiddenRanges(['configuration:', line], 1)).toEqual([{ start: 16, end: line.length }]);
    const { yaml } = convertBody(
      { element: { key: 'own' }, name: 'Own', configuration: { 'company.code': text } },
      { isSecretKey: () => false },
    );
    expect(yaml).not.toContain(text);
  });

  it('is a parameter of an address, of which nothing else is hidden', () => {
    const line = '  webhook.address: https://hooks.example.com/in?team=a&apiKey=4kT9x';
    expect(checkText(`connector: own\nname: Own\nconfiguration:\n${line}\n`)[0]?.code).toBe('literal-secret');
    expect(findCredentials(line).map(({ start, end }) => line.slice(start, end))).toEqual(['4kT9x']);
  });

  it.each([
    'api_version_2020_10_01_stable',
    'skyline_live_view',
    'SG.name',
    'https://a.example.com/token?page=2',
    'https://a.example.com/q?apikey={API_KEY}',
  ])('is not %s', (text) => expect(holdsCredential(text)).toBe(false));

  it('may be the user name: of some connectors no label tells', () => {
    expect(isKeyAsUser('username', random)).toBe(true);
    expect(isKeyAsUser('project', random)).toBe(false);
    for (const user of ['joe@example.com', 'IntegrationUser2024', 'joe.smith', 'S0012345678'])
      expect(isKeyAsUser('username', user)).toBe(false);
  });
});
