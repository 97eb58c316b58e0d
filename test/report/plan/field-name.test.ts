import { expect, it } from 'vitest';
import { nameField } from '../../../src/report/plan/field-name.ts';

it.each([
  ['/name', 'name'],
  ['/configuration/event.poller.refresh_interval', 'event.poller.refresh_interval'],
  ['/configuration/a~1b~0c', 'a/b~c'],
  ['/configuration/name', 'configuration.name'],
  ['/configuration/', '""'],
  ['/providerData/code', 'providerData.code'],
])('calls the field at %s what a reviewer calls it: %s', (pointer, name) => {
  expect(nameField(pointer)).toBe(name);
});
