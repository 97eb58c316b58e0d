import { describe, expect, it } from 'vitest';
import { type ListedSubscription, sortSubscriptions } from '../../src/model/event-delivery.ts';
import { Secret } from '../../src/model/secret.ts';

function listed(id: string, url: string): ListedSubscription {
  const address = new Secret(url, 'test');
  const show = () => ({ id, topics: [], url, active: true });
  return { id, active: true, address, show, isAbout: (instance) => instance === '7', aboutGroup: '7' };
}

function sorted(callback: string, ...urls: readonly string[]) {
  const { current, left, isUnclear } = sortSubscriptions(
    urls.map((url) => listed(url, url)),
    '7',
    callback,
  );
  return { current: current.map(({ id }) => id), left: left.map(({ id }) => id), isUnclear };
}

describe('the subscriptions of an instance', () => {
  const [now, former] = ['https://hooks.example.com/e', 'https://old.example.com/e'];

  it('are left where another one is of the present callback, also where that is spelt differently', () => {
    expect(sorted(now, former, now)).toMatchObject({ current: [now], left: [former] });
    expect(sorted('https://HOOKS.example.com/e', former, now)).toMatchObject({ current: [now], left: [former] });
  });

  it.each([
    ['small letters', 'https://hooks.example.com/e', 'https://Hooks.example.com/E'],
    ['HTML', 'https://hooks.example.com/e?a=1&amp;b=2', 'https://hooks.example.com/e?a=1&b=2'],
    ['a slash at the end', 'https://hooks.example.com/e/', 'https://hooks.example.com/e'],
    ['a mask', '********', 'https://hooks.example.com/e'],
  ])('are not said to be left where the instance shows its callback with %s', (_, shown, kept) => {
    expect(sorted(shown, kept)).toMatchObject({ current: [kept], left: [] });
    // Which of them is the former one, nobody can tell.
    expect(sorted(shown, former, kept)).toMatchObject({ left: [], isUnclear: true });
  });

  it('are all left where the instance has no callback any more', () => {
    expect(sorted('', now)).toMatchObject({ current: [], left: [now] });
  });
});
