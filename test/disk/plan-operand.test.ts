import { describe, expect, it } from 'vitest';
import { openRig } from '../support/rig.ts';

const workspace = 'version: 1\nworkspace: acme\nenvironments:\n  sandbox: { platform: sandbox }\n';
const definition = 'connector: closeio\nname: A\nconfiguration:\n  username: ${{ secrets.A }}\n';

describe('what apply is given in place of a plan', () => {
  it.each([
    ['instances/crm/a.yaml', 'connectorctl plan --env prod --only crm/a'],
    ['instances', 'connectorctl plan --env prod --only KEY'],
    ['crm/a', 'connectorctl plan --env prod --only KEY'],
  ])('leads on: %s', async (operand, next) => {
    const rig = openRig({ 'connectorctl.yaml': workspace, 'instances/crm/a.yaml': definition });
    const { code, stderr } = await rig.run(['apply', operand, '--env', 'prod']);
    expect(code).toBe(3);
    expect(stderr).toContain(next);
    expect(stderr).toContain(`connectorctl plan --env prod --out FILE`);
  });
});
