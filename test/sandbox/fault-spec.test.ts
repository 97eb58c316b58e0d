import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderFaultHelp } from '../../src/sandbox/faults/fault-help.ts';
import { faultKinds, isFaultRule } from '../../src/sandbox/faults/fault-kinds.ts';
import { parseFaults } from '../../src/sandbox/faults/parse-faults.ts';
import { routes } from '../../src/sandbox/routes/routes.ts';

const parse = (...specs: readonly string[]): ReturnType<typeof parseFaults> => parseFaults(specs, routes);

describe('--fault', () => {
  it.each([
    ['lost-before', { kind: 'lost-before' }],
    [
      'lost-after rate=0.1 on=POST:/instances',
      { kind: 'lost-after', rate: 0.1, on: { methods: ['POST'], path: '/instances' } },
    ],
    [
      'rate-limit per-second=20 burst=30 retry-after=date',
      { kind: 'rate-limit', perSecond: 20, burst: 30, retryAfter: 'date' },
    ],
    ['  latency   ms=50  jitter=30 ', { kind: 'latency', ms: 50, jitter: 30 }],
    ['error message="Try it later" status=500', { kind: 'error', message: 'Try it later', status: 500 }],
    ['hang committed=yes times=1 after=2', { kind: 'hang', committed: true, times: 1, after: 2 }],
    [
      'malformed form=json committed=no on=PUT,PATCH',
      { kind: 'malformed', form: 'json', committed: false, on: { methods: ['PUT', 'PATCH'] } },
    ],
    [
      'drop-entries count=2 on=GET:/instances?tags[]',
      { kind: 'drop-entries', count: 2, on: { methods: ['GET'], path: '/instances', query: 'tags[]' } },
    ],
    ['list-lag ms=5000 on=?!nextPage', { kind: 'list-lag', ms: 5000, on: { query: '!nextPage' } }],
    [
      'slow-commit ms=9 answer=late on=/instances/**',
      { kind: 'slow-commit', ms: 9, answer: 'late', on: { path: '/instances/**' } },
    ],
    ['truncate form=chunked on=/instances/:id', { kind: 'truncate', form: 'chunked', on: { path: '/instances/:id' } }],
  ])('understands %s', (spec, fault) => {
    expect(parse(spec)).toEqual({ faults: [fault], problems: [] });
  });

  it('takes several, one text each or word by word as a shell without quotes hands them over', () => {
    const faults = [{ kind: 'lost-after', rate: 0.5 }, { kind: 'hang' }];
    expect(parse('lost-after rate=0.5', 'hang')).toEqual({ faults, problems: [] });
    expect(parse('lost-after', 'rate=0.5', 'hang')).toEqual({ faults, problems: [] });
  });

  it.each([
    ['lost-aftr', 'There is no kind of fault `lost-aftr`. Did you mean `lost-after`?'],
    ['storm', 'There is no kind of fault `storm`.'],
    ['', 'No kind of fault is named.'],
    ['rate=1 hang', '`rate=1` stands before any kind of fault.'],
    [
      'latency ms=1 jiter=2',
      '`latency` has no option `jiter`. Did you mean `jitter`? It takes ms, jitter, rate, times, after, on.',
    ],
    [
      'rate-limit per-second=1 rate=1',
      '`rate-limit` has no option `rate`. It takes per-second, burst, retry-after, on.',
    ],
    ['latency', '`latency` needs ms=VALUE.'],
    ['hang rate=30', '`hang rate=30`: rate must be a number from 0 to 1.'],
    ['hang rate=', '`hang rate=`: rate must be a number from 0 to 1.'],
    ['hang times=1.5', '`hang times=1.5`: times must be a whole number from 1 to 1000000000.'],
    ['hang rate=1 rate=1', '`hang` has rate twice.'],
    ['hang committed=true', '`hang committed=true`: committed must be yes or no.'],
    ['error message=', '`error message=`: message must be some text.'],
    ['truncate form=chunk', '`truncate form=chunk`: form must be one of content-length, chunked.'],
    ['malformed form=htm', '`malformed form=htm`: form must be one of html, json, empty. Did you mean `html`?'],
    ['hang on=', '`hang on=`: it names neither a method nor a path, as in `on=POST:/instances`.'],
    ['hang on=post', '`hang on=post`: there is no method `post`. Did you mean `POST`?'],
    ['hang on=POTS:/instances', '`hang on=POTS:/instances`: there is no method `POTS`. Did you mean `POST`?'],
    ['hang on=X', '`hang on=X`: there is no method `X`. It must be one of GET, POST, PUT, PATCH, DELETE.'],
    ['hang on=/instance', '`hang on=/instance`: the sandbox serves no path `/instance`. Did you mean `/instances`?'],
    ['hang on=POST:/elements', '`hang on=POST:/elements`: the sandbox serves `/elements` with GET only.'],
    ['hang on=/instances?', '`hang on=/instances?`: after `?` the name of a query parameter is missing.'],
    ['slow-commit ms=1 on=GET', '`slow-commit on=GET`: it never matches: it applies only to writes.'],
    [
      'endless-pages on=/instances/:id',
      '`endless-pages on=/instances/:id`: it never matches: it applies only to lists.',
    ],
  ])('says what is wrong with %j', (spec, problem) => {
    expect(parse(spec).problems).toEqual([problem]);
  });

  it('says all that is wrong at once, and checks the options of a kind that is nearly right', () => {
    expect(parse('lost-aftr rate=2', 'hang on=put colour=1', 'latency').problems).toEqual([
      'There is no kind of fault `lost-aftr`. Did you mean `lost-after`?',
      '`lost-after rate=2`: rate must be a number from 0 to 1.',
      '`hang on=put`: there is no method `put`. Did you mean `PUT`?',
      '`hang` has no option `colour`. It takes committed, rate, times, after, on.',
      '`latency` needs ms=VALUE.',
    ]);
  });

  it('never loses a word without a problem, whatever the text', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...Object.keys(faultKinds),
        'ms=1',
        'rate=0.5',
        'per-second=1',
        'on=POST',
        'on=GET',
        'x',
        '"',
        '=',
      ),
      fc.string({ maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const { faults, problems } = parse(words.join(' '));
        expect(faults.every(isFaultRule)).toBe(true);
        if (problems.length > 0) return;
        const said = faults.flatMap((fault) => Object.keys(fault)).length;
        const spoken = words.join(' ').match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
        expect(said).toBe(spoken.length);
      }),
    );
  });

  it('is explained in the help, each kind and each option', () => {
    const help = renderFaultHelp();
    for (const [kind, { options, summary }] of Object.entries(faultKinds)) {
      expect(help).toContain(`  ${kind.padEnd(18)}${summary}\n`);
      for (const { name } of options) expect(help).toContain(`${name}=`);
    }
    const examples = [...help.matchAll(/--fault '([^']+=[^']+)'/g)].map(([, spec = '']) => spec);
    const [usage, ...real] = examples;
    expect(usage).toBe('KIND [NAME=VALUE]...');
    expect(real.length).toBeGreaterThan(2);
    expect(parse(...real).problems).toEqual([]);
  });
});
