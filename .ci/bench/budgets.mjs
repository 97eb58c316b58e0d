/**
 * What each task may take, on a machine with two cores that does nothing else. Figures are medians of the runs, ratios medians of
 * the ratio in one run, so that a slower machine changes them little.
 * `task` measures it, under `name`; `most` is the budget and `unit` what it counts, of the size that `says` names.
 */
export const budgets = [
  { name: 'start-up-version', task: 'start-up', says: '--version', most: 1.3, unit: '× node -e 0' },
  { name: 'start-up-help', task: 'start-up', says: '--help', most: 1.3, unit: '× node -e 0' },
  { name: 'validate', task: 'validate', says: 'validate 10,000', most: 1.2, unit: '× a bare parse' },
  { name: 'plan', task: 'plan', says: 'plan 10,000 unchanged', most: 1.2, unit: '× bare pages + bare parse' },
  { name: 'plan-memory', task: 'plan', says: 'plan 10,000, memory', most: 250, unit: 'MB' },
  {
    name: 'plan-100',
    task: 'plan-100',
    says: 'plan 100 unchanged',
    most: 2,
    unit: '× (node -e 0 + pages × latency + 50 ms)',
  },
  { name: 'creates', task: 'creates', says: '3,000 creates', most: 2, unit: '× requests × latency / at a time' },
  { name: 'creates-cpu', task: 'creates', says: '3,000 creates, CPU', most: 1.2, unit: 'ms an instance' },
  { name: 'update', task: 'update', says: 'update 1 of 1,000', most: 1, unit: '× (0.5 s + reads × latency)' },
  // By CPU: the wall time holds the waiting, and what the sandbox takes beside it.
  {
    name: 'growth',
    task: 'growth',
    says: 'plan 1,000 to 50,000',
    most: 1.1,
    unit: 'as the exponent of its CPU time',
  },
  { name: 'growth-memory', task: 'growth', says: 'plan 50,000, memory', most: 600, unit: 'MB' },
  { name: 'hostile', task: 'hostile', says: 'worst hostile input', most: 1, unit: '× its 2 s and 300 MiB' },
];

/** Peak memory as budgets count it. */
export function toMegabytes(mebibytes) {
  return (mebibytes * 1024 * 1024) / 1e6;
}

/**
 * The budgets of what was measured, each with the figure and whether it is kept. What is not a number is not kept.
 * @param figures by the name of their budget
 * @param others budgets in place of those of the table, by name
 */
export function judge(figures, others = new Map()) {
  return budgets
    .filter(({ name }) => Object.hasOwn(figures, name))
    .map(({ name, most: usual, ...budget }) => {
      const most = others.get(name) ?? usual;
      const measured = figures[name];
      return Object.assign(budget, { name, most, measured, kept: measured <= most });
    });
}

/** The table of what was judged, as lines. */
export function renderBudgets(judged) {
  const rows = judged.map(({ says, name, measured, most, unit, kept }) => [
    says,
    shorten(measured),
    shorten(most),
    kept ? 'yes' : 'NO',
    `${unit}  (${name})`,
  ]);
  const table = [['task', 'measured', 'budget', 'kept', 'in'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column].length)));
  return table.map(([says, measured, most, kept, unit]) =>
    [says.padEnd(widths[0]), measured.padStart(widths[1]), most.padStart(widths[2]), kept.padEnd(widths[3]), unit].join(
      '  ',
    ),
  );
}

function shorten(figure) {
  return figure.toFixed(figure >= 100 ? 0 : 2);
}
