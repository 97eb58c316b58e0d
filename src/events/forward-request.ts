import { Agent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as SecureAgent, request as requestHttps } from 'node:https';

/** What came of sending a notification on. */
export type Forwarded = { readonly status: number } | { readonly error: string };

/** Milliseconds for the whole exchange. */
const forwardPatience = 30_000;

const agentOptions = { keepAlive: true, maxSockets: 64 };
const agents = { http: new Agent(agentOptions), https: new SecureAgent(agentOptions) };

/** Headers of one connection (RFC 9110, 7.6.1), and those that Node.js makes for the next one. */
const ofConnection =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|expect)$/i;

/** Sends a notification on: the same body byte for byte, and the same headers, but for those of the connection. Never throws. */
export function forwardRequest(received: IncomingMessage, body: Uint8Array, to: URL): Promise<Forwarded> {
  const isSecure = to.protocol === 'https:';
  const send = isSecure ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const outgoing = send(to, {
      method: 'POST',
      agent: isSecure ? agents.https : agents.http,
      headers: [...listHeaders(received.rawHeaders), ['host', to.host], ['content-length', String(body.length)]].flat(),
      signal: AbortSignal.timeout(forwardPatience),
    });
    outgoing.once('error', (error) => resolve({ error: error.message }));
    outgoing.once('response', (response) => {
      response.resume();
      // A status below 200 or above 599 is none that can be answered.
      const { statusCode = 502 } = response;
      resolve({ status: statusCode < 200 || statusCode > 599 ? 502 : statusCode });
    });
    outgoing.end(body);
  });
}

function listHeaders(raw: readonly string[]): readonly (readonly string[])[] {
  return raw.flatMap((name, index) =>
    index % 2 === 1 || ofConnection.test(name) ? [] : [[name, raw[index + 1] ?? '']],
  );
}

/** Ends the connections that wait for another notification. */
export function closeForwarding(): void {
  agents.http.destroy();
  agents.https.destroy();
}
