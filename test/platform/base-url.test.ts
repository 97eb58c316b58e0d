import { describe, expect, it } from 'vitest';

import { readBaseUrl } from '../../src/model/base-url.ts';
import { normalizeBaseUrl } from '../../src/platform/base-url.ts';

const normal = 'https://api.cloud-elements.com/elements/api-v2';

describe('normalizeBaseUrl', () => {
  it.each([
    ['https://api.cloud-elements.com'],
    ['https://api.cloud-elements.com/'],
    ['https://api.cloud-elements.com/elements'],
    ['https://api.cloud-elements.com/elements/'],
    ['https://api.cloud-elements.com/elements/api-v2'],
    ['https://api.cloud-elements.com/elements/api-v2//'],
    ['  HTTPS://API.Cloud-Elements.com:443/elements/api-v2/\n'],
  ])('makes one spelling of %j', (text) => {
    expect(normalizeBaseUrl(text)).toBe(normal);
  });

  it('keeps a port and an IPv6 address', () => {
    expect(normalizeBaseUrl('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080/elements/api-v2');
    expect(normalizeBaseUrl('http://[::1]:8080/')).toBe('http://[::1]:8080/elements/api-v2');
  });

  it.each([
    [''],
    ['api.cloud-elements.com'],
    ['ftp://api.cloud-elements.com'],
    ['https://user:password@api.cloud-elements.com'],
    ['https://api.cloud-elements.com@evil.example'],
    ['https://api.cloud-elements.com?x=1'],
    ['https://api.cloud-elements.com/#x'],
    ['https://api.cloud-elements.com/elements/api-v1'],
    ['https://api.cloud-elements.com/other/../elements'],
    ['https://api.cloud-elements.com.'],
    ['https://api.cloud-elements.com:99999'],
    ['https://api%2ecloud-elements.com'],
    [String.raw`https://evil.example\.cloud-elements.com`],
    ['https://api.ｃloud-elements.com'],
    ['https://api.cloud\n-elements.com'],
    ['https:///api.cloud-elements.com'],
    ['https://api..cloud-elements.com'],
  ])('refuses %j without repeating it', (text) => {
    expect(() => normalizeBaseUrl(text)).toThrow('The base URL of the platform is not valid.');
  });

  it.each([
    ['https://my.openconnectors.eu10.ext.hana.ondemand.com', 'api.openconnectors.eu10.ext.hana.ondemand.com'],
    [
      'https://MY.openconnectors.eu10.ext.hana.ondemand.com/home/instances?x=1#y',
      'api.openconnectors.eu10.ext.hana.ondemand.com',
    ],
    [
      'https://my.openconnectors.trial.us10.ext.hana.ondemand.com/',
      'api.openconnectors.trial.us10.ext.hana.ondemand.com',
    ],
    ['https://my.cloudelements.io/login', 'api.cloud-elements.com'],
    ['https://my-staging.cloudelements.io', 'staging.cloud-elements.com'],
    ['https://my.cloudelements.co.uk', 'api.cloud-elements.co.uk'],
  ])('answers the console %s with the API that is meant', (text, api) => {
    const read = readBaseUrl(text);
    expect(read).toMatchObject({
      ok: false,
      fault: { code: 'console-base-url', hint: `Write:\n  baseUrl: https://${api}` },
    });
  });

  it.each([
    'https://my.openconnectors.evil.example',
    'https://my.example/x',
    'https://my.cloudelements.io@evil.example',
  ])('knows no API for %s', (text) => {
    const read = readBaseUrl(text);
    expect(read.ok ? 'read' : read.fault.code).not.toBe('console-base-url');
  });
});
