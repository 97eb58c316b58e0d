import { describe, expect, it } from 'vitest';

import { decodeConnector } from '../../../src/platform/wire/decode-connector.ts';

const entries = [
  {
    id: 3,
    key: 'authentication.type',
    name: 'Type',
    description: 'How',
    defaultValue: 'basic',
    type: 'COMBO',
    required: true,
    groupControl: true,
    options: [{ value: 'basic', description: 'Basic' }, { value: 'custom' }, 'odd', { description: 'no value' }],
  },
  { key: 'username', defaultValue: 7, groupName: 'basic', hideFromConsole: true, internal: true, required: 'true' },
];

describe('decodeConnector', () => {
  it('reads a connector of the catalogue', () => {
    const value = {
      id: 5,
      key: 'shop',
      name: 'Shop',
      hub: 'ecommerce',
      authentication: { type: 'custom' },
      configuration: entries,
    };
    expect(decodeConnector(value, 'SHOP')).toEqual({
      ok: true,
      value: {
        id: '5',
        key: 'shop',
        name: 'Shop',
        hub: 'ecommerce',
        authentication: 'custom',
        entries: [
          {
            key: 'authentication.type',
            name: 'Type',
            description: 'How',
            defaultValue: 'basic',
            type: 'COMBO',
            required: true,
            groupControl: true,
            internal: false,
            hideFromConsole: false,
            options: [{ value: 'basic', description: 'Basic' }, { value: 'custom' }],
          },
          {
            key: 'username',
            name: 'username',
            defaultValue: '7',
            type: 'TEXTFIELD_1000',
            required: false,
            groupControl: false,
            internal: true,
            hideFromConsole: true,
            groupName: 'basic',
          },
        ],
      },
    });
  });

  it('reads the list of entries, which names no connector', () => {
    const decoded = decodeConnector({ configuration: entries, providerData: [] }, 'shop');
    expect(decoded).toMatchObject({ ok: true, value: { key: 'shop', name: 'shop', entries: [{}, {}] } });
  });

  it.each([
    [null],
    [[]],
    [{}],
    [{ configuration: {} }],
    [{ configuration: [{ name: 'no key' }] }],
    [{ configuration: [null] }],
  ])('refuses %j', (value) => {
    expect(decodeConnector(value, 'shop').ok).toBe(false);
  });
});
