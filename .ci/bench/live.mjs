import { createHmac } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadSources } from '../bundle.mjs';
import { cli, runNode } from './measure.mjs';
import { environment, startSandbox } from './sandbox.mjs';
import { benchSecrets, keyOf, kinds, owner, renumber, writeWorkspace } from './workspace.mjs';

/**
 * Thousands of instances as an apply leaves them, without the minutes that it takes: one of each kind is really applied, and the others
 * are made of them, each with the memory that it would have. All of it is for one address, as what was last applied means nothing at another.
 */
export async function openLive(folder) {
  const few = path.join(folder, 'few');
  const platform = await startSandbox(`${few}.jsonl`, 0);
  writeWorkspace(few, kinds, platform.url);
  runNode([cli, 'apply', '--yes', '--quiet'], { cwd: few, env: environment(platform) });
  await platform.stop();

  const { host, port } = new URL(platform.url);
  const { start, examples, tools } = await readExamples(readFileSync(`${few}.jsonl`, 'utf8'), host);
  const startNew = async ({ count, latency }) => {
    const workspace = path.join(folder, `live-${count}`);
    rmSync(workspace, { recursive: true, force: true });
    const made = Array.from({ length: count }, (_, index) => makeInstance(examples[index % kinds], index, tools));
    const records = [start, ...made.map((instance) => ({ op: 'put', instance }))];
    writeFileSync(`${workspace}.jsonl`, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const started = await startSandbox(`${workspace}.jsonl`, latency, Number(port));
    writeWorkspace(workspace, count, started.url);
    return { count, latency, workspace, env: environment(started), stop: started.stop };
  };

  let standing;
  const close = async () => {
    await standing?.stop();
    standing = undefined;
  };
  return {
    /** A platform with so many of them, and the workspace of their definitions. There is one at a time, which stays as long as the same is asked for. */
    start: async ({ count, latency }) => {
      if (standing?.count === count && standing.latency === latency) return standing;
      await close();
      standing = await startNew({ count, latency });
      return standing;
    },
    /** Must be called when anything was changed, and at the end. */
    close,
  };
}

/** The sandbox's file with the first instance of each kind, understood. */
async function readExamples(journal, host) {
  const sources = await loadSources(`
    export { createFingerprinter } from './src/secret/fingerprint.ts';
    export { decodeApplied, encodeApplied } from './src/tags/applied-vector.ts';
    export { isAppliedTag, ownerTags, userTagsOf } from './src/tags/owner-tags.ts';
    export { canonicalLive } from './src/model/canonical-value.ts';
    export { toPointer } from './src/model/position.ts';
    export { Secret } from './src/model/secret.ts';
  `);
  const key = new sources.Secret(benchSecrets.CONNECTORCTL_FINGERPRINT_KEY, 'bench');
  const [start, ...records] = journal.trimEnd().split('\n').map(parse);
  const tools = {
    ...sources,
    fingerprinter: sources.createFingerprinter(key, { ...owner, host }),
    idOf: (index) => start.nextId + index,
    derive: (purpose) => createHmac('sha256', start.seed).update(purpose).digest('base64'),
  };
  // A later record of an instance takes the place of an earlier one.
  const byName = new Map(records.map(({ instance }) => [instance.name, instance]));
  const examples = [...byName.values()].map((instance) => readExample(instance, tools));
  return { start, tools, examples: examples.toSorted((one, other) => one.index - other.index) };
}

/** An instance, and the text behind each hash that it remembers. Throws when one is not understood. */
function readExample(instance, { fingerprinter, ...tools }) {
  const index = Number(/\d+$/.exec(instance.name)[0]);
  const scope = { key: keyOf(index), id: String(instance.id) };
  const texts = listTexts(instance, tools);
  const vector = tools.decodeApplied(instance.tags);
  const entries = [...vector.entries].map(([name, entry]) => {
    const hasValue = ([pointer, text]) =>
      fingerprinter.name(pointer) === name && fingerprinter.value(scope, pointer, text) === entry.value;
    const [pointer, text] = texts.find(hasValue) ?? [];
    const reference = listReferences().find(
      (one) => pointer !== undefined && fingerprinter.reference(scope, pointer, { reference: one }) === entry.reference,
    );
    if (pointer === undefined || entry.echo !== undefined || (entry.reference !== undefined && reference === undefined))
      throw new Error(
        `An apply remembers of ${instance.name} what .ci/bench/live.mjs does not make: ${pointer ?? name}.`,
      );
    return { name, entry, pointer, text, reference };
  });
  return { instance, index, vector, entries };
}

/** What may have been hashed, by its pointer. */
function listTexts({ name, tags, configuration }, { canonicalLive, toPointer, userTagsOf }) {
  const values = Object.entries(configuration).flatMap(([key, value]) =>
    [false, true].map((asJson) => [toPointer('configuration', key), canonicalLive(key, value, asJson)]),
  );
  return [['/name', name], ['/tags', JSON.stringify(userTagsOf(tags))], ...values];
}

function listReferences() {
  const prefix = 'CONNECTORCTL_SECRET_';
  return Object.keys(benchSecrets).map((name) => name.replace(prefix, 'secrets.'));
}

function makeInstance({ instance, index: from, vector, entries }, index, tools) {
  const { fingerprinter, encodeApplied, ownerTags, userTagsOf } = tools;
  const id = tools.idOf(index);
  const scope = { key: keyOf(index), id: String(id) };
  const remembered = entries.map(({ name, entry, pointer, text, reference }) => {
    const value = fingerprinter.value(scope, pointer, renumber(text, from, index));
    if (reference === undefined) return [name, { ...entry, value }];
    return [name, { ...entry, value, reference: fingerprinter.reference(scope, pointer, { reference }) }];
  });
  const applied = { ...vector, instance: fingerprinter.instance(scope.id), entries: new Map(remembered) };
  const configuration = Object.entries(instance.configuration).map(([key, value]) => [
    key,
    key.startsWith('oauth.user.') && key.includes('token')
      ? tools.derive(`${key}/${id}`)
      : renumber(value, from, index),
  ]);
  return {
    ...instance,
    id,
    token: tools.derive(`token/${id}`),
    name: renumber(instance.name, from, index),
    tags: [...userTagsOf(instance.tags), ...ownerTags(owner, scope.key), ...encodeApplied(applied)],
    configuration: Object.fromEntries(configuration),
  };
}

function parse(text) {
  return JSON.parse(text);
}
