import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

// The figures are those of the whole process, its threads included.
if (isMainThread) {
  process.on('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(process.env.PEAK_REPORT, JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime }));
  });
}
