import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const tests = path.join(import.meta.dirname, '..');

/** What an attacker can try, and the tests that show that it fails. Each is a file below `test`, and words of the name of a test in it. */
const shownBy: Readonly<Record<string, readonly (readonly [file: string, words: string])[]>> = {
  'F1: the repository brings the files of the tool': [
    ['e2e/state-folder.test.ts', 'never goes through a link that a repository planted at one of its names'],
    ['e2e/state-folder.test.ts', 'is refused, and says how to go on'],
    ['e2e/state-folder.test.ts', 'is not taken for ours'],
  ],
  'F2: a pull request chooses where credentials go': [
    ['platform/host-allow-list.test.ts', 'lets %s through only when it is named'],
    ['platform/host-allow-list.test.ts', 'refuses https://%s'],
    ['action/flows/destination.test.ts', 'gets no credentials sent to its own address'],
  ],
  'F3: a short digest as authority': [
    ['action/flows/reviewed-changes.test.ts', 'is not that of another plan whose first twelve digits are the same'],
    ['action/flows/reviewed-changes.test.ts', 'does not count when it was put on before the last push'],
  ],
  'F4: a definition forges reserved tags': [
    ['tags/owner-tags.test.ts', 'are refused however they are written'],
    ['tags/owner-tags.test.ts', 'may become ours while the platform can still take something out of them'],
    ['truth/owner-tags.test.ts', 'a forged tag'],
    ['platform/wire/encode-request.test.ts', 'refuses a forged one, wherever it came from'],
  ],
  'F5: a risk that its author can switch off': [
    ['plan/find-risks.test.ts', 'an address that changes while a secret is kept'],
    ['plan/find-risks.test.ts', 'is one by what the connector calls it'],
    ['plan/find-risks.test.ts', 'is no risk: %s'],
    ['truth/shared-secrets.test.ts', 'is a risk where the secret was wrapped before and is %s'],
    ['truth/shared-secrets.test.ts', 'is a risk where the secret gets %s at the same time'],
    ['truth/shared-secrets.test.ts', 'counts where it stands in %s'],
    ['truth/shared-secrets.test.ts', 'is a risk where the host moves and it %s'],
    ['truth/shared-secrets.test.ts', 'that sends its secret %s says so'],
    ['truth/shared-secrets.test.ts', 'that sends a secret of another definition %s'],
  ],
  'F6: the memory moves to another instance': [
    ['truth/memory.test.ts', 'are a conflict %s: neither a rotated secret nor anything else goes there'],
    ['plan/undeclared-addresses.test.ts', 'an address on the platform that no definition declares'],
  ],
  'F6b: a plan file shows something else than is applied': [
    ['e2e/altered-plan-file.test.ts', 'a plan file that shows something else than is applied'],
  ],
  'F7: fingerprints that can be compared or guessed': [
    ['truth/memory.test.ts', 'look different on two instances'],
    ['secret/fingerprint.test.ts', 'never gives two different places or values the same hash'],
    ['secret/fingerprint-key.test.ts', 'a fingerprint key'],
  ],
  'F8: secrets that the redactor does not know': [
    ['e2e/unnamed-secrets.test.ts', 'is in no output when the platform repeats it'],
    ['e2e/unnamed-secrets.test.ts', 'hides the whole value that holds it, so that a plan answers no list of guesses'],
    ['secret/redactor.property.test.ts', 'hides a secret that comes back %s'],
    ['canary/canaries.test.ts', 'no canary comes out, in any of the forms in which the platform tells it'],
    ['canary/action.test.ts', 'no canary comes out of the Action'],
  ],
  'F9: the trusted tool behind a path of the pull request': [
    ['workflows/run.test.ts', 'plan with the tool of the base although its place is a link to %s'],
  ],
  'F10: text that speaks to a runner or a terminal': [
    ['cli/sinks.test.ts', 'is known here: what makes text, and what writes it'],
    ['cli/sinks.test.ts', 'disarms what others wrote'],
    ['cli/sinks.test.ts', 'makes Markdown without any structure of others'],
  ],
  'F11: input without bounds': [
    ['disk/read-definitions.test.ts', 'links count by what they lead to'],
    ['disk/read-definitions.test.ts', 'is refused in bytes of all files together'],
    ['platform/list-pages.test.ts', 'ends before it fills the memory, after %s'],
    ['platform/list-pages.test.ts', 'refuses %s that no instance has'],
    ['validation/validate-documents.test.ts', 'is told of its first hundred'],
    ['validation/validate-documents.test.ts', 'errors before warnings'],
    ['definition/hostile-yaml.test.ts', 'of a text in double quotes is refused'],
    ['definition/hostile-yaml.test.ts', 'deep nesting'],
  ],
  'F12: guard-rails that the same pull request moves': [
    ['action/flows/destination.test.ts', 'shows limits, prune and rules at the top although the plan is online'],
    ['config/load-workspace.test.ts', 'is not read when it was named and is a link out of the repository'],
    ['definition/import/live-references.test.ts', 'is never written as a name or a tag by an import'],
  ],
  'the runner’s files as secrets': [
    ['operation/secret-source.test.ts', 'is not one that a pull request points at the files of the machine'],
    ['operation/secret-source.test.ts', 'holds no link that leads out of it'],
    ['action/flows/destination.test.ts', 'has no secrets read where it says'],
  ],
  'known 1: hosts that anybody can have': [['platform/host-allow-list.test.ts', 'refuses https://%s']],
  'known 3: a key tag alone is nobody’s': [['truth/owner-tags.test.ts', 'an instance without both tags']],
  'T3: credentials stay with the host': [
    ['action/flows/hostile.test.ts', 'does not send the credentials to a host of its choice'],
  ],
  'T6: no secret in any output': [['canary/canaries.test.ts', 'no canary comes out']],
  'T8: no command to the runner': [['cli/sinks.test.ts', 'disarms what others wrote']],
  'T13: nothing but what was reviewed': [
    ['action/flows/apply.test.ts', 'T13: refuses when commits were pushed after the plan'],
  ],
  'T20: hostile answers of the platform': [['fuzz/fuzz.test.ts', 'made-up input does no harm']],
  'T22: a plan leaves nothing outside': [['e2e/state-folder.test.ts', 'never goes through a link']],
  'E3.1: workflows that linters accept': [
    ['workflows/rules.test.ts', 'is fine by actionlint and by the parser of GitHub'],
  ],
  'E3.5: a pull request runs nothing': [['action/flows/hostile.test.ts', 'E3.5: runs nothing that it brings along']],
  'E3.7: wrapped, reversed, cut': [['canary/canaries.test.ts', 'knows at least fourteen forms']],
  'E3.8: secrets of orphans': [['e2e/unnamed-secrets.test.ts', 'a secret that is set and that no definition names']],
  'E3.9: commands in JUnit and JSON': [
    ['cli/sinks.test.ts', 'disarms what others wrote'],
    ['action/flows/hostile.test.ts', 'E3.9: in names, files, values and what the server says'],
  ],
  'E3.12: a plan file that was tampered with': [
    ['e2e/altered-plan-file.test.ts', 'whatever was altered; the rest goes on'],
    ['e2e/altered-plan-file.test.ts', 'is refused whole when its counts, its digest'],
  ],
  'E3.16: packages by their hash, and no code when they are installed': [
    ['package/lock-file.test.ts', 'names each package by its hash'],
    ['package/lock-file.test.ts', 'lets only the packages that are named run anything'],
  ],
  'E3.17: files that others on the machine can read': [
    ['disk/write-file.test.ts', 'writes a file that only its owner may read'],
    ['e2e/record.test.ts', 'in a file that only its owner may read'],
    ['sandbox/state.test.ts', 'is for its owner only'],
  ],
};

/** Names of tests and of groups of tests, as they are written. */
function titlesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?:\b(?:it|describe)|\))\(\s*(['`"])(.+?)\1,/g)].map(([, , title = '']) => title);
}

describe('what an attacker can try has a test that shows that it fails', () => {
  it.each(Object.entries(shownBy))('security %s', (_name, shown) => {
    for (const [file, words] of shown) {
      const text = readFileSync(path.join(tests, file), 'utf8');
      expect(titlesIn(text).filter((title) => title.includes(words))).not.toEqual([]);
      expect(text).not.toMatch(/\b(?:it|describe)\.(?:skip|todo|fails)\b/);
    }
  });
});
