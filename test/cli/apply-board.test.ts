import { describe, expect, it } from 'vitest';
import { createBoard, showDuration } from '../../src/cli/apply-board.ts';
import type { ApplyEvent } from '../../src/model/apply.ts';
import type { Action, Change } from '../../src/model/plan.ts';
import type { WorkItem } from '../../src/model/work.ts';
import { aChange } from '../support/plans.ts';

const failure = { code: 'platform-refused', message: 'No.' };

/** A board over changes, on a clock that stands until it is moved. */
function open(changes: readonly Change[], verify = true) {
  let time = 0;
  const work = changes.map((change): WorkItem => ({
    change,
    key: change.key,
    userTags: [],
    applied: { check: '', entries: new Map() },
  }));
  const board = createBoard(work, { now: () => time, verify });
  return {
    ...board,
    wait: (seconds: number) => {
      time += seconds * 1000;
    },
    tell: (status: 'started' | 'succeeded' | 'failed' | 'unverified' | 'skipped', ...told: readonly Change[]) => {
      for (const change of told) board.follow(toEvent(status, change));
    },
    seen: () => board.look().map(({ title, state }) => `${state}: ${title}`),
  };
}

function toEvent(status: 'started' | 'succeeded' | 'failed' | 'unverified' | 'skipped', change: Change): ApplyEvent {
  if (status === 'skipped') return { status, change, reason: { code: 'interrupted' } };
  return status === 'started' || status === 'succeeded' ? { status, change } : { status, change, failure };
}

function many(count: number, action: Action): readonly Change[] {
  return Array.from({ length: count }, (_, index) => aChange({ key: `a/${action}-${index + 1}`, action }));
}

describe('the board of an apply', () => {
  it('names each instance in work, what is done to it and for how long; the longest first', () => {
    const changes = many(3, 'create');
    const board = open(changes);
    board.tell('started', ...changes.slice(0, 1));
    board.wait(5);
    board.tell('started', ...changes.slice(1, 2));
    board.wait(70);
    expect(board.look()).toEqual([
      {
        title: 'Changing 3 instances: 0 done, 3 left  1 min 15 s',
        lines: ['create  a/create-1  1 min 15 s', 'create  a/create-2  1 min 10 s'],
        state: 'running',
      },
      { title: 'Read back what was changed', lines: [], state: 'waiting' },
    ]);
  });

  it('goes from changes to reading back to deletes, and keeps what each took', () => {
    const changes = many(2, 'update');
    const deletes = many(1, 'delete');
    const board = open([...changes, ...deletes]);
    board.tell('started', ...changes);
    board.wait(4);
    board.tell('succeeded', ...changes);
    board.wait(2);
    expect(board.seen()).toEqual([
      'done: Changed 2 of 2 instances  4 s',
      'running: Reading back what was changed  2 s',
      'waiting: Delete 1 instance',
    ]);
    board.tell('unverified', ...changes.slice(1));
    board.wait(1);
    board.tell('started', ...deletes);
    board.wait(1);
    expect(board.seen().slice(1)).toEqual([
      'done: Read back what was changed, 1 not as written  3 s',
      'running: Deleting 1 instance: 0 done, 1 left  1 s',
    ]);
    board.tell('succeeded', ...deletes);
    board.finish();
    board.wait(60);
    expect(board.seen().at(-1)).toBe('done: Deleted 1 of 1 instance  1 s');
  });

  it('counts what failed and what was not begun, and reads nothing back after an interruption', () => {
    const changes = many(5, 'create');
    const board = open(changes);
    board.tell('started', ...changes.slice(0, 2));
    board.wait(1);
    board.tell('failed', ...changes.slice(0, 1));
    board.tell('succeeded', ...changes.slice(1, 2));
    expect(board.seen()[0]).toBe('running: Changing 5 instances: 2 done, 1 failed, 3 left  1 s');
    board.tell('skipped', ...changes.slice(2));
    board.finish();
    expect(board.seen()).toEqual([
      'done: Changed 1 of 5 instances, 1 failed, 3 not begun  1 s',
      'left out: Read back what was changed',
    ]);
  });

  it('has no stage without work, and none for reading back that nobody asked for', () => {
    expect(open([]).seen()).toEqual([]);
    expect(open(many(1, 'create'), false).seen()).toEqual(['waiting: Change 1 instance']);
    expect(open(many(2, 'delete')).seen()).toEqual(['waiting: Delete 2 instances']);
  });

  it('lists eight of those in work however many there are, and counts the others', () => {
    const changes = many(3000, 'create');
    const board = open(changes);
    board.tell('started', ...changes);
    const lines = board.look()[0]?.lines ?? [];
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe('and 2992 more');
  });

  it('says why an instance in work waits, and for how long, until it has ended', () => {
    const change = aChange({ key: 'a/b', action: 'create' });
    const board = open([change], false);
    board.follow({ status: 'started', change });
    board.follow({ status: 'waiting', change, wait: { code: 'late-commit', milliseconds: 90_000 } });
    board.wait(6);
    const waits = 'looking for what the create may have made, for up to 90 s';
    expect(board.look()[0]?.lines).toEqual([`create  a/b  6 s  ${waits}`]);
    board.follow({ status: 'succeeded', change });
    expect(board.look()[0]).toMatchObject({ state: 'done', lines: [] });
  });

  it('shows nothing of a key that a terminal would act on', () => {
    const change = aChange({ key: 'a/\u001b[2J', action: 'create' });
    const board = open([change]);
    board.tell('started', change);
    expect(board.look()[0]?.lines).toEqual([String.raw`create  a/\x1b[2J  0 s`]);
  });

  it('counts what is told twice once', () => {
    const changes = many(1, 'create');
    const board = open(changes);
    board.tell('started', ...changes);
    board.tell('succeeded', ...changes);
    board.tell('failed', ...changes);
    expect(board.seen()[1]).toBe('running: Reading back what was changed, 1 not as written  0 s');
  });
});

describe('showDuration', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min 0 s'],
    [3_725_000, '62 min 5 s'],
  ])('says %i ms as %s', (milliseconds, text) => {
    expect(showDuration(milliseconds)).toBe(text);
  });
});
