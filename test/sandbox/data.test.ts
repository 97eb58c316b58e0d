import { describe, expect, it } from 'vitest';

import { openSandbox } from './open-sandbox.ts';

const closeio = { connector: 'closeio', name: 'One', configuration: { username: 'key' } };

describe('calls through an instance', () => {
  it('pings with the connector and the time', async () => {
    const { call, sandbox } = await openSandbox({ clock: () => new Date(0) });
    const { token } = sandbox.seed(closeio);
    const { body } = await call('GET', '/ping', { token });
    expect(body).toEqual({ dateTime: '1970-01-01T00:00:00.000Z', endpoint: 'closeio' });
  });

  it.each([
    { fields: { disabled: true }, status: 403 },
    { fields: { valid: false }, status: 400 },
  ])('answers $status to a ping through an instance with $fields', async ({ fields, status }) => {
    const { call, sandbox } = await openSandbox();
    const { id, token } = sandbox.seed({ ...closeio, ...fields });
    expect((await call('GET', '/ping', { token })).status).toBe(status);
    expect((await call('GET', `/instances/${id}`)).body).toMatchObject(fields);
  });

  it('enables and disables by id', async () => {
    const { call, sandbox } = await openSandbox();
    const { id } = sandbox.seed(closeio);
    await call('DELETE', `/instances/${id}/enabled`);
    expect(sandbox.instance(id)?.disabled).toBe(true);
    await call('PUT', `/instances/${id}/enabled`);
    expect(sandbox.instance(id)?.disabled).toBe(false);
  });

  it('deletes by token', async () => {
    const { call, sandbox } = await openSandbox();
    const { id, token } = sandbox.seed(closeio);
    expect((await call('DELETE', '/instances', { token })).status).toBe(200);
    expect(sandbox.instance(id)).toBeUndefined();
  });
});

describe('formula instances', () => {
  it('finds those that use an instance', async () => {
    const { call, sandbox } = await openSandbox();
    const used = sandbox.seed(closeio);
    const free = sandbox.seed(closeio);
    sandbox.seedFormulaInstance({
      id: 7,
      name: 'Copy contacts',
      formulaId: 3,
      formulaName: 'Copy',
      active: true,
      configuration: { source: String(used.id) },
    });
    const found = await call('GET', `/formulas/instances?elementInstanceId=${used.id}`);
    expect(found.list).toEqual([
      {
        id: 7,
        name: 'Copy contacts',
        active: true,
        configuration: { source: String(used.id) },
        formula: { id: 3, name: 'Copy' },
      },
    ]);
    const none = await call('GET', `/formulas/instances?elementInstanceId=${free.id}`);
    expect(none).toMatchObject({ status: 200, list: [] });
  });
});
