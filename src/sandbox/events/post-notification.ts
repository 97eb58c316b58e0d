import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** What a callback answered; `why` when it did not, or was not asked. */
export type CallbackAnswer = { readonly status: number } | { readonly why: string };

/** Sends a notification. Never throws. */
export type PostNotification = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<CallbackAnswer>;

/** Milliseconds that a callback may take. */
const patience = 10_000;

/** Sends to this machine only: whatever a definition names as its callback, the sandbox bothers nobody else. */
export const postToLoopback: PostNotification = (text, headers, body) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return Promise.resolve({ why: 'it is no http address' });
  if (!/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    return Promise.resolve({ why: 'the sandbox sends to this machine only' });
  }
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const outgoing = send(url, { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(patience) });
    outgoing.once('error', (error) => resolve({ why: error.message }));
    outgoing.once('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0 });
    });
    outgoing.end(body);
  });
};
