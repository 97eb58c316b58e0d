import { parseAnswer, readText } from './json.ts';

/** What an answer that is no success says of itself. Foreign text: must be redacted and escaped before it is shown. */
interface WireError {
  /** True when it is the platform's own form `{message, requestId}` (platform-api §2): no gateway in between answered. */
  readonly fromPlatform: boolean;
  readonly message?: string | undefined;
  /** What the provider behind the instance said. */
  readonly providerMessage?: string | undefined;
  readonly requestId?: string | undefined;
}

/**
 * Reads the body of an answer that is no success, whatever it is.
 * @param headerId the value of `elements-request-id`, where the answer had it (platform-api §4)
 */
export function decodeError(text: string, headerId?: string): WireError {
  const json = parseAnswer(text);
  const body = json.ok ? json.value : undefined;
  const message = readText(body, 'message') ?? (json.ok ? undefined : titleOf(text));
  const requestId = readText(body, 'requestId') ?? headerId;
  return {
    // Other gateways write `message` too, so that alone proves nothing.
    fromPlatform: readText(body, 'message') !== undefined && requestId !== undefined,
    message,
    providerMessage: readText(body, 'providerMessage'),
    requestId,
  };
}

// What a proxy in between wrote: the title of its page, or its plain text.
function titleOf(text: string): string | undefined {
  const page = text.trimStart();
  const words = page.startsWith('<') ? /<title[^<>]*>([^<]*)/i.exec(page)?.[1] : page;
  const title = words?.replaceAll(/\s+/g, ' ').trim();
  return title === '' ? undefined : title;
}
