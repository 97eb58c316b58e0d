import { holdsCredential } from '../model/credential-inside.ts';
import { isList, isStructured, type Json, writeJson } from '../model/json.ts';
import type { Change, FieldChange, UnchangedInstance } from '../model/plan.ts';
import type { Redactor } from '../model/secret.ts';
import type { BuiltPlan } from '../plan/build-plan.ts';

type Redact = (text: string) => string;

/**
 * A plan as it may be shown: known secrets are taken out of whatever the platform wrote.
 * A server that repeats what it was sent, in a name, a tag or another value, must not bring a secret into a pull request.
 * What the definitions themselves say stays as it is, and so do the digests.
 */
export function redactPlan({ plan, work, unchanged, whole }: BuiltPlan, redactor: Redactor): BuiltPlan {
  const known = redactor.forTexts(() => listTexts([...plan.changes, ...work.map(({ change }) => change)]));
  const redact: Redact = (text) => hideWhole(text, { redact: known });
  const redactLater: Redact = (text) => hideWhole(text, redactor);
  const shown = new Map(plan.changes.map((change) => [change, redactChange(change, redact)]));
  const show = (change: Change) => shown.get(change) ?? redactChange(change, redact);
  return {
    // It is only counted, and never shown.
    whole,
    plan: { ...plan, changes: plan.changes.map(show) },
    work: work.map((item) => ({ ...item, change: show(item.change) })),
    // The key is that of a definition.
    unchanged: unchanged.map((one) => new HiddenUnchanged(one, redactLater)),
  };
}

/** All that is redacted of the changes. */
function listTexts(changes: readonly Change[]): readonly string[] {
  const texts = new Set<string>();
  for (const change of new Set(changes)) {
    redactChange(change, (text) => {
      texts.add(text);
      return text;
    });
  }
  return [...texts];
}

/**
 * Hidden where it is read: most commands only count them, and each of thousands would have to be compared with all secrets for it.
 * A class, as the engine makes a table of each object that has accessors of its own.
 */
class HiddenUnchanged implements UnchangedInstance {
  readonly #one: UnchangedInstance;
  readonly #redact: Redact;

  constructor(one: UnchangedInstance, redact: Redact) {
    this.#one = one;
    this.#redact = redact;
  }

  get key(): string {
    return this.#one.key;
  }

  get connector(): string {
    return this.#one.connector;
  }

  get name(): string {
    return this.#redact(this.#one.name);
  }

  get id(): string {
    return this.#redact(this.#one.id);
  }

  toJSON(): UnchangedInstance {
    const { key, connector, name, id } = this;
    return { key, connector, name, id };
  }
}

function redactChange(change: Change, redact: Redact): Change {
  const { id, previousKey, previousEnvironment, reason } = change;
  return {
    ...change,
    // Without a definition, the platform's answer is all that is known.
    ...(change.source === undefined ? redactHead(change, redact) : {}),
    ...(id === undefined ? {} : { id: redact(id) }),
    ...(previousKey === undefined ? {} : { previousKey: redact(previousKey) }),
    ...(previousEnvironment === undefined ? {} : { previousEnvironment: redact(previousEnvironment) }),
    ...(reason === undefined ? {} : { reason: redactCoded(reason, redact) }),
    fields: change.fields.map((field) => redactField(field, redact)),
    risks: change.risks.map((risk) => redactCoded(risk, redact)),
    notes: change.notes.map((note) => redactCoded(note, redact)),
  };
}

function redactHead({ key, name, connector }: Change, redact: Redact): Pick<Change, 'key' | 'name' | 'connector'> {
  return { key: redact(key), name: redact(name), connector: redact(connector) };
}

function redactField(field: FieldChange, redact: Redact): FieldChange {
  const { before, meaning } = field;
  return {
    ...field,
    ...(before === undefined ? {} : { before: hideValue(before, redact) }),
    ...(meaning === undefined ? {} : { meaning: redactCoded(meaning, redact) }),
  };
}

/** The arguments of a code may be foreign text; the codes are ours. */
function redactCoded<C extends { readonly code: string }>(coded: C, redact: Redact): C {
  const redacted: C = JSON.parse(JSON.stringify(coded), (name, value: unknown) =>
    typeof value === 'string' && name !== 'code' ? redact(value) : value,
  );
  return redacted;
}

/**
 * A text that holds a secret is hidden whole. With only the secret taken out, whoever may write it could ask thousands of guesses in one
 * plan, and see which one was right by the place of the gap. So is what shows by itself that it holds one: nobody need have told us.
 */
export function hideWhole(text: string, redactor: Pick<Redactor, 'redact'>): string {
  return redactor.redact(text) === text && !holdsCredential(text) ? text : hidden;
}

const hidden = '(secret)';

/** The same for a value that has members. */
function hideValue(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return redact(value);
  const text = writeJson(value);
  return textsOf(value).some((one) => redact(one) !== one) || redact(text) !== text ? hidden : value;
}

function textsOf(value: Json): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!isStructured(value)) return [];
  if (isList(value)) return value.flatMap((member) => textsOf(member));
  return [...Object.keys(value), ...Object.values(value).flatMap((member) => textsOf(member))];
}
