import type { Plan } from '../../model/plan.ts';
import type { SizeLimits } from '../budget.ts';
import { markdownCode, markdownText, toCount } from '../escape/markdown.ts';
import { titleText } from '../escape/title.ts';
import { type CommandContext, commandsAbout } from '../next-step.ts';
import { bodyLimits } from './github-limits.ts';
import type { RenderedIssue } from './render-failure-issue.ts';
import { renderFoot } from './render-foot.ts';
import { renderInstances } from './render-instances.ts';
import { sizeOf, subtractSize, takeFitting, budgetOf } from '../budget.ts';
import { renderRunLink, type RunLinks } from './run-links.ts';

/** Drift that was written into a definition. */
interface WrittenDrift {
  readonly key: string;
  readonly file: string;
  readonly fields: number;
  readonly refused: readonly { readonly at: string; readonly reason: string }[];
  /** Fields whose value came from variables and is written out now. */
  readonly replaced?: readonly { readonly at: string; readonly vars: readonly string[] }[] | undefined;
}

interface AcceptDriftPullInput {
  /** Only what drifted, as `drift` answers it. */
  readonly plan: Plan;
  readonly accepted: readonly WrittenDrift[];
  /** HTML comment that the pull request is found by; stands first, alone on its line. Ours, never foreign. Empty for none. */
  readonly marker: string;
  readonly links?: RunLinks | undefined;
  readonly limits?: SizeLimits | undefined;
  readonly commands?: CommandContext | undefined;
}

const tableHead = '| definition | file | written | stays as it is |\n| --- | --- | --- | --- |\n';

/**
 * A pull request that makes the definitions say what the platform holds. Its title becomes the message of a commit and holds nothing that acts there.
 * Never longer than the limits as long as these leave 24,000 bytes. Foreign text cannot make structure, links, mentions or a marker.
 */
export function renderAcceptDriftPull(input: AcceptDriftPullInput): RenderedIssue & { readonly isCut: boolean } {
  const { plan, accepted, marker, links = {}, limits = bodyLimits } = input;
  const count = accepted.length === 1 ? '1 definition' : `${accepted.length} definitions`;
  const head = [
    marker === '' ? '' : `${marker}\n`,
    `### Accept drift in ${markdownText(plan.environment, 80)}\n\n`,
    `This makes ${count} match the platform. Merge it to keep the drift; close it and apply to undo the drift.\n\n`,
  ].join('');
  const foot = renderFoot({ environment: plan.environment, plan, links });
  const budget = subtractSize(budgetOf(limits), sizeOf(`${head}${foot}`));
  const rest = `all in ${renderRunLink('the step summary', links)}`;

  const rows = accepted.map(renderRow);
  const half = { characters: budget.characters / 2, bytes: budget.bytes / 2 };
  const shown = takeFitting(rows, half);
  const left = rows.length - shown.length;
  const table = `${tableHead}${shown.join('')}\n${left === 0 ? '' : `**… ${toCount(left)} more**, ${rest}.\n\n`}`;
  const keys = new Set(accepted.map(({ key }) => key));
  const changes = plan.changes.filter(({ key }) => keys.has(key));
  const instances = renderInstances(
    { changes },
    { links, rest, budget: subtractSize(budget, sizeOf(table)), commands: commandsAbout(plan, input.commands) },
  );
  return {
    title: titleText(`Accept drift in ${plan.environment}: ${toSubject(accepted)}`, 120),
    body: `${head}${table}${instances.markdown}${foot}`,
    isCut: left > 0 || instances.whole < changes.length,
  };
}

function renderRow({ key, file, fields, refused, replaced = [] }: WrittenDrift): string {
  const stays = refused.slice(0, 5).map(({ at, reason }) => `${markdownCode(at, 120)}: ${markdownText(reason, 160)}`);
  const more = refused.length > 5 ? [`… and ${refused.length - 5} more`] : [];
  const lost = replaced.slice(0, 5).map(({ at, vars }) => {
    const names = vars.slice(0, 3).map((name) => markdownCode(`vars.${name}`, 80));
    return `${markdownCode(at, 120)} no longer follows ${names.join(', ')}`;
  });
  const others = replaced.length > 5 ? [`… and ${replaced.length - 5} more no longer follow a variable`] : [];
  const written = [`${fields} ${fields === 1 ? 'field' : 'fields'}`, ...lost, ...others].join('<br>');
  return `| ${[markdownCode(key), markdownCode(file), written, [...stays, ...more].join('<br>')].join(' | ')} |\n`;
}

function toSubject(accepted: readonly WrittenDrift[]): string {
  const [first] = accepted;
  return accepted.length === 1 && first !== undefined ? first.key : `${accepted.length} definitions`;
}
