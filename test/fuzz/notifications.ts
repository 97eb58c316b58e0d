import fc from 'fast-check';
import { parseNotification, signBody, verifySignature } from '../../src/events/events.ts';
import { anyForeignText } from '../support/foreign-text.ts';
import { payloads, webhookPayload } from '../support/payloads.ts';
import { aFuzzer, expectNone, withinBounds } from './fuzzer.ts';
import { mutated, mutatedJson } from './mutate.ts';

const key = 'a key';
const texts = [payloads.quickbooks, webhookPayload(2)];
const good = signBody(texts[0] ?? '', key);
const header = fc.oneof(
  fc.constant(undefined),
  anyForeignText,
  mutated([good, `${good}, ${good}`, 'sha1=AAAA'], ['sha256=', '=', ',', 'A', '-', ' ']),
  fc.array(mutated([good], ['=', ',']), { maxLength: 3 }),
);
const pieces = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  'null',
  '1e999',
  '"__proto__":',
  '"message":',
  '"events":',
  '[['.repeat(50),
];
const inputs = fc.record({
  body: fc.oneof(
    mutated(texts, pieces),
    anyForeignText,
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  ),
  value: fc.oneof(...texts.map((text) => mutatedJson(JSON.parse(text)))),
  header,
});

/** What arrives at a receiver: bodies, parsed ones too, and signatures. */
export const notifications = aFuzzer('notifications', 1_500, inputs, ({ body, value, header: given }) => {
  const check = withinBounds(() => verifySignature(body, given, key));
  const isSigned = [given].flat().length === 1 && String([given].flat()[0]).trim() === signBody(body, key);
  expectNone([
    ...(check.ok === isSigned ? [] : [`the signature counts as ${check.ok ? 'right' : 'wrong'}`]),
    ...[body, value].flatMap(findFlaws),
  ]);
});

function findFlaws(body: unknown): readonly string[] {
  const parsed = withinBounds(() => parseNotification(body));
  if (!parsed.ok) return parsed.message === '' ? ['no words'] : [];
  const { instanceId, instanceName, connector, topic, createdDate, events } = parsed.notification;
  const fields = [instanceId, instanceName, connector, topic, createdDate];
  const ofEvents = events.flatMap((event) => [event.type, event.objectType, event.objectId, event.date]);
  return [...fields, ...ofEvents].filter((text) => typeof text !== 'string').map((text) => `no text: ${typeof text}`);
}
