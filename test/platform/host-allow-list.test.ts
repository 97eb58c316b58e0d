import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import { checkHost } from '../../src/platform/base-url.ts';

function verdict(origin: string, ...allowed: readonly string[]): string {
  try {
    checkHost(`${origin}/elements/api-v2`, allowed);
    return 'allowed';
  } catch (error) {
    if (!(error instanceof UserError) || error.kind !== 'invalid' || error.hint === undefined) throw error;
    return error.code;
  }
}

describe('checkHost', () => {
  it.each([
    ['https://api.cloud-elements.com'],
    ['https://console.cloud-elements.co.uk'],
    ['https://my.cloudelements.io'],
    ['https://api.openconnectors.eu10.ext.hana.ondemand.com'],
    ['https://api.openconnectors.ext.hanatrial.ondemand.com'],
    ['https://api.cloud-elements.com:8443'],
    ['http://localhost:1234'],
    ['https://localhost'],
    ['http://127.0.0.1'],
    ['http://127.8.9.1:80'],
    ['http://[::1]:1'],
  ])('lets %s through', (origin) => {
    expect(verdict(origin)).toBe('allowed');
  });

  it.each([
    ['https://evilcloud-elements.com'],
    ['https://cloud-elements.com'],
    ['https://api.cloud-elements.com.evil.com'],
    ['https://cloud-elements.com.evil.com'],
    ['https://api.cloud-elements.com.'],
    ['https://hana.ondemand.com'],
    ['https://evil.example'],
    ['https://10.0.0.1'],
    ['https://127.0.0.1.evil.com'],
    ['https://localhost.evil.com'],
    ['https://api.xn--clud-elements-j7k.com'],
  ])('refuses %s', (origin) => {
    expect(verdict(origin)).toBe('host-not-allowed');
  });

  it('refuses hosts on which any customer can run a program', () => {
    expect(verdict('https://evil.cfapps.eu10.hana.ondemand.com')).toBe('host-not-allowed');
    expect(verdict('https://evil.cfapps.eu10-004.hana.ondemand.com')).toBe('host-not-allowed');
  });

  it('refuses plain http to anything but loopback, even when it is allowed', () => {
    expect(verdict('http://api.cloud-elements.com')).toBe('insecure-base-url');
    expect(verdict('http://platform.example', 'platform.example')).toBe('insecure-base-url');
    expect(verdict('http://10.0.0.1')).toBe('insecure-base-url');
  });

  it('lets hosts through that the process environment names', () => {
    expect(verdict('https://platform.example', 'other.example', ' Platform.Example ')).toBe('allowed');
    expect(verdict('https://a.platform.example', '*.platform.example')).toBe('allowed');
    expect(verdict('https://a.b.platform.example', '*.platform.example')).toBe('allowed');
  });

  it('reads entries of the list to the letter', () => {
    expect(verdict('https://a.platform.example', 'platform.example')).toBe('host-not-allowed');
    expect(verdict('https://platform.example', '*.platform.example')).toBe('host-not-allowed');
    expect(verdict('https://evilplatform.example', '*.platform.example')).toBe('host-not-allowed');
    expect(verdict('https://platform.example', '*', '', '.example', 'example')).toBe('host-not-allowed');
  });

  it('limits an entry with a port to that port', () => {
    expect(verdict('https://platform.example:8443', 'platform.example:8443')).toBe('allowed');
    expect(verdict('https://platform.example', 'platform.example:443')).toBe('allowed');
    expect(verdict('https://platform.example', 'platform.example:8443')).toBe('host-not-allowed');
    expect(verdict('https://platform.example:8443', 'platform.example')).toBe('allowed');
  });
});
