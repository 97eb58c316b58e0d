import type { Plan } from '../../model/plan.ts';
import { markdownCode } from '../escape/markdown.ts';
import { renderRunLink, type RunLinks } from './run-links.ts';

interface FootInput {
  readonly environment: string;
  readonly plan?: Plan | undefined;
  /** Where no plan says it. */
  readonly commit?: string | undefined;
  readonly links?: RunLinks | undefined;
}

/** What was planned where, and the run that did it: one line at the end of a page. */
export function renderFoot({ plan, links = {}, environment, commit }: FootInput): string {
  const parts: readonly (readonly [string, string | undefined])[] = [
    ['environment', environment],
    ['host', plan?.target.baseUrl],
    ['account', plan?.target.account],
    ['workspace', plan?.workspace],
    ['commit', plan?.commit ?? commit],
    ['digest', plan?.digest],
  ];
  const shown = parts.flatMap(([label, text]) => (text === undefined ? [] : [`${label} ${markdownCode(text, 80)}`]));
  const run = links.runUrl === undefined ? [] : [renderRunLink('run', links)];
  return `${[...shown, ...run].join(' · ')}\n`;
}
