import { onTestFinished, vi } from 'vitest';

/**
 * Stops the timers of our own code (undici's keep going) until the end of the test, and answers what lets ten seconds pass.
 * Given to a server as `silent`, it makes a client's time-out come when the request stands there unanswered, and never before:
 * how busy the machine is does not matter.
 */
export function stopTimers(): () => void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  return () => void vi.advanceTimersByTime(10_000);
}
