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

const documentedHosts = [
  'api.cloud-elements.com',
  'console.cloud-elements.com',
  'api.cloud-elements.co.uk',
  'console.cloud-elements.co.uk',
  'staging.cloud-elements.com',
  'snapshot.cloud-elements.com',
  'api.openconnectors.us2.ext.hana.ondemand.com',
  'api.openconnectors.eu10.ext.hana.ondemand.com',
  'api.openconnectors.jp20.ext.hana.ondemand.com',
  'api.openconnectors.trial.eu10.ext.hana.ondemand.com',
  'api.openconnectors.trial.us10.ext.hana.ondemand.com',
  'api.openconnectors.ext.hana.ondemand.com',
  'api.openconnectors.ext.hanatrial.ondemand.com',
  'api.openconnectors.ext.int.sap.hana.ondemand.com',
];

/** What could be one of them and is not: applications of customers, look-alikes, all that a wider list let through. */
const otherHosts = [
  'evil.hanatrial.ondemand.com',
  'p1234trial.hanatrial.ondemand.com',
  'evil.eu1.hana.ondemand.com',
  'evil.hana.ondemand.com',
  'x-iflmap.hcisbp.eu1.hana.ondemand.com',
  'tenant.prod.apimanagement.eu10.hana.ondemand.com',
  'evil.cfapps.eu10.hana.ondemand.com',
  'evil.cfapps.eu10-004.hana.ondemand.com',
  'api.openconnectors.cfapps.eu10.hana.ondemand.com',
  'evil.cloud-elements.com',
  'a.api.cloud-elements.com',
  'evil.cloud-elements.co.uk',
  'evil.cloudelements.io',
  'my.cloudelements.io',
  'auth.cloudelements.io',
  'api.cloudelements.io',
  'my.openconnectors.eu10.ext.hana.ondemand.com',
  'api.evil.openconnectors.eu10.ext.hana.ondemand.com',
  'evil.api.openconnectors.eu10.ext.hana.ondemand.com',
  'api.openconnectors.evil.ext.hana.ondemand.com',
  'api.openconnectors.eu10.evil.ext.hana.ondemand.com',
  'api.openconnectors.eu10.ext.hanatrial.ondemand.com',
  'api.openconnectors.evil.eu10.ext.hana.ondemand.com',
  'api.openconnectors.eu10.hana.ondemand.com',
  'api-openconnectors.eu10.ext.hana.ondemand.com',
  'apiopenconnectors.eu10.ext.hana.ondemand.com',
  'api.openconnectors.eu10.ext.hana.ondemand.com.evil.example',
  'api.openconnectors.eu10.ext.hana-ondemand.com',
  'api.openconnectors.eu10.exthana.ondemand.com',
  'api.openconnectors.eu10.ext.hana.ondemand.co',
  'api.openconnectors.xn--eu1-0nd.ext.hana.ondemand.com',
  'evilcloud-elements.com',
  'cloud-elements.com',
  'cloud-elements.com.evil.com',
  'api.cloud-elements.com.evil.com',
  'api.cloud-elements.com.',
  'api.xn--clud-elements-j7k.com',
  'hana.ondemand.com',
  'evil.example',
  '10.0.0.1',
  '127.0.0.1.evil.com',
  'localhost.evil.com',
];

const loopback = ['localhost', '127.0.0.1', '127.8.9.1', '[::1]'];

describe('checkHost', () => {
  it.each(documentedHosts)('lets https://%s through, at its usual port and in any case', (host) => {
    const verdicts = [`https://${host}`, `https://${host.toUpperCase()}:443`].map((origin) => verdict(origin));
    expect(verdicts).toEqual(['allowed', 'allowed']);
    expect([verdict(`https://${host}:8443`), verdict(`http://${host}`)]).toEqual([
      'host-not-allowed',
      'insecure-base-url',
    ]);
  });

  it.each(otherHosts)('refuses https://%s', (host) => {
    expect(verdict(`https://${host}`)).toBe('host-not-allowed');
  });

  it.each(loopback)('lets %s through only when it is named', (host) => {
    const origins = [`http://${host}:1234`, `https://${host}:1234`];
    expect(origins.map((origin) => verdict(origin))).toEqual(['host-not-allowed', 'host-not-allowed']);
    expect(origins.map((origin) => verdict(origin, host))).toEqual(['allowed', 'allowed']);
    expect(origins.map((origin) => verdict(origin, `${host}:1234`))).toEqual(['allowed', 'allowed']);
    expect(origins.map((origin) => verdict(origin, `${host}:4321`))).toEqual(['host-not-allowed', 'host-not-allowed']);
  });

  it('refuses plain http to anything but loopback, even when it is allowed', () => {
    expect(verdict('http://platform.example', 'platform.example')).toBe('insecure-base-url');
    expect(verdict('http://10.0.0.1', '10.0.0.1')).toBe('insecure-base-url');
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
