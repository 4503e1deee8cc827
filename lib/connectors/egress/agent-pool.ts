import { Agent } from 'node:https';

/** Hands out connections that were made to the same checked addresses. */
export interface AgentPool {
  /** The key names host, port and checked addresses, so that a kept connection is never one to an address since refused. */
  agentFor(key: string): Agent;
}

/** More hosts than this at once is a resolver that answers differently each time, not a workload. */
const agentsMax = 64;
/** Servers commonly close after 5 s of silence; leaving before them spares a call that dies on a closed connection. */
const idleMs = 4_000;
/** Enough for one worker's chunk; an authority's own limit is lower. */
const socketsMax = 16;

/** Keeps connections for a few seconds, because a TLS handshake costs more than the call. */
export function createAgentPool(now: () => number = () => performance.now()): AgentPool {
  const kept = new Map<string, { agent: Agent; usedAt: number }>();
  return {
    agentFor(key) {
      const at = now();
      const known = kept.get(key);
      // A frozen Lambda wakes with connections that died meanwhile, before any timer could close them.
      const fresh = known && at - known.usedAt < idleMs;
      if (known && !fresh) closeIdle(known.agent);
      const agent = fresh ? known.agent : newAgent();
      kept.delete(key);
      kept.set(key, { agent, usedAt: at });
      const oldest = kept.entries().next().value;
      if (kept.size > agentsMax && oldest) {
        closeIdle(oldest[1].agent);
        kept.delete(oldest[0]);
      }
      return agent;
    },
  };
}

function newAgent(): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets: socketsMax,
    maxFreeSockets: 4,
    scheduling: 'lifo',
    timeout: idleMs,
  });
}

/** `destroy` would also cut the calls in flight. */
function closeIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets))
    for (const socket of sockets ?? []) socket.destroy();
}
