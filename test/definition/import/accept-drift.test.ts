import { describe, expect, it } from 'vitest';
import { acceptDrift } from '../../../src/definition/import/accept-drift.ts';
import type { OwnedInstance } from '../../../src/model/live.ts';
import type { Cause, Change } from '../../../src/model/plan.ts';
import { toPointer } from '../../../src/model/position.ts';
import { aLive, aSecret } from '../../support/builders.ts';
import { resolveText } from './round-trip.ts';

const text = `connector: sharefile
name: Contracts # door
configuration:
  password: \${{ secrets.PASSWORD }}
  subdomain: acme # theirs
  pagination.max: 100
  hidden: one
`;
const desired = resolveText(text, { secrets: new Map([['PASSWORD', aSecret('hush')]]) });
const live = aLive({
  name: 'Contracts 2',
  configuration: { password: aSecret('other'), subdomain: 'acme-2', 'pagination.max': '50', hidden: '********' },
});

function aChange(causes: Readonly<Record<string, Cause>>): Change {
  return {
    key: desired.key,
    action: 'update',
    connector: 'sharefile',
    name: 'Contracts',
    id: live.id,
    fields: Object.entries(causes).map(([field, cause]) => ({ field, cause, secret: field.includes('password') })),
    risks: [],
    notes: [],
    digest: '',
  };
}

function accept(causes: Readonly<Record<string, Cause>>, found: OwnedInstance = live) {
  return acceptDrift(text, 0, aChange(causes), found, desired);
}

describe('acceptDrift', () => {
  it('writes what drifted or conflicts, and nothing that the definition changed', () => {
    const { text: edited, refused } = accept({
      '/name': 'drift',
      [toPointer('configuration', 'subdomain')]: 'conflict',
      [toPointer('configuration', 'pagination.max')]: 'definition',
    });
    expect(refused).toEqual([]);
    expect(edited).toBe(text.replace('Contracts #', 'Contracts 2 #').replace('acme #', 'acme-2 #'));
  });

  it('refuses secrets and what the platform does not show, and carries out the rest', () => {
    const { text: edited, refused } = accept({
      '/configuration/password': 'drift',
      '/configuration/hidden': 'drift',
      '/configuration/subdomain': 'drift',
    });
    expect(edited).toBe(text.replace('acme #', 'acme-2 #'));
    expect(refused).toEqual([
      { at: '/configuration/password', reason: expect.stringContaining('secret') },
      { at: '/configuration/hidden', reason: 'The platform does not show the value.' },
    ]);
    expect(JSON.stringify(refused)).not.toContain('other');
  });

  it('refuses an address that holds a credential', () => {
    const withCredential = aLive({ ...live, configuration: { subdomain: 'ftp://robot:hush@files.example.com' } });
    const { text: edited, refused } = accept({ '/configuration/subdomain': 'drift' }, withCredential);
    expect(edited).toBe(text);
    expect(refused).toEqual([{ at: '/configuration/subdomain', reason: expect.stringContaining('secret') }]);
  });

  it('refuses a text that would read as a reference', () => {
    const found = aLive({ ...live, configuration: { subdomain: '${{ vars.a }}' } });
    const { text: edited, refused } = accept({ '/configuration/subdomain': 'drift' }, found);
    expect(edited).toBe(text);
    expect(refused).toEqual([{ at: '/configuration/subdomain', reason: expect.stringContaining('reference') }]);
  });

  it('changes nothing when there is no drift', () => {
    expect(accept({ '/name': 'definition' })).toEqual({ text, refused: [] });
  });
});
