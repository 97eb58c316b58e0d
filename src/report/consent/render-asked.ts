import type { ShownConsent } from '../../model/consent.ts';
import type { Plan } from '../../model/plan.ts';
import { visible } from '../../model/visible.ts';
import { quoteWord } from '../../model/shell-word.ts';
import { type CommandContext, completeHint } from '../next-step.ts';

interface AskedInput {
  readonly requests: readonly ShownConsent[];
  readonly unasked: readonly {
    readonly key: string;
    readonly error: { readonly message: string; readonly hint?: string | undefined };
  }[];
  readonly plan: Pick<Plan, 'environment'>;
}

/** Which definition is asked for, and the address, alone on its line so that it can be copied whole. */
export function renderRequest({ key, connector, name, purpose, id, url, expires }: ShownConsent): string {
  const about = `${visible(connector)} "${visible(name)}"${id === undefined ? '' : `, id ${visible(id)}`}`;
  return [
    `? ${visible(key)}  ${about}: ${purposeWords[purpose]}`,
    `  Open this address, log in at the provider, and agree, before ${new Date(expires).toISOString().slice(0, 16).replace('T', ' ')} UTC:`,
    `  ${visible(url)}`,
    '',
  ].join('\n');
}

const purposeWords: Readonly<Record<ShownConsent['purpose'], string>> = {
  create: 'consent creates the instance',
  replace: 'consent replaces the instance by one of this connector',
  reauthorize: 'consent logs the instance in again',
};

/** Where nobody can be asked: the addresses, and how an answer is completed. */
export function renderAsked({ requests, unasked, plan }: AskedInput, commands: CommandContext): string {
  if (requests.length === 0 && unasked.length === 0) {
    return `No instance of ${visible(plan.environment)} waits for a person.\n`;
  }
  const asked = requests.map((one) => {
    const next = completeHint(`connectorctl authorize ${quoteWord(one.key)} --redirect -`, commands);
    return `${renderRequest(one)}  The browser ends at the callback of the app. Give the whole address from its address bar on standard input:\n  ${visible(next)}\n`;
  });
  return [...asked, ...renderUnasked(unasked, commands)].join('\n');
}

/** Why a definition cannot be asked for. */
export function renderUnasked(unasked: AskedInput['unasked'], commands: CommandContext): readonly string[] {
  return unasked.map(({ key, error: { message, hint } }) => {
    const next = hint === undefined ? '' : `${indent(completeHint(hint, commands))}\n`;
    return `! ${visible(key)}\n${indent(message)}\n${next}`;
  });
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${visible(line)}`)
    .join('\n');
}
