import type { PlatformReader, PlatformWriter } from '../model/platform.ts';
import type { ConnectOptions } from './connect-options.ts';
import { createReader } from './reader.ts';
import { openReadTransport, openWriteTransport } from './transport.ts';
import { createWriter } from './writer.ts';

export type { ConnectOptions } from './connect-options.ts';

/** Connects for plan. What it gives cannot send anything but GET. Connects when the first request is made. */
export function connectReader(options: ConnectOptions): PlatformReader {
  return Object.freeze(createReader(openReadTransport(options), options.baseUrl, options.redactor));
}

/** Connects for apply. */
export function connectWriter(options: ConnectOptions): PlatformWriter {
  const transport = openWriteTransport(options);
  const reader = createReader(transport, options.baseUrl, options.redactor);
  return Object.freeze({ ...reader, ...createWriter(transport, options.redactor) });
}
