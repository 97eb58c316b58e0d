import type { Refusal } from '../operation/result.ts';
import type { Command } from './inputs.ts';
import type { EventPayload, PullPayload } from './runner/read-event.ts';

/** What is known of the event before anything is read from the checkout. */
export interface EventFacts {
  readonly eventName: string;
  /** `refs/heads/main`. */
  readonly ref: string;
  readonly event: EventPayload;
  /** Whether the credentials of a platform account are set. */
  readonly hasCredentials: boolean;
}

/** What this step does. */
export interface StepRun {
  readonly kind: 'run';
  readonly command: Command;
  /** `offline`: no platform is asked and no credentials are used, as there are none or the definitions come from a fork. */
  readonly access: 'online' | 'offline';
  /** The pull request that it is about. */
  readonly pull?: PullPayload | undefined;
}

interface RefusedRun extends Refusal {
  readonly kind: 'refused';
}

/** What the event is about. */
type EventSubject =
  /** Changes that are not merged yet. */
  | { readonly kind: 'proposal'; readonly pull?: PullPayload }
  | { readonly kind: 'default-branch'; readonly command: Command }
  | { readonly kind: 'other-branch' };

/**
 * Decides what a step does from its event (design §8).
 * @param command the input `command`; absent: the event decides
 */
export function decideRun(facts: EventFacts, command: Command | undefined): StepRun | RefusedRun {
  const subject = findSubject(facts);
  if (subject.kind === 'refused') return subject;
  if (command === 'authorize') return decideAuthorize(facts, subject);
  const chosen = command ?? (subject.kind === 'default-branch' ? subject.command : 'plan');
  if (subject.kind === 'proposal') return decideProposal(facts, subject.pull, chosen);
  if (subject.kind === 'other-branch' && (chosen === 'apply' || chosen === 'drift')) return offDefaultBranch(chosen);
  return { kind: 'run', command: chosen, access: 'online' };
}

function findSubject({ eventName, ref, event }: EventFacts): EventSubject | RefusedRun {
  const isDefault = event.defaultBranch !== undefined && ref === `refs/heads/${event.defaultBranch}`;
  switch (eventName) {
    case 'pull_request':
      if (event.pull === undefined) return refuse('The event names no pull request.', 'Run the job again.');
      if (event.action === 'closed') return closedPull;
      return { kind: 'proposal', pull: event.pull };
    case 'merge_group':
      return { kind: 'proposal' };
    case 'push':
      if (event.isDeletion) return deletedBranch;
      return isDefault ? { kind: 'default-branch', command: 'apply' } : { kind: 'other-branch' };
    case 'schedule':
      // Runs on the default branch only (docs.github.com, events that trigger workflows).
      return { kind: 'default-branch', command: 'drift' };
    case 'workflow_dispatch':
    case 'repository_dispatch':
      return isDefault ? { kind: 'default-branch', command: 'plan' } : { kind: 'other-branch' };
    case 'pull_request_target':
      return pullRequestTarget;
    default:
      return unknownEvent;
  }
}

/** A person started it, where nobody but whoever may write to the default branch decides what runs. */
function decideAuthorize({ eventName }: EventFacts, { kind }: EventSubject): StepRun | RefusedRun {
  if (eventName !== 'workflow_dispatch') return notByHand;
  return kind === 'default-branch'
    ? { kind: 'run', command: 'authorize', access: 'online' }
    : offDefaultBranch('authorize');
}

function decideProposal(facts: EventFacts, pull: PullPayload | undefined, command: Command): StepRun | RefusedRun {
  if (command === 'apply' || command === 'drift') return beforeMerge(command);
  // Dependabot gets no secrets. To pass for it can only take something away: with credentials, the run is online.
  const isBare = pull?.author === 'dependabot[bot]' && !facts.hasCredentials;
  const access = pull?.isFork === true || isBare ? 'offline' : 'online';
  return { kind: 'run', command, access, pull };
}

function refuse(message: string, hint: string): RefusedRun {
  return { kind: 'refused', message: `Refused: ${message}`, hint };
}

function beforeMerge(command: Command): RefusedRun {
  return command === 'apply'
    ? refuse(
        'apply does not run before the merge.',
        'Nothing was sent. On `pull_request` and `merge_group` use `command: plan`; apply on `push` to the default branch.',
      )
    : refuse(
        'drift is checked on the default branch, not on a pull request.',
        'Use `command: drift` on `schedule` or `workflow_dispatch`.',
      );
}

function offDefaultBranch(command: Command): RefusedRun {
  return refuse(
    `${command} runs only on the default branch of the repository.`,
    'Nothing was sent. Start the workflow on the default branch, or use `command: plan` here.',
  );
}

const notByHand = refuse(
  'an instance is authorized by a workflow that a person starts.',
  'Use `command: authorize` on `workflow_dispatch`, as the workflow `authorize.yaml` of `connectorctl init` does.',
);

const closedPull = refuse(
  'the pull request is closed, so there is nothing to plan.',
  'Remove `closed` from the `types` of `pull_request`.',
);

const deletedBranch = refuse('the branch was deleted.', 'Restrict `push` to the default branch.');

const pullRequestTarget = refuse(
  'nothing runs on `pull_request_target`.',
  'It gives the secrets of the repository to a run on files that anyone can write. Use `pull_request`: forks get a plan that needs no secrets.',
);

const unknownEvent = refuse(
  'nothing runs on this event.',
  'Use `pull_request`, `merge_group`, `push`, `schedule`, `workflow_dispatch` or `repository_dispatch`.',
);
