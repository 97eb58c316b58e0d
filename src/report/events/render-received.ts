import { createColors } from 'picocolors';
import type { EventNotification, ObjectEvent } from '../../events/events.ts';
import type { ReceivedRequest } from '../../events/receiver.ts';
import { disarmJson, visible } from '../../model/visible.ts';
import { refusedWords } from './signature-words.ts';

/** A request, and what this repository knows of it. */
export interface ShownRequest extends ReceivedRequest {
  /** Key of the definition that its instance belongs to, as its tags say. */
  readonly definition: string | undefined;
}

/** Of the objects of one kind, so many are named. */
const mostObjects = 3;

/** What arrived, in one line: when, of which instance and definition, which objects; or why it was refused. Ends with a line feed. */
export function renderReceived(request: ShownRequest, { color }: { readonly color: boolean }): string {
  const colors = createColors(color);
  const { at, status, problem, notification, isRepeated, definition, forwarded } = request;
  const time = colors.dim(at.toISOString().slice(11, 19));
  const who = notification === undefined ? [] : [describeInstance(notification)];
  if (problem === 'method' && status === 200) return `${time}  ${colors.dim('somebody looked whether this is here')}\n`;
  if (problem !== undefined) {
    const claim = who.length === 0 ? '' : `  says it is of ${who.join('')}`;
    return `${time}  ${colors.red(`refused${status === undefined ? '' : ` (${status})`}: ${refusedWords[problem]}`)}${visible(claim)}\n`;
  }
  const parts = [
    ...who,
    definition ?? '-',
    notification === undefined ? '' : describeEvents(notification),
    isRepeated ? 'again' : '',
    forwarded === undefined ? '' : `forwarded: ${'status' in forwarded ? forwarded.status : forwarded.error}`,
  ];
  return `${time}  ${parts
    .filter((part) => part !== '')
    .map(visible)
    .join('  ')}\n`;
}

/** The same as JSON on one line, for scripts: with what the provider said in its own fields. Ends with a line feed. */
export function renderReceivedJson({ at, problem, notification, isRepeated, ...request }: ShownRequest): string {
  const message = problem && refusedWords[problem];
  const line = {
    time: at.toISOString(),
    accepted: problem === undefined,
    problem,
    message,
    ...request,
    repeated: isRepeated,
    notification,
  };
  return `${disarmJson(JSON.stringify(line))}\n`;
}

/** Foreign text as it is: whoever prints it makes it visible. */
export function describeInstance({ instanceName, instanceId }: EventNotification): string {
  return instanceName === '' ? `instance ${instanceId}` : `${instanceName} (${instanceId})`;
}

/** `CREATED documents a, b and 3 more  2026-03-01T10:00:00Z`, kind by kind; the time is of the last one. As above. */
export function describeEvents({ events, isTest }: Pick<EventNotification, 'events' | 'isTest'>): string {
  const groups = new Map<string, ObjectEvent[]>();
  for (const event of events) {
    const group = `${event.type} ${event.objectType}`.trimEnd();
    groups.set(group, [...(groups.get(group) ?? []), event]);
  }
  const told = [...groups].map(([group, all]) => `${group} ${nameObjects(all)}`.trimEnd());
  const last = events.at(-1)?.date ?? '';
  if (events.length === 0) return isTest ? 'a test, no events' : 'no events';
  return [told.join('; '), last].filter((part) => part !== '').join('  ');
}

function nameObjects(events: readonly ObjectEvent[]): string {
  const named = events.slice(0, mostObjects).map(({ objectId }) => objectId);
  const list = named.filter((id) => id !== '').join(', ');
  return events.length > mostObjects ? `${list} and ${events.length - mostObjects} more` : list;
}
