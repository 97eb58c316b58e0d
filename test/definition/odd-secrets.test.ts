import { describe, expect, it } from 'vitest';
import { openRig } from '../support/rig.ts';

const files = {
  'connectorctl.yaml': 'version: 1\nworkspace: acme\nenvironments:\n  sandbox: { platform: sandbox }\n',
  'instances/a.yaml': 'connector: closeio\nname: A\nconfiguration:\n  username: ${{ secrets.A }}\n',
};
const pem = '-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----\n';

async function validate(value: string) {
  const { code, stdout } = await openRig(files).run(['validate'], { env: { CONNECTORCTL_SECRET_A: value } });
  return { code, found: /\b(?:error|warning) [a-z-]+/.exec(stdout)?.[0], stdout };
}

describe('adoption 12: the value of a secret is looked at as a literal is', () => {
  it.each(['changeme', '<YOUR_SECRET>', 'xxxxxxxx', '{{ .Values.key }}', '[REDACTED]', 'your-api-key', 'changeme\n'])(
    'a placeholder is refused: %j',
    async (value) => {
      expect(await validate(value)).toMatchObject({ code: 3, found: 'error placeholder-secret' });
    },
  );

  it.each(['pw-12345\n', ' pw-12345', 'pw-12345\r\n'])('blanks around it are named: %j', async (value) => {
    const { code, found, stdout } = await validate(value);
    expect([code, found]).toEqual([0, 'warning secret-with-blanks']);
    expect(stdout).not.toContain('pw-12345');
  });

  it.each([pem, '{\n  "a": 1\n}\n', 'a<b>c', 'correct horse battery', 'my-changeme-1'])(
    'others are values: %j',
    async (value) => {
      expect(await validate(value)).toMatchObject({ code: 0, found: undefined });
    },
  );
});
