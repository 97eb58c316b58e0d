import { toMegabytes } from './budgets.mjs';
import { cli, line, repeat, runNode, runScript, say, timeNode } from './measure.mjs';
import { profile } from './profile.mjs';
import { bareParse } from './validate.mjs';

const pageSize = 200;
/** What a plan of a hundred may take beside the start of Node.js and the pages, in ms. */
const own = 50;

/** Plan of unchanged instances, beside a loop that only reads the pages and one that only parses the files, one after the other. */
export async function benchPlan({ live, latency, runs, profiles, count = 10_000 }) {
  const { workspace, env } = await live.start({ count, latency });
  const { middle, ratio } = await repeat(runs, () => ({
    read: runScript(workspace, 'bare-read.mjs', bareRead, { env }),
    parse: runScript(workspace, 'bare-parse.mjs', bareParse),
    ours: planUnchanged(workspace, env, count),
  }));
  const [wall, cpu] = ['wall', 'cpu'].map((of) => ratio(({ ours, read, parse }) => ours[of] / (read[of] + parse[of])));
  say(`\nplan, ${count} unchanged instances, ${latency} ms a request`);
  line(`floor: ${pagesOf(count)} pages × ${latency} ms`, { wall: pagesOf(count) * latency });
  line('floor: read all pages', middle('read'));
  line('floor: read and parse the files', middle('parse'));
  line('connectorctl plan', middle('ours'), `${wall.toFixed(2)} × both, ${cpu.toFixed(2)} × their CPU`);
  profile(profiles, 'plan', ['plan'], { cwd: workspace, env });
  return { plan: wall, 'plan-memory': toMegabytes(middle('ours').peak) };
}

/** Plan of few unchanged instances, of which most is the start. */
export async function benchFewUnchanged({ live, latency, runs, profiles, count = 100 }) {
  const { workspace, env } = await live.start({ count, latency });
  const waiting = pagesOf(count) * latency + own;
  const { middle, ratio } = await repeat(runs, () => ({
    bare: { wall: timeNode(['-e', '0']) },
    ours: planUnchanged(workspace, env, count),
  }));
  const wall = ratio(({ ours, bare }) => ours.wall / (bare.wall + waiting));
  say(`\nplan, ${count} unchanged instances, ${latency} ms a request`);
  line(`floor: node -e 0, pages × latency, ${own} ms`, { wall: middle('bare').wall + waiting });
  line('connectorctl plan', middle('ours'), `${wall.toFixed(2)} ×`);
  profile(profiles, 'plan-100', ['plan'], { cwd: workspace, env });
  return { 'plan-100': wall };
}

/** Plans of more and more unchanged instances: how time and memory grow. */
export async function benchGrowth({ live, latency, runs, profiles, count = 50_000 }) {
  say(`\nplan, more and more unchanged instances, ${latency} ms a request`);
  const points = [];
  for (const size of [count / 50, count / 5, count].map(Math.ceil)) {
    const { workspace, env } = await live.start({ count: size, latency });
    const { middle } = await repeat(runs, () => ({ ours: planUnchanged(workspace, env, size) }));
    line(`connectorctl plan, ${size}`, middle('ours'));
    if (size === count) profile(profiles, 'growth', ['plan'], { cwd: workspace, env });
    points.push({ size, ...middle('ours') });
  }
  const [cpu, wall] = ['cpu', 'wall'].map((of) => fitExponent(points.map((point) => [point.size, point[of]])));
  const steepest = fitExponent(points.slice(1).map(({ size, cpu: time }) => [size, time]));
  say(
    `  CPU grows as n^${cpu.toFixed(2)}, n^${steepest.toFixed(2)} over the last step; wall time as n^${wall.toFixed(2)}`,
  );
  return { growth: cpu, 'growth-memory': toMegabytes(points.at(-1).peak) };
}

/** Throws when anything would change: then something else was measured. */
function planUnchanged(cwd, env, count) {
  const planned = runNode([cli, 'plan', '--detailed-exitcode'], { cwd, env });
  const [, matching] = /^No changes\. (\d+) instances? match/.exec(planned.stdout) ?? [];
  if (Number(matching) === count) return planned;
  throw new Error(`The instances were not made as the plan wants them.\n${planned.stdout.slice(0, 2000)}`);
}

/** The exponent of the power of x that fits best: the slope of the least squares of both logarithms. */
function fitExponent(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (of) => logs.reduce((sum, pair) => sum + pair[of], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const both = logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return both / logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

function pagesOf(count) {
  return Math.ceil(count / pageSize);
}

const bareRead = `
const headers = { authorization: 'User ' + process.env.CONNECTORCTL_USER_SECRET + ', Organization ' + process.env.CONNECTORCTL_ORGANIZATION_SECRET };
let token = null;
let count = 0;
do {
  const query = 'pageSize=${pageSize}&hydrate=true' + (token === null ? '' : '&nextPage=' + encodeURIComponent(token));
  const answer = await fetch(process.env.BENCH_URL + '/instances?' + query, { headers });
  if (answer.status === 404) break;
  count += (await answer.json()).length;
  token = answer.headers.get('elements-next-page-token');
  if (count >= Number(answer.headers.get('elements-total-count'))) break;
} while (token !== null);
console.log(count);
`;
