import { type TextSize, takeFitting } from '../budget.ts';
import {
  markdownCode,
  markdownFence,
  markdownLink,
  markdownParagraph,
  markdownText,
  toCount,
} from '../escape/markdown.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { renderAlert } from './render-stop.ts';

/** An instance that waits for a person, with the address at which the person agrees. */
export interface ConsentLink {
  readonly key: string;
  readonly connector: string;
  readonly name: string;
  /** Foreign: from the platform. Holds no secret. */
  readonly url: string;
  /** Host of that address. */
  readonly provider: string;
  /** Where the browser goes afterwards; undefined where that is a secret. */
  readonly callback?: string | undefined;
  /** Milliseconds since 1970. An answer that comes later is refused. */
  readonly expires: number;
}

/** One that waits without a link, with the reason and the next step. Foreign text. */
interface LinklessConsent {
  readonly key: string;
  readonly why: string;
}

/** Whom a page asks to agree, and what to do with the answer. */
export interface ConsentInvitation {
  readonly links: readonly ConsentLink[];
  readonly linkless: readonly LinklessConsent[];
  readonly environment: string;
  /** Of the workflow that takes the answer. */
  readonly workflow: { readonly file: string; readonly url: string; readonly branch: string };
  /** Pull request or issue that the page stands on. */
  readonly issue?: number | undefined;
  /** Whether the definitions have to be merged first. */
  readonly isProposal: boolean;
}

/** More would be no page that somebody reads; `connectorctl authorize --all` goes through all of them. */
const mostShown = 10;

/** A longer address is none that a person should click. */
const longestUrl = 3_000;

/**
 * Asks people to agree at the providers, an instance each: the link, who is behind it, and the command that takes the answer.
 * Empty when nobody is waited for. As many as there is room for; says how many it left out.
 */
export function renderConsentLinks(invitation: ConsentInvitation | undefined, budget: TextSize): string {
  if (invitation === undefined) return '';
  const { links, linkless } = invitation;
  const rows = [
    ...links.map((link) => (link.url.length > longestUrl ? renderTooLong(link) : renderLink(link, invitation))),
    ...linkless.map(({ key, why }) => `- ${markdownCode(key, 120)}: ${markdownText(why, 600)}\n`),
  ];
  if (rows.length === 0) return '';
  const shown = takeFitting(rows.slice(0, mostShown), budget);
  const left = rows.length - shown.length;
  const more =
    left === 0
      ? []
      : [
          `**… ${toCount(left)} more.** At a command line, ${markdownCode('connectorctl authorize --all')} goes through all of them.`,
        ];
  const how = links.length === 0 ? [] : [renderWay(invitation)];
  return renderAlert('IMPORTANT', [...how, shown.join('\n'), ...more]);
}

function renderWay({ workflow: { url, branch }, isProposal }: ConsentInvitation): string {
  const steps = [
    `${isProposal ? '**After the merge**, open' : 'Open'} the link with the login that the instance is to have, and agree.`,
    'The browser ends at the callback page of the app. Copy its whole address, out of your own browser and from nobody else: it decides whose account is connected.',
    `Within a few minutes, start ${markdownLink('the workflow', url)} on ${markdownCode(branch, 80)} with it, or use the command: it reads the address when you paste it, ended by Enter and Ctrl-D.`,
  ];
  return ['**To log an instance in:**', ...steps.map((step, index) => `${index + 1}. ${step}`)].join('\n');
}

function renderLink(link: ConsentLink, invitation: ConsentInvitation): string {
  const { key, connector, name, url, provider, callback, expires } = link;
  const about = `${markdownText(connector, 80)} "${markdownText(name, 80)}"`;
  const back = callback === undefined ? 'back to the callback of the app' : `back to ${markdownCode(callback, 200)}`;
  const until = `${new Date(expires).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const words = `log in at ${provider === '' ? 'the provider' : markdownCode(provider, 120)}`;
  const fence = markdownFence(renderCommand(key, invitation)).replaceAll(/^(?=.)/gm, '  ');
  return `- ${markdownCode(key, 120)} (${about}): **${markdownLink(words, url)}**, ${back}. Good until ${until}.\n\n${fence}`;
}

function renderTooLong({ key }: ConsentLink): string {
  return `- ${markdownCode(key, 120)}: the address is too long for a page. ${markdownParagraph('Use connectorctl authorize.')}\n`;
}

/** Reads the address from its input: what stands among the words of a command is in the history of a shell and in lists of processes. */
function renderCommand(key: string, { environment, workflow, issue }: ConsentInvitation): string {
  const fields = [
    `environment=${environment}`,
    `instance=${key}`,
    ...(issue === undefined ? [] : [`issue=${issue}`]),
  ].map((field) => `-f ${quoteWord(field)}`);
  return [
    'gh workflow run',
    quoteWord(workflow.file),
    '--ref',
    quoteWord(workflow.branch),
    ...fields,
    '-F redirect=@-',
  ].join(' ');
}
