import { createColors } from 'picocolors';
import { isLacking, type ListedSecret } from '../../model/listed-secret.ts';
import { visible } from '../../model/visible.ts';
import { hangText } from '../hang-text.ts';
import { type Paint, renderTable } from '../text-table.ts';

interface SecretsTextOptions {
  readonly color: boolean;
  /** Columns; at least 40 are used. */
  readonly width: number;
}

interface SecretsList {
  readonly environment: string;
  readonly secrets: readonly ListedSecret[];
}

const narrowest = 40;

/** How many definitions a line names; of the rest it tells the number. */
const mostKeys = 3;

/** Which secrets definitions need, as a table: what is not set stands at the end, with where to set it. Shows no value. Ends with a line feed. */
export function renderSecretList({ environment, secrets }: SecretsList, options: SecretsTextOptions): string {
  const colors = createColors(options.color);
  const width = Math.max(narrowest, options.width);
  if (secrets.length === 0) return `No definition of the environment ${visible(environment)} refers to a secret.\n`;
  const paints: Readonly<Record<ListedSecret['status'], Paint>> = {
    set: colors.green,
    unset: colors.red,
    empty: colors.red,
    waiting: colors.yellow,
    unused: colors.dim,
  };
  const rows = secrets.map(({ name, status, definitions }) => [
    { text: visible(name) },
    { text: status, paint: paints[status] },
    { text: nameDefinitions(definitions), paint: colors.dim },
  ]);
  const missing = secrets.filter(({ setAt }) => setAt !== undefined);
  const lines = [
    ...renderTable(rows, { width }),
    '',
    ...hangText('', summarize(secrets, environment), { width, indent: 0 }),
  ];
  for (const secret of missing) lines.push('', ...explain(secret, width));
  return `${lines.join('\n')}\n`;
}

function nameDefinitions(keys: readonly string[]): string {
  const named = keys.slice(0, mostKeys).map((key) => visible(key));
  return keys.length > mostKeys ? `${named.join(', ')} and ${keys.length - mostKeys} more` : named.join(', ');
}

function summarize(secrets: readonly ListedSecret[], environment: string): string {
  const count = (...statuses: readonly ListedSecret['status'][]): number =>
    secrets.filter(({ status }) => statuses.includes(status)).length;
  const parts = [
    [count('set'), 'set'],
    [count('unset', 'empty'), 'not set'],
    [count('waiting'), 'to be set when a person authorises'],
    [count('unused'), 'set and not used by any definition'],
  ] as const;
  const told = parts.flatMap(([number, words]) => (number === 0 ? [] : [`${number} ${words}`]));
  return `Secrets of the environment ${visible(environment)}: ${told.join(', ')}.`;
}

function explain(secret: ListedSecret, width: number): readonly string[] {
  const { name, status, at = '', setAt = '' } = secret;
  const what = status === 'empty' ? 'is empty' : 'is not set';
  const why = isLacking(secret)
    ? `Until it is set, ${secret.definitions.length === 1 ? 'this definition is' : 'these definitions are'} left alone.`
    : 'It is needed only when an instance is created or authorised again.';
  const hang = { width, indent: 2 };
  return [
    ...hangText('', `${visible(name)} ${what} (${visible(at)}). ${why}`, hang),
    ...hangText('  ', `Set ${visible(setAt)}.`, hang),
  ];
}
