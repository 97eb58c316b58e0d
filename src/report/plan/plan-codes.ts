import { quoteWord } from '../../model/shell-word.ts';
import { meaningTable, noteTable, riskTable } from './change-words.ts';
import { reasonTable, sayReason } from './reason-words.ts';
import {
  bindingTable,
  breachTable,
  describeBinding,
  describeBreach,
  describeDifference,
  describeDuplicate,
  differenceTable,
  duplicateTable,
} from './refusal-words.ts';
import { remarkTable } from './remark-words.ts';

/** A code that planning may answer. */
export interface PlanCode {
  /** Where it stands: `reason` of a change, `notes`, `risks`, `meaning` of a field, `remarks` of an offline plan, or what is refused. */
  readonly kind: 'reason' | 'note' | 'risk' | 'meaning' | 'remark' | 'limit' | 'binding' | 'duplicate' | 'difference';
  readonly code: string;
  /** What it says, in one line. */
  readonly help: string;
}

/** Every code that planning may answer, for a page that explains them. */
export const planCodes: readonly PlanCode[] = [
  ...listCodes('reason', reasonTable),
  ...listCodes('note', noteTable),
  ...listCodes('risk', riskTable),
  ...listCodes('meaning', meaningTable),
  ...listCodes('remark', remarkTable),
  ...listCodes('limit', breachTable),
  ...listCodes('binding', bindingTable),
  ...listCodes('duplicate', duplicateTable),
  ...listCodes('difference', differenceTable),
];

function listCodes(
  kind: PlanCode['kind'],
  table: Readonly<Record<string, { readonly help: string }>>,
): readonly PlanCode[] {
  return Object.entries(table).map(([code, { help }]) => ({ kind, code, help }));
}

function renderWords(verb: string, ...words: readonly string[]): string {
  return ['connectorctl', verb, ...words.map(quoteWord)].join(' ');
}

/** The words that operations need for what they throw and record; they import no report, so that these are handed to them. */
export const planWords = {
  reason: sayReason,
  breach: describeBreach,
  binding: describeBinding,
  duplicate: describeDuplicate,
  difference: describeDifference,
  command: renderWords,
} as const;
