/** What work asked of AWS and of authorities. */
export interface Cost {
  /** AWS requests by functions; each retry is one more. */
  readonly requests: number;
  /** As DynamoDB bills them: items of a transaction twice, rows of indexes included. */
  readonly writeUnits: number;
  readonly readUnits: number;
  /** SQS messages that the queues took. */
  readonly messages: number;
  /** Absent where nobody counted them. */
  readonly authorityCalls?: number;
}

/** All of them together; `authorityCalls` is there if any has it. */
export function sumCosts(...costs: readonly Cost[]): Cost {
  const sum = (name: keyof Cost) => costs.reduce((total, cost) => total + (cost[name] ?? 0), 0);
  return {
    requests: sum('requests'),
    writeUnits: sum('writeUnits'),
    readUnits: sum('readUnits'),
    messages: sum('messages'),
    ...(costs.some(({ authorityCalls }) => authorityCalls !== undefined) && {
      authorityCalls: sum('authorityCalls'),
    }),
  };
}

/** The share of one credential, to two decimals; null where there was no credential to share it. */
export function perCredential(cost: Cost, credentials: number): Cost | null {
  if (credentials === 0) return null;
  const share = (total: number) => Math.round((total * 100) / credentials) / 100;
  return {
    requests: share(cost.requests),
    writeUnits: share(cost.writeUnits),
    readUnits: share(cost.readUnits),
    messages: share(cost.messages),
    ...(cost.authorityCalls !== undefined && { authorityCalls: share(cost.authorityCalls) }),
  };
}
