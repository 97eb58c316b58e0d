import { describe, expect, it } from 'vitest';
import type { DesiredInstance } from '../../src/model/desired.ts';
import type { AppliedEntry, AppliedVector, OwnedInstance } from '../../src/model/live.ts';
import type { WorkItem } from '../../src/model/work.ts';
import { buildPlan } from '../../src/plan/build-plan.ts';
import { createContext } from '../../src/plan/plan-context.ts';
import { aDesired, aLive, type LiveOptions } from '../support/builders.ts';
import { anInput, planTools, recordWritten } from './tools.ts';

const tools = planTools();
const desired = aDesired({
  name: 'ShareFile ',
  tags: ['Docs'],
  enabled: true,
  configuration: { 'sharefile.subdomain': 'ACME', 'document.root.folder.name': '/top' },
});
const asSent: LiveOptions = {
  name: 'ShareFile ',
  userTags: ['Docs'],
  configuration: { 'sharefile.subdomain': 'ACME' },
};

function workFor(one: DesiredInstance, live: readonly OwnedInstance[] = []): WorkItem {
  const item = buildPlan(anInput({ desired: [one], live }), tools).work[0];
  if (item === undefined) throw new Error('nothing to do');
  return item;
}

function record(answer: LiveOptions, applied: AppliedVector, update?: WorkItem['update']): AppliedVector {
  const written = { applied, ...(update === undefined ? {} : { update }) };
  return recordWritten({ desired, answered: aLive(answer), written }, { context: createContext(tools) });
}

function summaryWith(applied: AppliedVector, answer: LiveOptions): unknown {
  const { summary } = buildPlan(anInput({ desired: [desired], live: [aLive({ ...answer, applied })] }), tools).plan;
  return Object.fromEntries(Object.entries(summary).filter(([, count]) => count > 0));
}

function echoesOf({ entries }: AppliedVector): readonly AppliedEntry[] {
  return [...entries.values()].filter(({ echo }) => echo !== undefined);
}

describe('recordApplied', () => {
  const { applied: created } = workFor(desired);
  const applied = record(asSent, created);

  it('answers the same vector when everything came back as it was sent, or not at all', () => {
    expect(record(asSent, applied)).toBe(applied);
  });

  it('remembers what the platform made of values, name and tags, so that the next plan is empty', () => {
    const answer = { name: 'ShareFile', userTags: ['docs'], configuration: { 'sharefile.subdomain': 'acme' } };
    const amended = record(answer, applied);
    expect([...amended.entries.values()].filter((entry) => entry.echo !== undefined)).toHaveLength(3);
    expect(summaryWith(applied, answer)).toEqual({ update: 1 });
    expect(summaryWith(amended, answer)).toEqual({ unchanged: 1 });
  });

  it('answers the same vector when the echo is known already', () => {
    const answer = { ...asSent, configuration: { 'sharefile.subdomain': 'acme' } };
    const amended = record(answer, applied);
    expect(record(answer, amended)).toBe(amended);
  });

  it('has nothing to add when another field is updated, as the echo is carried over', () => {
    const answer = { ...asSent, configuration: { 'sharefile.subdomain': 'acme' } };
    const live = aLive({ ...answer, disabled: true, applied: record(answer, applied) });
    const next = workFor(desired, [live]);
    expect(next.enabled).toBe(true);
    expect(record(answer, next.applied)).toBe(next.applied);
  });

  it('never takes a value that was not sent for an echo: somebody else wrote it, and the next plan says so', () => {
    const answer = { ...asSent, configuration: { 'sharefile.subdomain': 'theirs' } };
    const others = new Map([['document.root.folder.name', '/top']]);
    expect(record(answer, applied, { name: 'ShareFile', configuration: others })).toBe(applied);
    expect(summaryWith(applied, answer)).toEqual({ update: 1 });
    expect(record({ ...asSent, name: 'Theirs' }, applied, { configuration: others })).toBe(applied);
  });

  it('forgets an echo when the value comes back as it was sent', () => {
    const amended = record({ ...asSent, configuration: { 'sharefile.subdomain': 'acme' } }, applied);
    const again = record(asSent, amended);
    expect(echoesOf(amended)).toHaveLength(1);
    expect(echoesOf(again)).toEqual([]);
    expect(summaryWith(again, asSent)).toEqual({ unchanged: 1 });
  });

  it('binds what it adds to the instance, together with all that was written before there was an id', () => {
    const amended = record({ ...asSent, configuration: { 'sharefile.subdomain': 'acme' } }, created);
    expect(created.instance).toBeUndefined();
    expect(amended.instance).toBe(tools.fingerprinter.instance('1'));
    const kept = [...created.entries].filter(([name, { value }]) => amended.entries.get(name)?.value === value);
    // Instances are looked for by the hash of their name.
    expect(kept.map(([name]) => name)).toEqual([tools.fingerprinter.name('/name')]);
  });

  it.each([true, false])(
    'binds the vector of a create although nothing is to be added: tags written again %s',
    (isWritten) => {
      const bound = recordWritten(
        { desired, answered: aLive(asSent), written: { applied: created } },
        { context: createContext(tools), isWritten },
      );
      expect(bound.instance).toBe(tools.fingerprinter.instance('1'));
      expect(summaryWith(bound, asSent)).toEqual({ unchanged: 1 });
      expect(summaryWith(bound, { ...asSent, id: '2' })).toEqual({ conflict: 1 });
    },
  );

  it('is to be written again while it is bound to no instance, as after a kill right after the create', () => {
    expect(summaryWith(created, asSent)).toEqual({ remember: 1 });
  });

  it('does not take an instance that stayed off for one that is on', () => {
    const answer = { ...asSent, disabled: true };
    expect(record(answer, applied)).toBe(applied);
    expect(summaryWith(applied, answer)).toEqual({ update: 1 });
  });

  it('only assumes a hidden value that was never sent, whatever shows itself later', () => {
    const adopted = workFor({ ...desired, adopt: '1' }, [aLive({ ...asSent, owner: null })]);
    const hidden = tools.fingerprinter.name('/configuration/document.root.folder.name');
    const { fingerprinter } = tools;
    const value = fingerprinter.value(
      { key: desired.key, id: '1' },
      '/configuration/document.root.folder.name',
      '/top',
    );
    expect(adopted.applied.entries.get(hidden)).toEqual({ value, assumed: true });
    expect(record(asSent, adopted.applied)).toBe(adopted.applied);

    const shown = { ...asSent, configuration: { ...asSent.configuration, 'document.root.folder.name': '/other' } };
    expect(record(shown, adopted.applied).entries.get(hidden)).toEqual({ value, assumed: true });
  });
});
