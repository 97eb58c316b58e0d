import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { provingDigits } from '../../model/hashing.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { type Action, actions, type Cause, type FieldChange, type Plan } from '../../model/plan.ts';
import type { ReviewedChange, ReviewedPlan } from '../../model/review.ts';
import { isTrueAt, listAt, textAt, valueAt } from '../read-json.ts';

/** What of a reviewed plan is packed; the rest stands in the record as words. */
type PackedPlan = Omit<ReviewedPlan, 'digest' | 'environment' | 'toolVersion'>;

/** Characters that a record may take of a comment or a check of 65,536. */
const mostPacked = 30_000;
/** Bytes that a record may have when it is unpacked: it comes from outside. */
const mostUnpacked = 4 * 1024 * 1024;

/**
 * Packs the changes of a plan into a word of the base64 alphabet. It holds what the comment shows anyway, and no secret, as no plan does.
 * Where there is no room, the values of the fields go first, then everything but the digests, then their ends; then there are none, and
 * only the digest of the whole plan proves anything.
 */
export function encodeReviewedPlan(plan: Plan): string {
  const { formatVersion, workspace, target } = plan;
  const changes = plan.changes.filter(({ action }) => action !== 'unchanged');
  const digests = changes.map(({ digest }) => digest);
  const binding = {
    formatVersion,
    workspace,
    target,
    ...(plan.withheld === undefined ? {} : { withheld: true }),
  };
  const forms: readonly PackedPlan[] = [
    { ...binding, digests, changes: changes.map(keepChange) },
    { ...binding, digests, changes: changes.map(keepHead) },
    { ...binding, digests, changes: [] },
    { ...binding, digests: digests.map((digest) => digest.slice(0, provingDigits)), changes: [] },
  ];
  for (const form of forms) {
    const packed = pack(form);
    if (packed.length <= mostPacked) return packed;
  }
  return pack({ ...binding, digests: [], changes: [] });
}

/** A digest stands in its change where that is kept. */
function pack({ digests, changes, ...binding }: PackedPlan): string {
  const form = changes.length === 0 ? { ...binding, digests } : { ...binding, changes };
  return deflateRawSync(JSON.stringify(form)).toString('base64');
}

function keepHead(change: ReviewedChange): ReviewedChange {
  const { key, action, connector, name, id, previousKey, previousEnvironment, reason, digest } = change;
  return { key, action, connector, name, id, previousKey, previousEnvironment, reason, digest };
}

function keepChange(change: ReviewedChange): ReviewedChange {
  // Lines and meanings are not compared.
  const fields = change.fields?.map(({ line: _line, meaning: _meaning, ...field }) => field);
  return { ...keepHead(change), fields };
}

/** Reads what `encodeReviewedPlan` wrote. Undefined for anything else. */
export function decodeReviewedPlan(packed: string): PackedPlan | undefined {
  const value = unpack(packed);
  const [formatVersion, workspace, baseUrl] = [
    textAt(value, 'formatVersion'),
    textAt(value, 'workspace'),
    textAt(value, 'target', 'baseUrl'),
  ];
  if (formatVersion !== '1.0' || workspace === undefined || baseUrl === undefined) return undefined;
  const account = textAt(value, 'target', 'account');
  const target = account === undefined ? { baseUrl } : { baseUrl, account };
  const changes = listAt(value, 'changes').map(decodeChange);
  const whole = changes.flatMap((change) => change ?? []);
  if (whole.length < changes.length) return undefined;
  const listed = listAt(value, 'digests').flatMap((digest) => (isDigest(digest) ? [digest] : []));
  return {
    formatVersion,
    workspace,
    target,
    ...(isTrueAt(value, 'withheld') ? { withheld: true } : {}),
    changes: whole,
    digests: [...whole.map(({ digest }) => digest), ...listed],
  };
}

function unpack(packed: string): Json | undefined {
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: mostUnpacked });
    const value: Json = JSON.parse(bytes.toString('utf8'));
    return value;
  } catch {
    // Whatever it is, it is no plan.
    return undefined;
  }
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && new RegExp(`^[0-9a-f]{${provingDigits},64}$`).test(value);
}

function decodeChange(value: unknown): ReviewedChange | undefined {
  const [key, connector, name, digest] = ['key', 'connector', 'name', 'digest'].map((member) => textAt(value, member));
  const action: Action | undefined = actions.find((one) => one === textAt(value, 'action'));
  if (key === undefined || connector === undefined || name === undefined || action === undefined) return undefined;
  if (!isDigest(digest)) return undefined;
  const reason = valueAt(value, 'reason');
  return {
    key,
    connector,
    name,
    digest,
    action,
    id: textAt(value, 'id'),
    previousKey: textAt(value, 'previousKey'),
    previousEnvironment: textAt(value, 'previousEnvironment'),
    reason: isJsonObject(reason) ? reason : undefined,
    fields: valueAt(value, 'fields') === undefined ? undefined : listAt(value, 'fields').flatMap(decodeField),
  };
}

const causes: readonly Cause[] = ['definition', 'drift', 'conflict', 'secret', 'removed'];

function decodeField(value: unknown): readonly FieldChange[] {
  const field = textAt(value, 'field');
  const cause = causes.find((one) => one === textAt(value, 'cause'));
  if (field === undefined || cause === undefined) return [];
  const shown = (side: 'before' | 'after'): Partial<FieldChange> => {
    const found = valueAt(value, side);
    return isJson(found) ? { [side]: found } : {};
  };
  return [{ field, cause, secret: isTrueAt(value, 'secret'), ...shown('before'), ...shown('after') }];
}

/** What was read from JSON is JSON wherever it is anything. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}
