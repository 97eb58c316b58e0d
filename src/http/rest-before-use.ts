import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Lets no connection be used again before what came right behind an answer was read: a host may close it there and say nothing of it, and a write that
 * meets that end has an unclear outcome. undici waits for it, too.
 * @param connected those that were established
 */
export function restBeforeUse(agent: Agent, connected: WeakSet<Duplex>): void {
  const [give] = agent.listeners('free');
  agent.removeAllListeners('free');
  agent.on('free', (socket: Duplex, ...rest: unknown[]) => {
    const giveOn = (): void => void give?.call(agent, socket, ...rest);
    // One that is new has to be given on before it is established, which is listened to.
    if (!connected.has(socket)) {
      giveOn();
      return;
    }
    // Nobody else listens meanwhile.
    socket.on('error', ignore);
    nextTurn(() => {
      socket.removeListener('error', ignore);
      giveOn();
    });
  });
}

/** When the event loop has come round, and what has arrived by then was read: after the first of the two, nothing more was. */
export function nextTurn(run: () => void): void {
  setImmediate(setImmediate, run);
}

function ignore(): void {}
