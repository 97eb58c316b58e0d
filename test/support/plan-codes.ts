import type {
  Coded,
  DisputedInstance,
  MeaningArguments,
  NoteArguments,
  ReasonArguments,
  RemarkArguments,
  RiskArguments,
} from '../../src/model/plan-codes.ts';

/** One of each code, so that a new one is not forgotten. */
type OneOfEach<A> = { readonly [C in keyof A]: Coded<A, C> };

/** Answers the text that stands in place of a harmless word. */
type Say = (harmless: string) => string;

function valuesOf<A>(all: OneOfEach<A>): readonly Coded<A>[] {
  return Object.values(all);
}

/** A reason of each code, with foreign text in every argument. */
export function everyReason(say: Say = (word) => word): readonly Coded<ReasonArguments>[] {
  const id = say('7');
  const ids = [id, say('8')];
  const disputed: DisputedInstance = { id, tags: [say('connectorctl/a'), say('connectorctl/b')] };
  const [leftOverFrom, references, connectors] = [say('old'), [say('secrets.CODE')], { from: say('a'), to: say('b') }];
  const all: OneOfEach<ReasonArguments> = {
    'same-key': { code: 'same-key', key: say('key'), instances: ids, mayStay: ids },
    'ambiguous-owner': {
      code: 'ambiguous-owner',
      key: say('key'),
      disputed: [disputed],
      instances: ids,
      expected: ids,
    },
    'ambiguous-move': { code: 'ambiguous-move', instances: [id], keys: [say('a'), say('b')] },
    'unclear-rename': { code: 'unclear-rename', key: say('key'), holder: id, instances: ids },
    'unclear-twins': { code: 'unclear-twins', key: say('key'), holder: id, instances: ids },
    'memory-of-other': { code: 'memory-of-other', key: say('key'), id, other: say('8') },
    'same-name': { code: 'same-name', instances: [id] },
    'same-name-ambiguous-owner': { code: 'same-name-ambiguous-owner', disputed: [disputed] },
    'unknown-connector': { code: 'unknown-connector', connector: say('sharefle'), nearest: say('sharefile') },
    'reference-unset': {
      code: 'reference-unset',
      references: [
        { kind: 'secrets', name: say('A'), file: say('instances/a.yaml'), line: 4, column: 9 },
        { kind: 'vars', name: say('B'), file: say('instances/a.yaml'), line: 5, column: 9 },
      ],
    },
    'adopt-not-found': { code: 'adopt-not-found', id },
    'adopt-asked-twice': { code: 'adopt-asked-twice', id, keys: [say('a'), say('b')] },
    'adopt-other-connector': { code: 'adopt-other-connector', id, connector: say('a'), wanted: say('b') },
    'adopt-ambiguous-owner': { code: 'adopt-ambiguous-owner', disputed },
    'adopt-other-workspace': { code: 'adopt-other-workspace', id, workspace: say('other') },
    'adopt-other-environment': { code: 'adopt-other-environment', id, environment: say('other') },
    'environment-gone': { code: 'environment-gone', instances: [id], environments: [say('old')] },
    'adopt-managed': { code: 'adopt-managed', id, key: say('key') },
    'login-gone': { code: 'login-gone', why: 'invalid', references, hasGrant: false },
    'grant-missing': { code: 'grant-missing', references },
    'replace-protected': { code: 'replace-protected', ...connectors },
    'replace-not-allowed': { code: 'replace-not-allowed', ...connectors },
    'replace-grant-missing': { code: 'replace-grant-missing', ...connectors, references },
    'prune-empty': { code: 'prune-empty', leftOverFrom: null, onlyIn: [say('env')] },
    'prune-off': { code: 'prune-off', leftOverFrom: null, creates: [say('a'), say('b')], onlyIn: [say('env')] },
    'orphan-wanted': { code: 'orphan-wanted', leftOverFrom, wantedBy: [say('a'), say('b')] },
    'orphan-name-planned': { code: 'orphan-name-planned', leftOverFrom, creates: [say('a'), say('b')] },
    'orphan-same-key': { code: 'orphan-same-key', leftOverFrom, instances: ids, mayStay: [] },
    'orphan-ambiguous-owner': { code: 'orphan-ambiguous-owner', leftOverFrom, instances: ids },
    'successor-missing': { code: 'successor-missing', leftOverFrom, successor: leftOverFrom },
    protected: { code: 'protected', leftOverFrom },
    'protection-unknown': { code: 'protection-unknown', leftOverFrom },
  };
  return valuesOf(all);
}

