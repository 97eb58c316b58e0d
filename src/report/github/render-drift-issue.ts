import { shortDigest } from '../../model/hashing.ts';
import { isPutRight } from '../../model/apply.ts';
import { isDrifted, isWaiting, type Plan } from '../../model/plan.ts';
import type { SizeLimits } from '../budget.ts';
import { markdownFence, markdownParagraph, markdownText } from '../escape/markdown.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { titleText } from '../escape/title.ts';
import { type CommandContext, commandsAbout, completeHint } from '../next-step.ts';
import { bodyLimits } from './github-limits.ts';
import type { RenderedIssue } from './render-failure-issue.ts';
import { type ConsentInvitation, renderConsentLinks } from './render-consent-links.ts';
import { renderFoot } from './render-foot.ts';
import { renderInstances } from './render-instances.ts';
import { renderAlert } from './render-stop.ts';
import { sizeOf, subtractSize, budgetOf, quarterOf } from '../budget.ts';
import { renderRunLink, type RunLinks } from './run-links.ts';

interface DriftIssueInput {
  /** Only what drifted, as `drift` answers it. */
  readonly plan: Plan;
  /** HTML comment that the issue is found by; stands first, alone on its line. Ours, never foreign. Empty for none. */
  readonly marker: string;
  /** Foreign text, a paragraph each. */
  readonly notes?: readonly string[] | undefined;
  readonly links?: RunLinks | undefined;
  readonly limits?: SizeLimits | undefined;
  /** Whom the page asks to log in again, where a workflow takes the answers. */
  readonly invitation?: ConsentInvitation | undefined;
  readonly commands?: CommandContext | undefined;
}

/**
 * What changed on the platform that no definition asked for, as the issue of its environment: what, and the two ways out.
 * Never longer than the limits as long as these leave 24,000 bytes. Foreign text cannot make structure, links, mentions or a marker.
 */
export function renderDriftIssue(input: DriftIssueInput): RenderedIssue & { readonly isCut: boolean } {
  const { plan, marker, notes = [], links = {}, limits = bodyLimits, invitation } = input;
  const commands = commandsAbout(plan, input.commands);
  const count = countDrifted(plan);
  const head = [
    marker === '' ? '' : `${marker}\n`,
    `### Drift in ${markdownText(plan.environment, 80)}\n\n`,
    `**${count} changed on the platform without a definition asking for it.** Digest \`${shortDigest(plan.digest)}\`\n\n`,
    ...notes.map((note) => renderAlert('NOTE', [markdownParagraph(note, 600)])),
    renderConsentLinks(invitation, quarterOf(limits)),
    renderWaysOut(plan, commands),
  ].join('');
  const foot = renderFoot({ environment: plan.environment, plan, links });
  const { markdown, whole } = renderInstances(plan, {
    links,
    commands,
    budget: subtractSize(budgetOf(limits), sizeOf(`${head}${foot}`)),
    rest: `all in ${renderRunLink('the step summary', links)}`,
  });
  return {
    title: titleText(`connectorctl: ${count} drifted in ${plan.environment}`),
    body: `${head}${markdown}${foot}`,
    isCut: whole < plan.changes.length,
  };
}

/** What is said when nothing has drifted any more. */
export function renderDriftClosed({ links = {} }: { readonly links?: RunLinks | undefined }): string {
  return `The ${renderRunLink('last check', links)} found no more drift: the platform matches what was last applied.\n`;
}

/** Of what waits for a person nothing can be kept. */
function renderWaysOut({ changes }: Plan, commands: CommandContext): string {
  const drifted = changes.filter(isDrifted);
  const waiting = drifted.filter(isWaiting);
  const canKeep = drifted.some(({ fields }) => fields.length > 0);
  const [only] = waiting;
  const key = waiting.length === 1 && only !== undefined ? quoteWord(only.key) : '--all';
  return [
    ...(drifted.some(isPutRight)
      ? ['To undo it, so that the platform matches the definitions again', 'connectorctl apply']
      : []),
    ...(canKeep ? ['To keep it, write it into the definitions', 'connectorctl drift --accept KEY'] : []),
    ...(waiting.length === 0 ? [] : ['To log in again at a command line', `connectorctl authorize ${key}`]),
  ]
    .map((text, index) => (index % 2 === 0 ? `${text}:\n\n` : `${markdownFence(completeHint(text, commands))}\n`))
    .join('');
}

function countDrifted({ changes }: Plan): string {
  const count = changes.filter(isDrifted).length;
  return count === 1 ? '1 instance' : `${count} instances`;
}
