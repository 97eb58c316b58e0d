import type { Plan } from '../../model/plan.ts';
import type { ReviewedPlan } from '../../model/review.ts';
import { encodeWord } from '../github/authorship.ts';
import { decodeReviewedPlan, encodeReviewedPlan } from './reviewed-plan-code.ts';

/** What is hidden in the comment and in the check of a plan, so that an apply can find out whether what it would do is what people saw. */
export interface ReviewRecord {
  /** Full digest of the plan. */
  readonly digest: string;
  /** Newest commit of the pull request when it was planned. */
  readonly head: string;
  /** Commit of the branch that it was to be merged into. */
  readonly base: string;
  /** Commit that was checked out: that of a trial merge, or the head. */
  readonly tested: string;
  readonly environment: string;
  /** Version of this tool. */
  readonly version: string;
  /** The changes, packed by `encodeReviewedPlan`. */
  readonly changes: string;
}

/** Where a plan was made: on which commits of a pull request. */
type ReviewedCommits = Pick<ReviewRecord, 'head' | 'base' | 'tested'>;

/** The record of a plan that was made by asking the platform. */
export function recordPlan(plan: Plan, commits: ReviewedCommits): ReviewRecord {
  const { digest, environment, toolVersion } = plan;
  return { digest, ...commits, environment, version: toolVersion, changes: encodeReviewedPlan(plan) };
}

/** The plan that a record tells of. Undefined when its changes cannot be read. */
export function reviewedPlanOf({ digest, environment, version, changes }: ReviewRecord): ReviewedPlan | undefined {
  const packed = decodeReviewedPlan(changes);
  return packed === undefined ? undefined : { ...packed, digest, environment, toolVersion: version };
}

const hex = '[0-9a-f]+';
const word = '[^ <>]*';
const form = new RegExp(
  `^<!-- connectorctl:review:v1 digest=(${hex}) head=(${hex}) base=(${hex}) tested=(${hex}) environment=(${word}) version=(${word}) changes=([A-Za-z0-9+/=]*) -->$`,
);

/** The hidden line of a plan that was made by asking the platform. */
export function renderReviewRecord(record: ReviewRecord): string {
  const { digest, head, base, tested, environment, version, changes } = record;
  const words = `environment=${encodeWord(environment)} version=${encodeWord(version)} changes=${changes}`;
  return `<!-- connectorctl:review:v1 digest=${digest} head=${head} base=${base} tested=${tested} ${words} -->`;
}

/** Reads the hidden line back. Undefined when it is anything else: then there was no plan that could be reviewed. */
export function parseReviewRecord(line: string | undefined): ReviewRecord | undefined {
  const parts = form.exec((line ?? '').trimEnd());
  if (parts === null) return undefined;
  const [, digest = '', head = '', base = '', tested = '', environment = '', version = '', changes = ''] = parts;
  const record = { digest, head, base, tested, environment: decode(environment), version: decode(version), changes };
  return /^[0-9a-f]{64}$/.test(digest) && renderReviewRecord(record) === line?.trimEnd() ? record : undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}
