import { expect, it } from 'vitest';
import { requestKind } from '../../src/platform/retry.ts';

it('names what takes about as long as each other', () => {
  expect(requestKind({ method: 'PATCH', path: '/instances/12' })).toBe('PATCH /instances/{}');
  expect(requestKind({ method: 'DELETE', path: '/instances/12/enabled' })).toBe('DELETE /instances/{}/enabled');
  expect(requestKind({ method: 'GET', path: '/elements/sfdc/configuration' })).toBe('GET /elements/{}/configuration');
  expect(requestKind({ method: 'POST', path: '/instances' }, 'sfdc')).toBe('POST /instances sfdc');
});
