/** What counts against a message group when the next message is picked. */
export interface GroupLoad {
  readonly inFlight: number;
  /** Messages given out since the group last had nothing in the queue. */
  readonly served: number;
}

interface Tenant<T> {
  readonly waiting: { readonly message: T; readonly position: number }[];
  /** A message without a group is a tenant of its own and never noisy, so their common load stays at zero. */
  readonly isGroup: boolean;
  inFlight: number;
  served: number;
}

/**
 * Picks up to `max` messages so that a noisy group does not keep others waiting: first the group with the
 * fewest messages in flight, then the one that was served least, then the oldest message.
 *
 * AWS, "How Amazon SQS fair queues work": tenants are told apart by MessageGroupId, a message without one is
 * its own tenant, quiet tenants come first, among noisy ones the one with the fewest messages in flight. AWS
 * calls a tenant noisy by its share of messages in flight (above 10 % and at least 30) or of processing time;
 * here the comparison is exact from the first message on, so that a run can be repeated.
 */
export function pickFairly<T extends { readonly groupId: string | undefined }>(
  oldestFirst: readonly T[],
  max: number,
  loads: ReadonlyMap<string, GroupLoad>,
): readonly T[] {
  const tenants = [...tenantsOf(oldestFirst, loads).values()];
  const picked: T[] = [];
  while (picked.length < max) {
    const next = tenants.filter(({ waiting }) => waiting.length > 0).sort(compareTenants)[0];
    const head = next?.waiting.shift();
    if (!next || !head) break;
    picked.push(head.message);
    if (next.isGroup) {
      next.inFlight += 1;
      next.served += 1;
    }
  }
  return picked;
}

function tenantsOf<T extends { readonly groupId: string | undefined }>(
  oldestFirst: readonly T[],
  loads: ReadonlyMap<string, GroupLoad>,
): ReadonlyMap<string | undefined, Tenant<T>> {
  const tenants = new Map<string | undefined, Tenant<T>>();
  for (const [position, message] of oldestFirst.entries()) {
    const { groupId } = message;
    let tenant = tenants.get(groupId);
    if (!tenant) {
      const load = (groupId === undefined ? undefined : loads.get(groupId)) ?? { inFlight: 0, served: 0 };
      tenant = { waiting: [], isGroup: groupId !== undefined, ...load };
      tenants.set(groupId, tenant);
    }
    tenant.waiting.push({ message, position });
  }
  return tenants;
}

function compareTenants<T>(a: Tenant<T>, b: Tenant<T>): number {
  return a.inFlight - b.inFlight || a.served - b.served || headOf(a) - headOf(b);
}

function headOf<T>(tenant: Tenant<T>): number {
  return tenant.waiting[0]?.position ?? Infinity;
}
