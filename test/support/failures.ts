import * as fc from 'fast-check';
import type { FailureArguments, FoundFailure } from '../../src/model/apply.ts';
import { actions } from '../../src/model/plan.ts';
import { anyForeignText } from './foreign-text.ts';

const text = anyForeignText;
const texts = fc.array(anyForeignText, { maxLength: 3 });
const maybeText = fc.option(anyForeignText, { nil: undefined });
const maybeCount = fc.option(fc.nat({ max: 300 }), { nil: undefined });
const traceable = { requestId: maybeText };

/** Every failure that apply finds itself, with whatever strangers wrote in its place. One that is missing here does not compile. */
const failures: { readonly [C in keyof FailureArguments]: fc.Arbitrary<FoundFailure<C>> } = {
  'tag-not-kept': fc.record({
    ...traceable,
    code: fc.constant('tag-not-kept'),
    id: text,
    tag: text,
    cutAt: maybeCount,
  }),
  'not-taken': fc.record({
    ...traceable,
    code: fc.constant('not-taken'),
    id: text,
    fields: texts,
    complaint: maybeText,
  }),
  'keys-lost': fc.record({ ...traceable, code: fc.constant('keys-lost'), id: text, fields: texts }),
  'user-tags-lost': fc.record({ ...traceable, code: fc.constant('user-tags-lost'), id: text, tags: texts }),
  'own-fault': fc.record({ ...traceable, code: fc.constant('own-fault'), fault: text }),
  'create-unclear': fc.record({ ...traceable, code: fc.constant('create-unclear'), key: text, lookUp: maybeText }),
  'key-taken': fc.record({ ...traceable, code: fc.constant('key-taken'), id: text, key: text }),
  'duplicate-instances': fc.record({
    ...traceable,
    code: fc.constant('duplicate-instances'),
    key: text,
    ids: texts,
  }),
  'delete-unclear': fc.record({
    ...traceable,
    code: fc.constant('delete-unclear'),
    id: text,
    refusal: maybeText,
    lookUp: text,
  }),
  'still-there': fc.record({ ...traceable, code: fc.constant('still-there'), id: text }),
  'instance-in-use': fc.record({ ...traceable, code: fc.constant('instance-in-use'), id: text, users: texts }),
  'owner-changed': fc.record({
    ...traceable,
    code: fc.constant('owner-changed'),
    id: text,
    tags: texts,
    expected: texts,
  }),
  'key-not-free': fc.record({ ...traceable, code: fc.constant('key-not-free'), key: text }),
  'successor-not-made': fc.record({ ...traceable, code: fc.constant('successor-not-made'), key: text }),
  'read-back-missing': fc.record({ ...traceable, code: fc.constant('read-back-missing'), id: text }),
  'not-listed': fc.record({ ...traceable, code: fc.constant('not-listed'), id: text }),
  'read-back-differs': fc.record({
    ...traceable,
    code: fc.constant('read-back-differs'),
    id: text,
    missing: texts,
    added: texts,
    appliedValues: fc.boolean(),
    cutAt: maybeCount,
    mostTags: maybeCount,
  }),
  'read-back-failed': fc.record({ ...traceable, code: fc.constant('read-back-failed'), lookUp: text }),
  'ping-failed': fc.record({
    ...traceable,
    code: fc.constant('ping-failed'),
    id: text,
    answer: text,
    key: maybeText,
  }),
  'grant-refused': fc.record({
    ...traceable,
    code: fc.constant('grant-refused'),
    key: text,
    id: maybeText,
    answer: text,
  }),
  'stopped-at-once': fc.record({
    ...traceable,
    code: fc.constant('stopped-at-once'),
    key: text,
    action: fc.constantFrom(...actions),
    id: maybeText,
  }),
};

export const foundCodes: readonly string[] = Object.keys(failures);

export const anyFoundFailure: fc.Arbitrary<FoundFailure> = fc.oneof(...Object.values(failures));
