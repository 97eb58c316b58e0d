import { joinWords } from '../../model/join-words.ts';
import type { Coded } from '../../model/plan-codes.ts';

/** The words for one code. */
interface CodeWords<F, About> {
  /** What the code says, in one line, for a page of all codes. */
  readonly help: string;
  /** What it says here, in full sentences. Not yet escaped. */
  readonly say: (coded: F, about: About) => string;
}

/** The words for each code of `A`. One without words does not compile. */
export type WordTable<A, About = undefined> = { readonly [C in keyof A]: CodeWords<Coded<A, C>, About> };

/** `Instance 7`, or `Instances 7 and 8`. */
export function nameInstances(ids: readonly string[]): string {
  return ids.length === 1 ? `Instance ${joinWords(ids, 'and')}` : `Instances ${joinWords(ids, 'and')}`;
}
