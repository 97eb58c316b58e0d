import { cli, line, median, runNode, say, timeNode } from './measure.mjs';
import { profile } from './profile.mjs';

/** So many times as often as other tasks: one run takes little, and differs much from the next. */
const turns = 5;

/** `--version` and `--help` against a bare Node.js, in turn, so that other load hits all alike. */
export function benchStartUp({ runs, profiles }) {
  const times = { bare: [], version: [], help: [] };
  const rounds = runs === 1 ? 1 : turns * runs;
  for (let round = 0; round < rounds; round += 1) {
    times.bare.push(timeNode(['-e', '0']));
    times.version.push(timeNode([cli, '--version']));
    times.help.push(timeNode([cli, '--help']));
  }
  const bare = median(times.bare);
  const [version, help] = [median(times.version), median(times.help)];
  say(`\nstart-up, median of ${rounds}`);
  show('floor: node -e 0', bare, ['-e', '0']);
  show('connectorctl --version', version, [cli, '--version'], `${(version / bare).toFixed(2)} ×`);
  show('connectorctl --help', help, [cli, '--help'], `${(help / bare).toFixed(2)} ×`);
  profile(profiles, 'start-up', ['--help']);
  return { 'start-up-version': version / bare, 'start-up-help': help / bare };
}

/** CPU and memory are those of one more run. */
function show(name, wall, words, note) {
  line(name, { ...runNode(words), wall }, note);
}
