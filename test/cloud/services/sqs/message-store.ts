import type { GroupLoad } from './fair-order.ts';
import type { StoredMessage } from './message.ts';

export type MessageState = 'visible' | 'inFlight' | 'delayed';

/** The messages of one queue by their place, in the order of sending, and the load of each group among them. */
export class MessageStore {
  readonly #messages = new Map<number, StoredMessage>();
  readonly #groups = new Map<string, { stored: number; served: number }>();
  #places = 0;

  get(place: number): StoredMessage | undefined {
    return this.#messages.get(place);
  }

  entries(): readonly (readonly [number, StoredMessage])[] {
    return [...this.#messages];
  }

  add(message: StoredMessage): void {
    this.#messages.set(++this.#places, message);
    if (message.groupId === undefined) return;
    const group = this.#groups.get(message.groupId);
    if (group) group.stored += 1;
    else this.#groups.set(message.groupId, { stored: 1, served: 0 });
  }

  /** Forgets the message; a group without messages starts from zero again. */
  remove(place: number): void {
    const groupId = this.#messages.get(place)?.groupId;
    this.#messages.delete(place);
    if (groupId === undefined) return;
    const group = this.#groups.get(groupId);
    if (group && --group.stored === 0) this.#groups.delete(groupId);
  }

  countServed(groupId: string | undefined): void {
    const group = groupId === undefined ? undefined : this.#groups.get(groupId);
    if (group) group.served += 1;
  }

  /** The load of each group that has messages here. */
  loads(now: number): ReadonlyMap<string, GroupLoad> {
    const loads = new Map<string, { inFlight: number; served: number }>();
    for (const [groupId, { served }] of this.#groups) loads.set(groupId, { inFlight: 0, served });
    for (const message of this.#messages.values()) {
      const load = message.groupId === undefined ? undefined : loads.get(message.groupId);
      if (load && stateOf(message, now) === 'inFlight') load.inFlight += 1;
    }
    return loads;
  }

  /** When the next message becomes visible that is hidden now; undefined when none is hidden. */
  nextVisibleAt(now: number): number | undefined {
    let next: number | undefined;
    for (const { visibleAt } of this.#messages.values())
      if (visibleAt > now && (next === undefined || visibleAt < next)) next = visibleAt;
    return next;
  }
}

export function stateOf(message: StoredMessage, now: number): MessageState {
  if (message.visibleAt <= now) return 'visible';
  return message.receivesHere > 0 ? 'inFlight' : 'delayed';
}
