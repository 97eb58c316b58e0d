import { describe, expect, it } from 'vitest';
import { type FlowFixture, openFlow } from '../action/flows/open-flow.ts';
import { canaryForms } from '../support/canaries.ts';
import type { StepEnd } from '../support/fake-runner.ts';
import { canaries, definition, environment, findCanaries, type Telling, tellings } from './stage.ts';

const hows = Object.keys(canaryForms);
/** All of them with TEST_RUNS=24. */
const perStory = Math.min(hows.length, Number(process.env['TEST_RUNS'] ?? 1));

const env = { ...environment };

/** All that a step gives away: its log, commands, outputs and summary. Masks name the secrets by necessity. */
function shownBy({ raw, log, outputs, summary }: StepEnd): string {
  const unmasked = raw.replaceAll(/^::add-mask::.*\n/gm, '');
  return [unmasked, log.text, JSON.stringify(log.commands), JSON.stringify(outputs), summary].join('\n');
}

/** Plan, merge, apply and drift: comment, check, summary, annotations, issues, a pull request and outputs. */
async function runStory(telling: Telling): Promise<{ readonly fixture: FlowFixture; readonly text: string }> {
  let turn = 0;
  const fixture = await openFlow({
    files: { 'instances/one.yaml': definition('One') },
    platform: {
      userSecret: canaries.user,
      organizationSecret: canaries.organization,
      before: (request) => {
        turn += 1;
        return telling(request, turn);
      },
    },
  });
  const ends = [await fixture.plan({ env }), await fixture.plan({ env, inputs: { command: 'validate' } })];
  fixture.merge();
  ends.push(await fixture.apply({ env }));
  ends.push(await fixture.apply({ env, inputs: { 'require-review': 'false', prune: 'true' } }));
  for (const sha of fixture.github.branches.values()) fixture.github.trees.set(`t${sha}`, new Map());
  ends.push(await fixture.drift({ env, inputs: { 'accept-drift': 'pull-request' } }));
  return { fixture, text: [...ends.map(shownBy), fixture.sent()].join('\n') };
}

describe('no canary comes out of the Action, in any of the forms in which the platform tells it', () => {
  it.each(Object.entries(tellings))('in %s', async (name, telling) => {
    const start = Object.keys(tellings).indexOf(name) * 5;
    for (let nth = 0; nth < perStory; nth += 1) {
      const how = hows[(start + nth) % hows.length] ?? '';
      const { fixture, text } = await runStory(telling(how));
      expect({ how, hits: findCanaries(text).slice(0, 5) }).toEqual({ how, hits: [] });
      const { checks, comments } = fixture.github;
      expect([checks.length, comments.length]).not.toContain(0);
    }
  });
});
