import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(process.env.PEAK_REPORT, JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime }));
});
