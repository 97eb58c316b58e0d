import { describe, expect, it } from 'vitest';
import { holdsCredential } from '../../src/model/credential-inside.ts';

describe('holdsCredential', () => {
  it.each([
    ['https://admin:Hunter2@host.example/x'],
    ['sftp://u:Hunter2@host:22/'],
    ['jdbc:mysql://u:Hunter2@host/db'],
    ['jdbc:mysql://host/db?user=a&password=Hunter2'],
    ['https://a.example, https://u:Hunter2@b.example'],
    ['Server=host;User Id=a;Password=Hunter2;'],
    ['Endpoint=sb://bus.example/;SharedAccessKeyName=root;SharedAccessKey=Hunter2='],
    ['https://blob.example/c?sv=2020&sig=Hunter2%3D'],
    ['https://host.example/#access_token=Hunter2'],
    ['https://s3.example/k?X-Amz-Signature=0a1b2c'],
    ['Authorization: Bearer Hunter2Hunter2'],
    ['Basic dTpodW50ZXIy'],
    ['User aGVsbG8=, Organization d29ybGQ='],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----'],
    [String.raw`{"private_key":"-----BEGIN PRIVATE KEY-----\nMIIE"}`],
  ])('finds the credential in %j', (text) => {
    expect(holdsCredential(text)).toBe(true);
  });

  it.each([
    [''],
    ['https://host.example:8443/a@b'],
    ['https://host.example:8443?mail=a@b.example'],
    ['sftp://git@host.example/x'],
    ['https://host.example/oauth/token?grant_type=password&page=2'],
    ['https://<shop>.example.com/?token=<TOKEN>'],
    ['/hubs/documents/events/poll/documents?where=lastmodifieddate=2020'],
    ['Basic plan of the user'],
    ['-----BEGIN CERTIFICATE-----'],
    ['password'],
  ])('finds none in %j', (text) => {
    expect(holdsCredential(text)).toBe(false);
  });

  it('reads a text that is full of beginnings once', () => {
    for (const part of ['Bearer ', '://u:', '?token', '&password', '-----BEGIN ', ':', 'eyJ-', 'eyJaaaaaaaa-'])
      expect(holdsCredential(part.repeat(100_000))).toBe(false);
  });
});
