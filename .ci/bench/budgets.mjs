/**
 * What each task may take, on a machine with two cores that does nothing else. Figures are medians of the runs, and a ratio is one of
 * the same run, so that a slower machine changes it little.
 * `task` measures it and answers it under `name`; `most` is the budget, and `unit` what both count and of how much.
 */
export const budgets = [
  { name: 'start-up-version', task: 'start-up', most: 1.3, unit: '× node -e 0' },
  { name: 'start-up-help', task: 'start-up', most: 1.3, unit: '× node -e 0' },
  { name: 'validate', task: 'validate', most: 1.2, unit: '× a bare parse of 10,000 files' },
  { name: 'plan', task: 'plan', most: 1.2, unit: '× bare pages + bare parse, 10,000' },
  { name: 'plan-memory', task: 'plan', most: 250, unit: 'MB, 10,000' },
  { name: 'plan-100', task: 'plan-100', most: 2, unit: '× (node -e 0 + pages × latency + 50 ms)' },
  { name: 'creates', task: 'creates', most: 2, unit: '× requests × latency / at a time, 3,000' },
  { name: 'creates-cpu', task: 'creates', most: 1.2, unit: 'ms CPU an instance' },
  { name: 'update', task: 'update', most: 1, unit: '× (0.5 s + reads × latency), 1 of 1,000' },
  // Of the CPU: the wall time holds the waiting as well, and what the sandbox does beside it on the same machine.
  { name: 'growth', task: 'growth', most: 1.1, unit: 'the exponent of CPU, 1,000 to 50,000' },
  { name: 'growth-memory', task: 'growth', most: 600, unit: 'MB, 50,000' },
  { name: 'hostile', task: 'hostile', most: 1, unit: '× its 2 s and 300 MiB, the worst' },
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
    .map(({ name, most: usual, unit }) => {
      const [measured, most] = [figures[name], others.get(name) ?? usual];
      return { name, measured, most, unit, kept: measured <= most };
    });
}

/** The table of what was judged, as lines. */
export function renderBudgets(judged) {
  const rows = judged.map(({ name, measured, most, unit, kept }) => [
    name,
    shorten(measured),
    shorten(most),
    kept ? 'yes' : 'NO',
    unit,
  ]);
  const table = [['task', 'measured', 'budget', 'kept', ''], ...rows];
  const [first, ...others] = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column].length)));
  return table.map(([name, ...cells]) =>
    [name.padEnd(first), ...cells.map((cell, column) => cell.padStart(others[column] ?? 0))].join('  ').trimEnd(),
  );
}

function shorten(figure) {
  return figure.toFixed(figure >= 100 ? 0 : 2);
}
