import { readFileSync, statSync } from 'node:fs';
import { Secret } from '../../model/secret.ts';
import { UserError } from '../../model/user-error.ts';
import { integerAt, isTrueAt, textAt, valueAt } from '../read-json.ts';

/** GitHub caps what it sends at 25 MB (docs.github.com, webhook events and payloads). */
const maxBytes = 32 * 1024 * 1024;

/** What of the event matters here. Everything in it may have been chosen by somebody outside the repository. */
export interface EventPayload {
  /** `opened`, `closed`, … */
  readonly action: string | undefined;
  /** Name without `refs/heads/`. */
  readonly defaultBranch: string | undefined;
  /** A push that deleted its branch. */
  readonly isDeletion: boolean;
  /** Newest commit of the branch before a push. */
  readonly before: string | undefined;
  readonly pull: PullPayload | undefined;
  /** Branch that a merge queue goes into, without `refs/heads/`. Its base commit may be one of the queue itself. */
  readonly queueInto: string | undefined;
  /** What a person filled in who started the workflow by hand. */
  readonly dispatch: DispatchInputs | undefined;
}

/** The inputs of the workflow `authorize`. From the event, and not from an input of the step: a runner prints those. */
export interface DispatchInputs {
  /** Key of a definition. */
  readonly instance: string | undefined;
  /** The address that a browser came back to after consent: holds a code that works once. */
  readonly redirect: Secret | undefined;
  /** What the log must not show: the address, and what stands in it. */
  readonly masks: readonly Secret[];
  /** Number of a pull request or an issue. */
  readonly issue: number | undefined;
}

export interface PullPayload {
  readonly number: number;
  readonly headSha: string;
  readonly baseSha: string;
  /** Branch that it goes into. */
  readonly baseRef: string | undefined;
  /** Whether the head is in another repository, or in one that is gone. */
  readonly isFork: boolean;
  /** Login of who opened it. */
  readonly author: string;
}

/**
 * Reads the event.
 * @param file `GITHUB_EVENT_PATH`
 */
export function readEvent(file: string | undefined): EventPayload {
  if (file === undefined) return decodeEvent({});
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0 || size > maxBytes) throw unreadable();
  return decodeEvent(parse(readFileSync(file, 'utf8')));
}

/** Takes out of an event what matters. */
export function decodeEvent(event: unknown): EventPayload {
  return {
    action: textAt(event, 'action'),
    defaultBranch: textAt(event, 'repository', 'default_branch'),
    isDeletion: isTrueAt(event, 'deleted'),
    before: textAt(event, 'before'),
    pull: decodePull(event),
    queueInto: /^refs\/heads\/(.+)$/.exec(textAt(event, 'merge_group', 'base_ref') ?? '')?.[1],
    dispatch: decodeDispatch(valueAt(event, 'inputs')),
  };
}

function decodeDispatch(inputs: unknown): DispatchInputs | undefined {
  if (typeof inputs !== 'object' || inputs === null) return undefined;
  const read = (name: string): string | undefined => textAt(inputs, name)?.trim() || undefined;
  const redirect = read('redirect');
  const parts = [...(redirect ?? '').matchAll(/[?&#](?:code|oauth_token|oauth_verifier)=([^&#]+)/g)];
  // What a provider says when it refuses is for people: no secret stands there.
  const whole = parts.length === 0 ? [] : [redirect ?? ''];
  const masks = [...whole, ...parts.flatMap(([, value = '']) => [value, decode(value)])];
  const issue = /^#?(\d{1,9})$/.exec(read('issue') ?? '')?.[1];
  return {
    instance: read('instance'),
    redirect: redirect === undefined ? undefined : new Secret(redirect, 'the input redirect'),
    masks: [...new Set(masks)].filter((one) => one !== '').map((one) => new Secret(one, 'the input redirect')),
    issue: issue === undefined ? undefined : Number(issue),
  };
}

function decode(text: string): string {
  return new URLSearchParams(`value=${text}`).get('value') ?? '';
}

function decodePull(event: unknown): PullPayload | undefined {
  const pull = valueAt(event, 'pull_request');
  const number = integerAt(pull, 'number');
  if (number === undefined) return undefined;
  const [head, base] = [integerAt(pull, 'head', 'repo', 'id'), integerAt(pull, 'base', 'repo', 'id')];
  return {
    number,
    headSha: textAt(pull, 'head', 'sha') ?? '',
    baseSha: textAt(pull, 'base', 'sha') ?? '',
    baseRef: textAt(pull, 'base', 'ref'),
    // By id: a name can be given again. Unknown counts as a fork.
    isFork: head === undefined || head !== base,
    author: textAt(pull, 'user', 'login') ?? '',
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(cause?: unknown): UserError {
  return new UserError('unreadable-event', 'The event of this run cannot be read.', {
    cause,
    hint: 'GITHUB_EVENT_PATH names the file. Run the job again; if it still fails, report it.',
  });
}
