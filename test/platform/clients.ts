import { onTestFinished } from 'vitest';

import type { PlatformReader, PlatformWriter } from '../../src/model/platform.ts';
import { Secret } from '../../src/model/secret.ts';
import { connectReader } from '../../src/platform/reader.ts';
import type { ConnectOptions } from '../../src/platform/transport.ts';
import { connectWriter } from '../../src/platform/writer.ts';
import { createRedactor } from '../../src/secret/redactor.ts';

/** Hold what real secrets may hold (platform-api §2). */
export const userText = 'user/Secret+0123456789abcdef=';
export const organizationText = 'org/Secret+fedcba9876543210==';

type Overrides = Partial<ConnectOptions>;

/** Options for a server at an origin, without any real waiting. */
export function optionsFor(origin: string, overrides: Overrides = {}): ConnectOptions {
  const redactor = createRedactor();
  const credentials = {
    userSecret: new Secret(userText, 'CONNECTORCTL_USER_SECRET'),
    organizationSecret: new Secret(organizationText, 'CONNECTORCTL_ORGANIZATION_SECRET'),
  };
  redactor.add(credentials.userSecret);
  redactor.add(credentials.organizationSecret);
  return {
    baseUrl: `${origin}/elements/api-v2`,
    credentials,
    redactor,
    userAgent: 'connectorctl/test',
    sleep: async () => {},
    random: () => 0,
    ...overrides,
  };
}

/** A reader that is closed when the test ends. */
export function aReader(origin: string, overrides?: Overrides): PlatformReader {
  const reader = connectReader(optionsFor(origin, overrides));
  onTestFinished(() => reader.close());
  return reader;
}

/** A writer that is closed when the test ends. */
export function aWriter(origin: string, overrides?: Overrides): PlatformWriter {
  const writer = connectWriter(optionsFor(origin, overrides));
  onTestFinished(() => writer.close());
  return writer;
}

/** An instance as the platform writes it. */
export function wireInstance(id: number, fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { id, name: `Instance ${id}`, element: { key: 'sharefile' }, tags: [], configuration: {}, ...fields };
}

/** What the promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('It was not rejected.');
}
