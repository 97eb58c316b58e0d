import { expect, it } from 'vitest';
import { toKind } from '../../src/platform/transport.ts';

it('names what takes about as long as each other', () => {
  expect(toKind({ method: 'PATCH', path: '/instances/12' })).toBe('PATCH /instances/{}');
  expect(toKind({ method: 'DELETE', path: '/instances/12/enabled' })).toBe('DELETE /instances/{}/enabled');
  expect(toKind({ method: 'GET', path: '/elements/sfdc/configuration' })).toBe('GET /elements/{}/configuration');
  expect(toKind({ method: 'POST', path: '/instances' }, 'sfdc')).toBe('POST /instances sfdc');
});
