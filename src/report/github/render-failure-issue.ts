import { titleText } from '../escape/title.ts';
import { countOutcomes } from '../result/result-words.ts';
import {
  type ApplyCommentInput,
  type ApplyOutcome,
  type RenderedApply,
  renderApplyComment,
} from './render-apply-comment.ts';
import { renderRunLink, type RunLinks } from './run-links.ts';

/** An issue, or a pull request, before it is sent. */
export interface RenderedIssue {
  /** One line, no mention, at most 256 characters. */
  readonly title: string;
  readonly body: string;
}

/** An apply that failed, as the issue that someone has to look at. Same limits and escaping as the comment. */
export function renderFailureIssue(input: ApplyCommentInput): RenderedIssue & RenderedApply {
  const title = titleText(`connectorctl: apply ${describeEnd(input.outcome)} in ${input.environment}`);
  const closing = 'The next successful apply of this environment closes this issue.';
  return { title, ...renderApplyComment({ ...input, notes: [...(input.notes ?? []), closing] }) };
}

/** The comment that closes the issue. */
export function renderFailureClosed({ links = {}, hasDrift = false }: ClosedFailure): string {
  const state = hasDrift
    ? 'everything that was merged is applied, and drift that no one has reviewed was left alone'
    : 'everything matches the definitions';
  return `The ${renderRunLink('last apply', links)} succeeded: ${state}.\n`;
}

interface ClosedFailure {
  readonly links?: RunLinks | undefined;
  /** Whether something was left as somebody changed it on the platform. */
  readonly hasDrift?: boolean | undefined;
}

function describeEnd(outcome: ApplyOutcome): string {
  switch (outcome.kind) {
    case 'applied':
      // What stands in the way says more than that nothing was done.
      return `did not succeed (${countOutcomes(outcome.result)
        .replace(/^nothing\. /, '')
        .replace(/\.$/, '')})`;
    case 'differs':
    case 'declined':
      return 'was refused';
    case 'checked':
    case 'stopped':
      return 'failed';
    default:
      return outcome satisfies never;
  }
}
