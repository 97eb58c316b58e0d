import { createColors } from 'picocolors';
import { type EventDelivery, isAnswered, isDisturbed, isInactive } from '../../model/event-delivery.ts';
import { visible } from '../../model/visible.ts';
import { hangText } from '../hang-text.ts';

interface DeliveriesTextOptions {
  readonly color: boolean;
  /** Columns; at least 60 are used. */
  readonly width: number;
}

/** How the events of each instance fare, one paragraph each. Ends with a line feed. */
export function renderDeliveries(
  { deliveries, environment }: { readonly deliveries: readonly EventDelivery[]; readonly environment: string },
  options: DeliveriesTextOptions,
): string {
  const width = Math.max(60, options.width);
  if (deliveries.length === 0)
    return `No instance of the environment ${visible(environment)} has events switched on.\n`;
  const colors = createColors(options.color);
  return deliveries
    .map((one) => {
      const paint = isDisturbed(one) ? colors.red : colors.bold;
      const head = `${visible(one.key)}  ${visible(one.name)} (${visible(one.id)})`;
      const lines = describe(one).flatMap(([label, text]) => hangText(label.padEnd(14), text, { width, indent: 2 }));
      return [paint(head), ...lines, ''].join('\n');
    })
    .join('\n');
}

function describe(one: EventDelivery): readonly (readonly [label: string, text: string])[] {
  const { enabled, kind, callback, signed } = one;
  const how = `${enabled ? 'on' : 'off'}${kind === undefined ? '' : `, by ${kind}`}${signed ? ', signed' : ', not signed'}`;
  return [
    ['events', how],
    ['callback', callback ?? 'none: events start formulas only'],
    ...describeMade(one),
    ...describeProbe(one),
    ...describeSubscriptions(one),
    ...describePoller(one),
    ['last events', describeEvents(one)],
  ];
}

function describeMade({ made }: EventDelivery): readonly (readonly [string, string])[] {
  if (made === undefined) return [];
  const { eventId, isDelivered, answer } = made;
  if (eventId === undefined) return [['made event', `NONE could be made on the sandbox: ${answer}`]];
  return [
    ['made event', `${eventId}, made on the sandbox and ${isDelivered ? 'delivered' : 'NOT DELIVERED'}: ${answer}`],
  ];
}

function describeProbe({ probe }: EventDelivery): readonly (readonly [string, string])[] {
  if (probe === undefined) return [];
  const { method, status, why = '' } = probe;
  const asked = method === 'POST' ? 'a test was sent' : 'it was asked whether it is there';
  if (status === undefined) return [['test', `${asked}, and NOT ANSWERED: ${why}`]];
  return [['test', `${asked}, and ${isAnswered(probe) ? 'answered' : 'REFUSED'} with HTTP ${status}`]];
}

function describeSubscriptions({ subscriptions, enabled }: EventDelivery): readonly (readonly [string, string])[] {
  if (subscriptions === undefined) return [['subscription', 'not known: the platform does not list them']];
  const { current, left } = subscriptions;
  const ids = current.map(({ id }) => id).join(', ');
  const none = enabled ? 'none yet' : 'none';
  const state = isInactive(current) ? `${ids}, INACTIVE: the platform gave up sending` : `${ids}, active`;
  return [
    ['subscription', current.length === 0 ? none : state],
    ...left.map(({ id, url, active }): readonly [string, string] => [
      'left over',
      `${id} to ${url}${active ? ', active: it gets each event too' : ', inactive'}`,
    ]),
  ];
}

function describePoller({ kind, pollingStopped, nextPoll }: EventDelivery): readonly (readonly [string, string])[] {
  if (pollingStopped) return [['poller', 'SWITCHED OFF by the platform, after too many failures in a row']];
  if (kind !== 'polling') return [];
  return [
    [
      'poller',
      nextPoll === undefined ? 'on; the platform does not say when it polls next' : `polls next at ${nextPoll}`,
    ],
  ];
}

function describeEvents({ events }: EventDelivery): string {
  if (events === undefined) return 'not known: the platform does not list them';
  if (events.length === 0) return 'none';
  return events
    .map(({ id, status, date }) => [date, status, id].filter((part) => part !== undefined).join(' '))
    .join('; ');
}
