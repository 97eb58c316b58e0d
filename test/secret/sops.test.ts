import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { reveal, Secret } from '../../src/model/secret.ts';
import { openSops, type SopsOpened } from '../../src/secret/sops/open-sops.ts';
import { parseSops } from '../../src/secret/sops/parse-sops.ts';

const folder = path.join(import.meta.dirname, 'sops');
const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const identity = new Secret(read('test-identity.txt'), 'SOPS_AGE_KEY');

async function open(name: string, text: string, key = identity): Promise<SopsOpened> {
  const parsed = parseSops(name, text);
  return parsed.ok ? openSops(parsed.file, key) : parsed;
}

/** What a person would see, or the code of the fault. */
async function shown(name: string, text: string, key = identity): Promise<unknown> {
  const opened = await open(name, text, key);
  return opened.ok ? Object.fromEntries([...opened.secrets].map(([k, v]) => [k, reveal(v)])) : opened.fault.code;
}

describe('a file that sops wrote', () => {
  it.each([
    ['format.enc.yaml', { foo: 'bar' }],
    ['format.enc.json', { foo: 'bar' }],
    ['format.enc.env', { 'foo ': ' bar' }],
    ['comments.enc.yaml', { lorem: 'ipsum', dolor: 'sit' }],
  ])('%s opens with its age identity', async (name, secrets) => {
    expect(await shown(name, read(name))).toEqual(secrets);
  });

  it.each(['format.enc.yaml', 'format.enc.json', 'format.enc.env', 'comments.enc.yaml'])(
    '%s is refused once any byte of a value, of the MAC or of the date differs',
    async (name) => {
      const text = read(name);
      const places = [...text.matchAll(/(?:(?<!#)ENC\[AES256_GCM,data:|,iv:|,tag:|lastmodified\W+)(?=\w)/g)]
        // A comment is covered by nothing, and read by nobody.
        .filter(({ index }) => !text.slice(text.lastIndexOf('\n', index) + 1).startsWith('#'))
        .map(({ 0: match, index }) => index + match.length);
      expect(places.length).toBeGreaterThanOrEqual(7);
      for (const place of places) {
        const other = text[place] === '4' ? '5' : '4';
        const changed = text.slice(0, place) + other + text.slice(place + 1);
        expect([place, await shown(name, changed)]).toEqual([place, 'sops-altered']);
      }
    },
  );

  it('is refused when a value was taken out, added, or moved to another name', async () => {
    const text = read('comments.enc.yaml');
    const [lorem = ''] = /^lorem: .*\n/m.exec(text) ?? [];
    expect(await shown('a.yaml', text.replace(lorem, ''))).toBe('sops-altered');
    expect(await shown('a.yaml', text.replace(lorem, `${lorem}more: added\n`))).toBe('sops-altered');
    expect(await shown('a.yaml', text.replace('lorem:', 'ipsum:'))).toBe('sops-altered');
    expect(await shown('a.yaml', text.replace(lorem, lorem.replace(/ENC.*/, 'ipsum2')))).toBe('sops-altered');
  });

  it('says why it cannot be opened', async () => {
    const text = read('format.enc.yaml');
    const stranger = new Secret(await generateX25519Identity(), 'SOPS_AGE_KEY');
    expect(await shown('a.yaml', text, stranger)).toBe('sops-wrong-identity');
    expect(await shown('a.yaml', text, new Secret('AGE-SECRET-KEY-1XYZ', 'SOPS_AGE_KEY'))).toBe('sops-bad-identity');
    expect(await shown('a.yaml', text, new Secret('# nothing\n', 'SOPS_AGE_KEY'))).toBe('sops-bad-identity');
    expect(await shown('a.yaml', 'foo: bar\n')).toBe('sops-not-encrypted');
    expect(await shown('a.env', 'FOO=bar\n')).toBe('sops-not-encrypted');
    expect(await shown('a.yaml', text.replace('    age:', '    pgp:'))).toBe('sops-no-age');
    expect(await shown('a.yaml', text.replace(/^ {4}mac: .*\n/m, ''))).toBe('sops-damaged');
    expect(await shown('a.yaml', 'a: [')).toBe('sops-damaged');
    expect(await shown('a.yaml', `a: ${'['.repeat(100_000)}`)).toBe('sops-damaged');
    expect(await shown('a.yaml', `a: &a [1]\nb: *a\n${text}`)).toBe('sops-damaged');
    expect(await shown('a.yaml', text.replace('sops:', 'sops:\n    key_groups: [{}, {}]'))).toBe('sops-key-groups');
  });

  it('tells nothing of what it holds when it is refused', async () => {
    const text = read('format.enc.yaml').replace('5Lr', '5Lx').replace('8CvE', '8CvF');
    const opened = await open('a.yaml', text);
    expect(JSON.stringify(opened)).not.toMatch(/bar|AGE-SECRET/);
  });
});

interface Leaf {
  readonly path: readonly string[];
  readonly value: string;
  readonly type: string;
}

/** As the documentation of sops has it: each value under its path, the MAC over all of them in order. */
function encryptWith(key: Buffer, text: string, additional: string, type = 'str'): string {
  const iv = randomBytes(32);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(additional));
  const data = Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
  return `ENC[AES256_GCM,data:${data},iv:${iv.toString('base64')},tag:${cipher.getAuthTag().toString('base64')},type:${type}]`;
}

async function makeFile(
  write: (encrypt: (leaf: Leaf) => string) => string,
  { plain = [], onlyEncrypted = false }: { readonly plain?: readonly string[]; readonly onlyEncrypted?: boolean } = {},
): Promise<{ readonly text: string; readonly key: Secret }> {
  const made = await generateX25519Identity();
  const dataKey = randomBytes(32);
  const mac = createHash('sha512');
  if (onlyEncrypted) mac.update(createHash('sha256').update('sops').digest());
  const body = write(({ path: at, value, type }) => {
    mac.update(value);
    return encryptWith(dataKey, value, at.map((name) => `${name}:`).join(''), type);
  });
  for (const value of plain) mac.update(value);
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(made));
  const sealed = armor.encode(await encrypter.encrypt(dataKey)).replaceAll('\n', '\n            ');
  const date = '2026-11-29T00:00:00Z';
  const macText = encryptWith(dataKey, mac.digest('hex').toUpperCase(), date);
  const only = onlyEncrypted ? '    mac_only_encrypted: true\n' : '';
  const section = `sops:\n    age:\n        - recipient: x\n          enc: |\n            ${sealed}\n    lastmodified: "${date}"\n    mac: ${macText}\n${only}`;
  return { text: `${body}${section}`, key: new Secret(made, 'SOPS_AGE_KEY') };
}

describe('a file of the documented form', () => {
  it('may hold maps, lists, numbers and truth values; references name what stands at the top', async () => {
    const { text, key } = await makeFile((encrypt) =>
      [
        `NUMBER: ${encrypt({ path: ['NUMBER'], value: '4711', type: 'int' })}`,
        `YES: ${encrypt({ path: ['YES'], value: 'True', type: 'bool' })}`,
        `EMPTY: ${encrypt({ path: ['EMPTY'], value: '', type: 'str' })}`,
        `LINES: ${encrypt({ path: ['LINES'], value: 'a\nb', type: 'str' })}`,
        `deep:`,
        `    list:`,
        `        - ${encrypt({ path: ['deep', 'list'], value: 'hidden too', type: 'str' })}`,
        '',
      ].join('\n'),
    );
    const opened = await open('a.yaml', text, key);
    if (!opened.ok) throw new Error(opened.fault.detail);
    expect(Object.fromEntries([...opened.secrets].map(([name, value]) => [name, reveal(value)]))).toEqual({
      NUMBER: '4711',
      YES: 'true',
      EMPTY: '',
      LINES: 'a\nb',
    });
    expect(opened.hidden.map((secret) => reveal(secret))).toContain('hidden too');
  });

  it.each([false, true])(
    'gives nothing that stands in it in plain text, MAC over encrypted values alone: %s',
    async (onlyEncrypted) => {
      const plain = onlyEncrypted ? [] : ['open', '7', 'True'];
      const { text, key } = await makeFile(
        (encrypt) =>
          `SECRET: ${encrypt({ path: ['SECRET'], value: 'closed', type: 'str' })}\nA_unencrypted: open\nB_unencrypted: 7\nC_unencrypted: true\n`,
        { plain, onlyEncrypted },
      );
      const opened = await open('a.yaml', text, key);
      if (!opened.ok) throw new Error(opened.fault.detail);
      expect([...opened.secrets.keys()]).toEqual(['SECRET']);
      expect([...opened.plain]).toEqual(['A_unencrypted', 'B_unencrypted', 'C_unencrypted']);
    },
  );
});
