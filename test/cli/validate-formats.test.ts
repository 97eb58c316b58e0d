import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openRig } from '../support/rig.ts';

const workspace = 'version: 1\nworkspace: acme\nenvironments:\n  sandbox: { platform: sandbox }\n';
const good =
  'connector: box\nname: Good\nconfiguration:\n  oauth.api.key: ${{ secrets.A }}\n  oauth.api.secret: ${{ secrets.B }}\n  oauth.callback.url: https://a.example.com\n';
const bad = 'connector: box\nname: Bad\nconfigurations: {}\n';

/** Where the alerts of a log are shown. */
function urisOf(sarif: string): readonly unknown[] {
  const log: { runs: { results: { locations?: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[] } =
    JSON.parse(sarif);
  return log.runs[0]?.results.map(({ locations }) => locations?.[0]?.physicalLocation.artifactLocation.uri) ?? [];
}

describe('the formats of validate', () => {
  it('name files from the root of the repository where GitHub reads them', async () => {
    const rig = openRig({ 'crm/connectorctl.yaml': workspace, 'crm/instances/a.yaml': bad });
    const named = ['validate', '--config', 'crm/connectorctl.yaml', '--format'];
    expect((await rig.run([...named, 'github'])).stdout).toMatch(/^::error file=crm\/instances\/a\.yaml,line=3,/);
    expect(urisOf((await rig.run([...named, 'sarif'])).stdout)).toEqual(['crm/instances/a.yaml']);
    // A checkout that holds no `.git` is where the runner says.
    rmSync(path.join(rig.directory, '.git'), { recursive: true });
    expect(urisOf((await rig.run([...named, 'sarif'])).stdout)).toEqual(['instances/a.yaml']);
    const env = { GITHUB_WORKSPACE: rig.directory };
    expect(urisOf((await rig.run([...named, 'sarif'], { env })).stdout)).toEqual(['crm/instances/a.yaml']);
    // A repository of its own is counted from its own root.
    mkdirSync(path.join(rig.directory, 'crm/.git'));
    expect(urisOf((await rig.run([...named, 'sarif'], { env })).stdout)).toEqual(['instances/a.yaml']);
  });

  it('give an alert a place even where no file is at fault, as GitHub takes no log otherwise', async () => {
    expect(urisOf((await openRig().run(['validate', '--format', 'sarif'])).stdout)).toEqual(['connectorctl.yaml']);
  });

  it('have a test for each file that was checked, also for those without a problem', async () => {
    const rig = openRig({ 'connectorctl.yaml': workspace, 'instances/a.yaml': good, 'instances/b.yaml': good });
    rig.write('instances/b.yaml', good.replace('Good', 'Better'));
    const passed = await rig.run(['validate', '--format', 'junit']);
    expect(passed.stdout).toContain('tests="2" failures="0"');
    rig.write('instances/b.yaml', bad);
    const failed = await rig.run(['validate', '--format', 'junit', '--env', 'sandbox']);
    expect(failed.stdout).toContain('tests="2" failures="1"');
    expect(failed.stdout).toContain('name="instances/a.yaml"/>');
    const named = await rig.run(['validate', 'instances/a.yaml', '--format', 'junit']);
    expect(named.stdout).toContain('tests="1" failures="0"');
  });
});
