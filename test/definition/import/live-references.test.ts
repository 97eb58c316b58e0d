import { describe, expect, it } from 'vitest';
import { acceptDrift } from '../../../src/definition/import/accept-drift.ts';
import { importInstance } from '../../../src/definition/import/import-instance.ts';
import { parseDocuments } from '../../../src/definition/parse-documents.ts';
import { findReferences } from '../../../src/definition/references.ts';
import type { Json } from '../../../src/model/json.ts';
import type { Change } from '../../../src/model/plan.ts';
import { toPointer } from '../../../src/model/position.ts';
import { aLive, aSecret } from '../../support/builders.ts';
import { resolveText } from './round-trip.ts';

/** What somebody with the console may write, so that a definition would resolve a secret of ours. */
const texts = [
  '${{ secrets.OTHER }}',
  'before ${{secrets.OTHER}} behind',
  '${{ vars.X }}',
  '${{ open without end',
  '${{${{ secrets.OTHER }}}}',
  '"${{ secrets.OTHER }}"',
  'a\n${{ secrets.OTHER }}\nname: injected',
  '{"a":"${{ secrets.OTHER }}"}',
  String.raw`{"a":"\u0024{{ secrets.OTHER }}"}`,
  String.raw`{"a":["$\u007b{ secrets.OTHER }}"]}`,
  String.raw`{"\u0024{{ secrets.OTHER }}":"a"}`,
  String.raw`{"a":{"b":"\u0024\u007b\u007b secrets.OTHER }}"}}`,
];

/** What a definition says once it is read, keys included. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...Object.keys(value), ...Object.values(value).flatMap((member) => textsOf(member))];
}

function referencesIn(yaml: string): readonly string[] {
  const { documents, diagnostics } = parseDocuments('instances/a.yaml', yaml);
  expect(diagnostics).toEqual([]);
  const value: Json | undefined = documents[0]?.value;
  return textsOf(value).flatMap((text) => findReferences(text).map(({ kind, name }) => `${kind}.${name}`));
}

const keys = ['username', 'base.url', 'event.poller.configuration'] as const;

describe('text on the platform that reads as a reference of ours', () => {
  it.each(texts)('is never written by an import: %s', (text) => {
    for (const key of keys) {
      const live = aLive({ name: 'One', configuration: { [key]: text, password: aSecret('hush') } });
      const { yaml, leftOut } = importInstance(live, { isSecretKey: (name) => name === 'password', adopt: true });
      expect(referencesIn(yaml).filter((one) => !one.endsWith('PASSWORD'))).toEqual([]);
      expect(leftOut.map((one) => one.key)).toContain(key);
    }
  });

  it.each(texts)('is never written as a name or a tag by an import: %s', (text) => {
    const live = aLive({ name: text, userTags: [text, 'plain'], configuration: { password: aSecret('hush') } });
    const { yaml } = importInstance(live, { isSecretKey: (name) => name === 'password', adopt: true });
    expect(referencesIn(yaml).filter((one) => !/^(?:vars\..*Name|secrets\..*PASSWORD)$/.test(one))).toEqual([]);
  });

  it.each(texts)('is never accepted as drift: %s', (text) => {
    const yaml =
      'connector: sharefile\nname: One\nconfiguration:\n  username: one\n  event.poller.configuration:\n    a: b\n';
    const desired = resolveText(yaml, { secrets: new Map() });
    const live = aLive({ name: text, configuration: { username: text, 'event.poller.configuration': text } });
    const fields = [
      '/name',
      toPointer('configuration', 'username'),
      toPointer('configuration', 'event.poller.configuration'),
    ];
    const change: Change = {
      key: desired.key,
      action: 'update',
      connector: 'sharefile',
      name: 'One',
      id: live.id,
      fields: fields.map((field) => ({ field, cause: 'drift', secret: false })),
      risks: [],
      notes: [],
      digest: '',
    };
    const { text: edited, refused } = acceptDrift(yaml, 0, change, live, desired);
    expect(referencesIn(edited)).toEqual([]);
    expect(refused.length).toBeGreaterThan(0);
  });
});
