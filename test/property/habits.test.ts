import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../support/engine.ts';
import { figures, runWorld } from '../support/habit-stage.ts';
import { habitWorlds } from '../support/habit-worlds.ts';

describe('on a platform with all bad habits at once, killed now and then', () => {
  it('applies end in an empty plan, without a second connection or a foreign write, and say what is so', async () => {
    await check(fc.asyncProperty(habitWorlds, runWorld), 10);
    console.info('Habits:', figures);
    expect(figures.kills).toBeGreaterThan(0);
  });
});
