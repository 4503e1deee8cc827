import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Secret } from '../../../lib/domain/secret.ts';
import { type KeySet, sealHandle } from '../../../lib/keys/handle.ts';
import { sha256 } from '../../../lib/wire/digest.ts';

/** A house whose systems announce facts on the bus, as it would write them: with the AWS SDK and a public key. */
export interface Announcer {
  /** Rejects where the bus refuses; the event's id is new each time. */
  readonly announce: (source: string, type: string, rest: object) => Promise<void>;
  /** What an event says of a token in its place: the token itself travels nowhere. */
  readonly seal: (
    token: string,
    of: { readonly authority: string; readonly partner: string; readonly id?: string | undefined },
  ) => Promise<{ readonly handle: string; readonly sha256: string }>;
}

export interface AnnouncerOptions {
  /** Who speaks under a source. */
  readonly events: (source: string) => EventBridgeClient;
  readonly bus: string;
  /** Rescind's published keys. */
  readonly keys: KeySet;
  readonly now: () => number;
}

export function createAnnouncer({ events, bus, keys, now }: AnnouncerOptions): Announcer {
  let announced = 0;
  return {
    async announce(source, type, rest) {
      announced += 1;
      const time = new Date(now()).toISOString();
      const detail = { version: 1, id: `${source}-${announced}`, occurredAt: time, ...rest };
      const entry = { EventBusName: bus, Source: source, DetailType: type, Detail: JSON.stringify(detail) };
      const { Entries = [] } = await events(source).send(new PutEventsCommand({ Entries: [entry] }));
      if (!Entries[0]?.EventId) throw new Error(`the bus refused ${type}: ${Entries[0]?.ErrorCode}`);
    },
    async seal(token, { authority, partner, id }) {
      const hash = sha256(token);
      const binding = { authority, partner, credential: id ?? `sha256:${hash}` };
      return { handle: await sealHandle(keys, binding, new Secret(token)), sha256: hash };
    },
  };
}
