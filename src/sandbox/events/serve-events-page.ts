import { ApiError } from '../api-error.ts';
import { escapeHtml, type Page, renderHtmlPage } from '../html-page.ts';
import type { RawRequest } from '../read-request.ts';
import type { Tenant } from '../tenant.ts';
import type { EventService } from './event-service.ts';

/** Where a person makes objects of the pretended providers, beside the platform's API. */
export const eventsPagePath = '/sandbox/events';

/** @param path whole */
export function isEventsPage(path: string): boolean {
  return path === eventsPagePath;
}

/** GET shows instances, their objects and what became of their events; POST makes, changes or deletes an object, asks for redelivery, or proves the way. */
export async function serveEventsPage(tenant: Tenant, events: EventService, request: RawRequest): Promise<Page> {
  try {
    requireLocal(request);
    if (request.method === 'POST') {
      const form = new URLSearchParams(request.text);
      if (form.get('do') === 'prove') return toJson(await events.prove(form.get('instance') ?? ''));
      act(events, form);
      return toPage(303, { location: eventsPagePath }, '<p>Done.</p>');
    }
    if (request.method !== 'GET') throw new ApiError(405, 'This page is only shown and answered');
    events.reconcile();
    return toPage(200, { 'x-connectorctl-sandbox': 'events' }, renderBody(tenant, events));
  } catch (error) {
    if (error instanceof ApiError)
      return toPage(error.status, {}, `<h1>Not done</h1><p>${escapeHtml(error.message)}.</p>`);
    throw error;
  }
}

/** No other website may act here: neither by a form of its own, nor by a name that leads to this machine. */
function requireLocal({ headers }: RawRequest): void {
  const { origin, host } = headers;
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(String(host))) throw new ApiError(403, 'Asked for by another name');
  if (origin !== undefined && origin !== `http://${String(host)}`) throw new ApiError(403, 'Sent by another website');
}

function act(events: EventService, form: URLSearchParams): void {
  const read = (name: string): string => form.get(name) ?? '';
  const instance = read('instance');
  switch (read('do')) {
    case 'make':
      events.save({ instance, resource: read('resource') || undefined, fields: { name: read('name') } });
      return;
    case 'change':
      events.save({ instance, id: read('id'), fields: { name: read('name') } });
      return;
    case 'delete':
      events.remove(instance, read('id'));
      return;
    case 'redeliver':
      events.redeliver();
      return;
    default:
      throw new ApiError(400, 'Nothing was asked for');
  }
}

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; color: #1d2430 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #d5dae2; overflow-wrap: anywhere }
form { display: inline } input, select, button { font: inherit } small { color: #5a6474 }
`;

function renderBody(tenant: Tenant, events: EventService): string {
  const instances = [...tenant.state.instances];
  const { deliveries, subscriptions } = events.state;
  const rows = [...deliveries.values()]
    .toReversed()
    .slice(0, 100)
    .map((one) => {
      const subscription = subscriptions.get(one.subscription);
      const next = one.nextAttempt === undefined ? '' : time(one.nextAttempt);
      const cells = [one.eventId, subscription?.url ?? '', one.status, String(one.attempts), one.lastAnswer, next];
      return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
    });
  return `
<h1>Events of the sandbox</h1>
<p>It is ${time(events.now())} for pollers and deliveries. <a href="${eventsPagePath}">Look again</a></p>
${instances.length === 0 ? '<p>There is no instance yet. Apply a definition first.</p>' : instances.map(({ id, name, connector }) => renderInstance(events, { id, name, connector })).join('\n')}
<h2>Deliveries</h2>
<form method="post"><button name="do" value="redeliver">Deliver again what is queued</button></form>
<table id="deliveries"><tr><th>event</th><th>callback</th><th>state</th><th>sent</th><th>last answer</th><th>next</th></tr>${rows.join('\n')}</table>`;
}

function renderInstance(
  events: EventService,
  { id, name, connector }: { readonly id: number; readonly name: string; readonly connector: string },
): string {
  const job = events.state.jobs.get(id);
  const polls =
    job === undefined
      ? 'It is not polled.'
      : job.active
        ? `The next poll is at ${time(job.nextPoll)}.`
        : 'Its polling job was switched off.';
  const why = job?.why === undefined ? '' : ` The last one failed: ${escapeHtml(job.why)}.`;
  const choices = events
    .resourcesOf(id)
    .map((one) => `<option>${escapeHtml(one)}</option>`)
    .join('');
  const hidden = `<input type="hidden" name="instance" value="${id}">`;
  const objects = events.objectsOf(id).map((object) => {
    const which = `${hidden}<input type="hidden" name="id" value="${escapeHtml(object.id)}">`;
    const { name: given } = object.fields;
    const named = escapeHtml(typeof given === 'string' ? given : '');
    return `<tr><td>${escapeHtml(object.id)}</td><td>${escapeHtml(object.resource)}</td><td><form method="post">${which}<input name="name" value="${named}" aria-label="name"><button name="do" value="change">Change</button></form> <form method="post">${which}<button name="do" value="delete">Delete</button></form></td></tr>`;
  });
  return `
<h2>${escapeHtml(name)} <small>${escapeHtml(connector)}, ${id}</small></h2>
<p>${polls}${why}</p>
<table>${objects.join('\n')}</table>
<form method="post">${hidden}<select name="resource" aria-label="resource">${choices}</select> <input name="name" value="report.txt" aria-label="name"> <button name="do" value="make">Make one</button></form>`;
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}

/** For `events test`. */
function toJson(value: object): Page {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    html: JSON.stringify(value),
  };
}

function toPage(status: number, headers: Readonly<Record<string, string>>, body: string): Page {
  const page = renderHtmlPage({ status, title: 'Events of the sandbox', style, body, formTargets: "'self'" });
  return { ...page, headers: { ...page.headers, ...headers } };
}
