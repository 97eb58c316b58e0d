import { describe, expect, it } from 'vitest';
import { fillTemplates, isUrlKey, urlProblem } from '../../src/validation/url-problem.ts';

describe('urlProblem', () => {
  it('says the same of a host with an umlaut however often it is asked', () => {
    const wrong = Array.from({ length: 20_000 }, () => urlProblem('https://münchen.example')).findIndex(
      (problem) => problem !== undefined,
    );
    expect(wrong).toBe(-1);
  });

  it.each([
    'https://example.com',
    'http://localhost:8080/a?b=c#d',
    'auth.cloudelements.io/oauth',
    'https://{subdomain}.example.com/v{version}',
    'https://{host}:{port}/x',
    'https://api.{domain}',
    'https://${{ vars.host }}:${{ vars.port }}',
    '${{ vars.scheme }}://example.com',
    '${{ vars.url }}',
    'sftp://files.example.com:22',
    'jdbc:mysql://db.example.com:3306/x',
    'https://münchen.example',
    '',
    'false',
  ])('has nothing against %s', (text) => {
    expect(urlProblem(fillTemplates(text))).toBeUndefined();
  });

  it.each([
    ['https;//example.com', 'begins with `https;//`, not with `https://`'],
    ['https:example.com', 'begins with `https:`, not with `https://`'],
    ['http.//example.com', 'begins with `http.//`, not with `http://`'],
    ['hhtps://example.com', 'begins with `hhtps://`, not with `https://`'],
    ['htp://example.com', 'begins with `htp://`, not with `https://`'],
    ['https://', 'has no host'],
    ['https://example.com:/a', 'has `:` after the host, but no port'],
    ['https://exam^ple.com', 'has an invalid host or port'],
    ['https://example.com,', 'begins or ends with a stray character'],
    [' https://example.com', 'contains a space or a line break'],
  ])('knows what is wrong with %s', (text, problem) => {
    expect(urlProblem(text)).toBe(problem);
  });

  it('knows keys that hold URLs by their names', () => {
    const keys = ['url', 'base.url', 'oauth.token.refresh_url', 'baseUrl', 'event.notification.callback.url'];
    expect(keys.filter((key) => !isUrlKey(key))).toEqual([]);
    expect(['event.poller.urls', 'curl', 'url.count'].filter(isUrlKey)).toEqual([]);
  });
});
