import type { Answer, Call } from '../exchange.ts';
import { toNextToken } from '../page.ts';
import type { DropEntriesFault, PagingFault } from './fault.ts';
import type { Blow } from './rule.ts';

/** Carries a call out; errors are answers too. */
export type CarryOut = (call: Call) => Answer;

interface ListPage extends Answer {
  readonly body: readonly unknown[];
}

const tokenHeader = 'elements-next-page-token';
const totalHeader = 'elements-total-count';
const returnedHeader = 'elements-returned-count';

/** The page of a list as the fault leaves it; undefined when there is nothing to spoil. */
export function alterList(
  fault: PagingFault | DropEntriesFault,
  blow: Blow,
  { call, carryOut }: { readonly call: Call; readonly carryOut: CarryOut },
): Answer | undefined {
  switch (fault.kind) {
    case 'endless-pages':
      return goOn(call, carryOut);
    case 'repeated-token':
      return repeatToken(call, carryOut(call));
    case 'drop-entries':
      return dropEntries(carryOut(call), fault.count ?? 1, blow.chance);
    default:
      return fault satisfies never;
  }
}

/** After the last page the first comes again, so that no page is ever empty. */
function goOn(call: Call, carryOut: CarryOut): Answer | undefined {
  const asked = carryOut(call);
  const isPastEnd = asked.status === 404 || (Array.isArray(asked.body) && asked.body.length === 0);
  const answer = isPastEnd ? carryOut(toFirstPage(call)) : asked;
  if (!isFilledPage(answer)) return undefined;
  const { [totalHeader]: _total, [returnedHeader]: _returned, ...headers } = answer.headers ?? {};
  const token = toNextToken(call.request.query, call.tenant.quirks);
  return { ...answer, headers: { ...headers, [tokenHeader]: token } };
}

function toFirstPage(call: Call): Call {
  const query = new URLSearchParams(call.request.query);
  query.delete('nextPage');
  return { ...call, request: { ...call.request, query } };
}

/** The first page is left as it is: only the token that was asked with can come again. */
function repeatToken(call: Call, answer: Answer): Answer | undefined {
  const asked = call.request.query.get('nextPage') ?? '';
  if (asked === '' || !isFilledPage(answer)) return undefined;
  return { ...answer, headers: { ...answer.headers, [tokenHeader]: asked } };
}

function dropEntries(answer: Answer, count: number, chance: number): Answer | undefined {
  if (!isFilledPage(answer)) return undefined;
  const { body, headers = {} } = answer;
  const first = Math.floor(chance * body.length);
  const kept = body.filter((_entry, index) => (index - first + body.length) % body.length >= count);
  const told = headers[returnedHeader] === undefined ? {} : { [returnedHeader]: String(kept.length) };
  return { ...answer, body: kept, headers: { ...headers, ...told } };
}

function isFilledPage(answer: Answer): answer is ListPage {
  return answer.status === 200 && Array.isArray(answer.body) && answer.body.length > 0;
}
