import { createServer } from 'node:http';

/** What a double of Vault holds, and how it is to behave. Follows the documented API of Vault and OpenBao: KV version 2, tokens, the JWT method. */
export interface VaultWorld {
  /** By `MOUNT/data/PATH`. */
  readonly secrets: Readonly<Record<string, VaultVersion>>;
  /** Of tokens: the paths that each may read. */
  readonly tokens: Map<string, readonly string[]>;
  readonly namespace?: string;
  /** Answers these statuses and texts first, one for each request. */
  readonly first?: (readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>])[];
  readonly isSealed?: boolean;
  /** Role and token of GitHub that lets a job in, and the token that it gets. */
  readonly login?: {
    readonly role: string;
    readonly jwt: string;
    readonly token: string;
    readonly paths: readonly string[];
  };
}

export interface VaultVersion {
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly deletionTime?: string;
  readonly isDestroyed?: boolean;
}

export interface FakeVault {
  readonly address: string;
  /** `GET /v1/secret/data/x`, in the order of arrival. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** Starts the double on this machine. The address of a runner's token service is `/oidc`. */
export async function startVault(world: VaultWorld): Promise<FakeVault> {
  const requests: string[] = [];
  const first = [...(world.first ?? [])];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://vault');
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    let text = '';
    const answer = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    };
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const early = first.shift();
      if (early !== undefined) return answer(...early);
      if (pathname === '/oidc') {
        const isAsked = request.headers.authorization === 'Bearer request-token';
        return isAsked
          ? answer(200, { value: `jwt for ${searchParams.get('audience') ?? 'nobody'}` })
          : answer(401, {});
      }
      if (world.isSealed === true) return answer(503, { errors: ['Vault is sealed'] });
      if (request.headers['x-vault-request'] !== 'true') return answer(400, { errors: ['no X-Vault-Request'] });
      if (request.headers['x-vault-namespace'] !== world.namespace)
        return answer(403, { errors: ['permission denied'] });
      const { login, tokens, secrets } = world;
      if (request.method === 'POST' && pathname === '/v1/auth/jwt/login') {
        const given: unknown = JSON.parse(text);
        const isRight = JSON.stringify(given) === JSON.stringify({ role: login?.role, jwt: login?.jwt });
        if (!isRight || login === undefined)
          return answer(400, { errors: ['error validating token: invalid audience (aud) claim'] });
        tokens.set(login.token, login.paths);
        return answer(200, { auth: { client_token: login.token, lease_duration: 60, renewable: false } });
      }
      const token = String(request.headers['x-vault-token']);
      const paths = tokens.get(token);
      if (paths === undefined) return answer(403, { errors: ['permission denied', 'invalid token'] });
      if (pathname === '/v1/auth/token/lookup-self') return answer(200, { data: { ttl: 60 } });
      if (pathname === '/v1/auth/token/revoke-self') {
        tokens.delete(token);
        return answer(204, '');
      }
      const path = decodeURIComponent(pathname.slice('/v1/'.length));
      if (!paths.includes(path)) return answer(403, { errors: ['1 error occurred:\n\t* permission denied\n\n'] });
      const version = secrets[path];
      if (version === undefined) return answer(404, { errors: [] });
      const { data, deletionTime = '', isDestroyed = false } = version;
      const metadata = { deletion_time: deletionTime, destroyed: isDestroyed, version: 3 };
      return answer(data === null ? 404 : 200, { data: { data, metadata } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  return {
    address: `http://127.0.0.1:${typeof bound === 'object' ? bound?.port : bound}`,
    requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
