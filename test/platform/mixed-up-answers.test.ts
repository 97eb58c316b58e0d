import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/model/secret.ts';
import { startServer, type Answer } from '../support/http-server.ts';
import { aReader, aWriter, errorOf, wireInstance } from './clients.ts';

const mixed = () => startServer(() => ({ json: wireInstance(8) }));

const listed = async (more: Readonly<Record<string, unknown>>) => {
  const { origin } = await startServer(() => ({ json: [wireInstance(7, more)] }));
  return (await aReader(origin).listInstances())[0];
};

const ping = async (answer: Answer) => {
  const { origin } = await startServer(() => answer);
  return aReader(origin).ping(new Secret('t', 'token'));
};

describe('an answer that shows another instance than was asked for', () => {
  it('is none to a read', async () => {
    const { origin } = await mixed();
    const error = await errorOf(aReader(origin).readInstance('7'));
    expect(error).toMatchObject({ code: 'unreadable-answer', unclear: false });
    expect(String(error)).toContain('it shows instance 8 in place of 7');
  });

  it('leaves a write unclear', async () => {
    const { origin } = await mixed();
    const writer = aWriter(origin);
    expect(await errorOf(writer.updateInstance('7', { name: 'x' }))).toMatchObject({ unclear: true });
    const grant = { connector: 'box', name: 'x', tags: [], providerData: new Map() };
    expect(await errorOf(writer.reauthorizeInstance('7', grant))).toMatchObject({ unclear: true });
  });

  it('is the same one with zeros in front', async () => {
    const { origin } = await mixed();
    expect(await aReader(origin).readInstance('08')).toMatchObject({ id: '8' });
  });
});

describe('what a list says of an instance', () => {
  it('is no configuration where it shows an empty one', async () => {
    expect((await listed({ configuration: {} }))?.configuration).toBeUndefined();
    expect((await listed({ configuration: { a: '1' } }))?.configuration?.size).toBe(1);
  });

  it.each([
    ['booleans', true, false],
    ['texts', 'true', 'False'],
  ])('is that it is off and not valid, in %s', async (_, disabled, valid) => {
    expect(await listed({ disabled, valid })).toMatchObject({ disabled: true, valid: false });
  });
});

describe('a ping', () => {
  it('is not answered well by a page of something in between', async () => {
    expect(await ping({ body: '<html>Sign in</html>' })).toEqual({
      ok: false,
      message: 'HTTP 200 with a page that is not of the platform',
    });
  });

  it.each([{ status: 204 }, { json: { dateTime: 'now' } }])('is answered well by %o', async (answer) => {
    expect(await ping(answer)).toEqual({ ok: true });
  });
});

const afterWrite = async (read: Answer) => {
  const { origin } = await startServer(({ method }) => (method === 'GET' ? read : { status: 204 }));
  return aWriter(origin);
};

describe('a success that shows nothing', () => {
  it('is followed by a read', async () => {
    const writer = await afterWrite({ json: wireInstance(7, { name: 'new' }) });
    expect(await writer.updateInstance('7', { name: 'new' })).toMatchObject({ id: '7', name: 'new' });
  });

  it.each([403, 404])('leaves the write unclear where that is answered with %i', async (status) => {
    const writer = await afterWrite({ status, json: { message: 'No', requestId: 'r' } });
    expect(await errorOf(writer.updateInstance('7', { name: 'new' }))).toMatchObject({ unclear: true });
  });
});