/** A note of each code, with foreign text in every argument. */
export function everyNote(say: Say = (word) => word): readonly Coded<NoteArguments>[] {
  const [id, key, fields] = [say('7'), say('key'), [say('password')]];
  const all: OneOfEach<NoteArguments> = {
    disabled: { code: 'disabled' },
    invalid: { code: 'invalid' },
    'polling-stopped': { code: 'polling-stopped' },
    'subscription-inactive': { code: 'subscription-inactive', subscriptions: [say('21')] },
    'subscription-left': { code: 'subscription-left', subscriptions: [say('21'), say('22')] },
    'ping-failed': { code: 'ping-failed', answer: say('HTTP 400'), requestId: say('r-1') },
    gone: { code: 'gone' },
    'not-adopted': { code: 'not-adopted' },
    'not-comparable': { code: 'not-comparable', fields },
    'no-memory': { code: 'no-memory', fields: [] },
    'memory-damaged': { code: 'memory-damaged', fields },
    'fingerprint-key-changed': { code: 'fingerprint-key-changed', fields: [...fields, ...fields], removed: 2 },
    'removed-key-left': { code: 'removed-key-left', keys: fields },
    'removed-key-unnamed': { code: 'removed-key-unnamed', count: 2 },
    'undeclared-address': { code: 'undeclared-address', keys: [say('base.url')] },
    'adopt-ignored': { code: 'adopt-ignored', adopt: say('8'), id },
    'same-name-elsewhere': { code: 'same-name-elsewhere', instances: [id], workspaces: [say('other')] },
    'same-name-other-environment': {
      code: 'same-name-other-environment',
      instances: [id],
      environments: [say('other')],
    },
    'secret-used-elsewhere': {
      code: 'secret-used-elsewhere',
      key,
      definitions: [say('crm')],
      more: 2,
      environments: [],
    },
    'environment-gone': { code: 'environment-gone', id, key, environment: say('old') },
    'no-key-tag': { code: 'no-key-tag', id },
    'ambiguous-owner': {
      code: 'ambiguous-owner',
      disputed: { id, tags: [say('connectorctl/a/b/c')], missing: say('connectorctl/a/b') },
    },
    duplicate: { code: 'duplicate', key, kept: [id] },
    replaced: { code: 'replaced', key },
    'not-known-offline': { code: 'not-known-offline' },
    'needs-grant': { code: 'needs-grant', references: [say('secrets.CODE')] },
  };
  return valuesOf(all);
}

/** A risk of each code, with foreign text in every argument. */
export function everyRisk(say: Say = (word) => word): readonly Coded<RiskArguments>[] {
  const hosts = { from: say('a.example'), to: say('b.example'), secret: false };
  const all: OneOfEach<RiskArguments> = {
    'endpoint-changed-secret-kept': {
      code: 'endpoint-changed-secret-kept',
      key: say('base.url'),
      secrets: [say('password')],
    },
    'secret-sent-elsewhere': {
      code: 'secret-sent-elsewhere',
      key: say('password'),
      definitions: [say('crm')],
      more: 0,
      environments: [say('staging')],
    },
    'events-switched-off': { code: 'events-switched-off' },
    'events-switched-on': { code: 'events-switched-on' },
    'signature-key-changed': { code: 'signature-key-changed' },
    'signature-key-removed': { code: 'signature-key-removed' },
    'renamed-for-receivers': { code: 'renamed-for-receivers' },
    'retagged-for-receivers': { code: 'retagged-for-receivers' },
    'callback-host-changed': { code: 'callback-host-changed', key: say('callback.url'), ...hosts },
    'identity-will-change': { code: 'identity-will-change' },
  };
  return valuesOf(all);
}

/** A meaning of each code, with foreign text in every argument. */
export function everyMeaning(say: Say = (word) => word): readonly Coded<MeaningArguments>[] {
  const sides = { from: say('15'), to: say('5') };
  const to = { code: 'reference', name: say('secrets.NEW') } as const;
  const all: OneOfEach<MeaningArguments> = {
    'poll-interval': { code: 'poll-interval', ...sides },
    'instance-switched': { code: 'instance-switched', ...sides },
    'events-switched': { code: 'events-switched', ...sides },
    'callback-host': { code: 'callback-host', ...sides },
    'tags-changed': { code: 'tags-changed', added: [say('new')], removed: [say('old')] },
    default: { code: 'default' },
    'unknown-default': { code: 'unknown-default' },
    'sent-again': { code: 'sent-again' },
    'new-reference': { code: 'new-reference', to },
    'other-reference': { code: 'other-reference', from: { code: 'empty' }, to },
    'text-around-reference': { code: 'text-around-reference', to },
    'other-literal': { code: 'other-literal' },
  };
  return valuesOf(all);
}

/** A remark of each code, with foreign text in every argument. */
export function everyRemark(say: Say = (word) => word): readonly Coded<RemarkArguments>[] {
  const [sides, places] = [{ from: say('a'), to: say('b') }, [{ file: say('a.yaml'), line: 1, message: say('Wrong') }]];
  const all: OneOfEach<RemarkArguments> = {
    'apply-would-refuse': { code: 'apply-would-refuse', breaches: [{ code: 'max-delete', count: 2, allowed: 1 }] },
    'no-common-commit': { code: 'no-common-commit', ref: say('main') },
    'base-without-workspace': { code: 'base-without-workspace', file: say('connectorctl.yaml') },
    'base-workspace-invalid': { code: 'base-workspace-invalid', places, more: 1 },
    'base-without-environment': { code: 'base-without-environment', environment: say('production') },
    'other-platform': { code: 'other-platform', ...sides },
    'workspace-renamed': { code: 'workspace-renamed', ...sides },
    'setting-changed': { code: 'setting-changed', setting: say('environments.a.prune'), from: null, to: say('true') },
    'base-definitions-invalid': { code: 'base-definitions-invalid', places, more: 0 },
    'all-new': { code: 'all-new' },
    'base-file-left-out': { code: 'base-file-left-out', file: say('a.yaml'), why: say('is no folder') },
    'more-remarks': { code: 'more-remarks', count: 3 },
  };
  return valuesOf(all);
}
