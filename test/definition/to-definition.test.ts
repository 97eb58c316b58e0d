import { describe, expect, it } from 'vitest';

import { readDefinition } from '../support/definitions.ts';

describe('toDefinition', () => {
  it('takes every field over', () => {
    const definition = readDefinition(`key: a/b
connector: sharefile
name: ShareFile
tags: [Docs, 7]
enabled: false
environments: [production]
externalAuthentication: initial
adopt: 12345678901234567890
ignore: [configuration.x]
protect: true
configuration: { a.b: 15, c: { d: null } }
providerData: { code: 42, debug: true }
overrides: { production: { name: P, tags: [t], configuration: { a.b: null } } }
`);
    expect({ ...definition, at: undefined }).toEqual({
      key: 'a/b',
      file: 'instances/sharefile.yaml',
      connector: 'sharefile',
      name: 'ShareFile',
      tags: ['Docs', '7'],
      enabled: false,
      environments: ['production'],
      externalAuthentication: 'initial',
      adopt: '12345678901234567890',
      ignore: ['configuration.x'],
      protect: true,
      configuration: { 'a.b': 15, c: { d: null } },
      providerData: { code: '42', debug: 'true' },
      overrides: { production: { name: 'P', tags: ['t'], configuration: { 'a.b': null } } },
    });
    expect(definition.at('/configuration/a.b').line).toBe(11);
  });

  it('leaves out what is not there', () => {
    const definition = readDefinition('connector: sharefile\nname: S\nconfiguration: {}\n');
    expect({ ...definition, at: undefined }).toEqual({
      key: 'sharefile',
      file: 'instances/sharefile.yaml',
      connector: 'sharefile',
      name: 'S',
      configuration: {},
    });
  });

  it('makes text of ids for each environment, and gives records null prototypes', () => {
    const { adopt, configuration, overrides } = readDefinition(
      'connector: s\nname: S\nadopt: { production: 17, __proto__: 18 }\nconfiguration: {}\noverrides: {}\n',
    );
    expect(Object.entries(adopt ?? {})).toEqual([
      ['production', '17'],
      ['__proto__', '18'],
    ]);
    for (const record of [adopt, configuration, overrides]) expect(Object.getPrototypeOf(record)).toBe(null);
  });
});
