import { type Authority, covers } from '../../domain/inventory/authority.ts';
import { decideRetirement } from '../../domain/decisions/rotation/retire.ts';
import {
  decideBegin,
  decideLook,
  decideRest,
  otherOf,
  type Rotating,
} from '../../domain/decisions/rotation/rotate.ts';
import type { Hold } from '../../domain/emergency/hold.ts';
import type { AuthorityId, ClientId } from '../../domain/ids.ts';
import { duePage, rotationLookMs } from '../../domain/limits.ts';
import { type Chunk, shardOf } from '../../domain/case/obligation.ts';
import type { Client } from '../../domain/rotation/client.ts';
import type { Rotation } from '../../domain/rotation/rotation.ts';
import type { CaseSubject } from '../../domain/subject.ts';
import { commitAndSend, type Recorder, rfc3339 } from '../flow.ts';
import type { KeySecrets, RotationStarter } from './client-secrets.ts';
import { type CutOffReads, lookForCutOff } from './cut-off.ts';
import { findHold } from './find-hold.ts';
import { goOn, start } from './start-rotation.ts';
import { rotationStamp } from './stamp.ts';

export interface RotateDue extends Recorder, CutOffReads {
  readonly clients: { find(id: ClientId): Promise<Client | undefined> };
  readonly rotations: {
    find(client: ClientId): Promise<Rotation | undefined>;
    /** Clients whose rotation is due at or before `dueBy`, page by page. Reads an index that lags: the next run finds the rest. */
    due(dueBy: string, pageRows: number): AsyncIterable<readonly ClientId[]>;
  };
  readonly authorities: { find(id: AuthorityId): Promise<Authority | undefined> };
  readonly holds: { find(subject: CaseSubject): Promise<Hold | undefined> };
  readonly keys: Pick<KeySecrets, 'describe'> & RotationStarter;
  readonly wakeWorkers: (chunks: readonly Chunk[]) => Promise<void>;
  /** Milliseconds that this invocation may still take. */
  readonly remainingMs: () => number;
}

/** The sweep stops with this much time left; the next run, a minute later, continues. */
const reserveMs = 5_000;

/**
 * Moves each due rotation forward: begins it, has Secrets Manager continue it, retires the old key after the overlap, and
 * finishes once the old key is proven dead. Concurrent sweeps move a rotation once: the row decides. An error with one client
 * does not stop the others, and its rotation stays due.
 */
export async function rotateDue(
  deps: RotateDue,
): Promise<{ readonly looked: number; readonly failed: number }> {
  const done = { looked: 0, failed: 0 };
  const dueBy = rfc3339(deps.now());
  for await (const id of dueClients(dueBy, deps)) {
    if (deps.remainingMs() < reserveMs) break;
    const [client, rotation] = await Promise.all([deps.clients.find(id), deps.rotations.find(id)]);
    // the index may lag
    if (!client || !rotation || Date.parse(rotation.dueAt) > Date.parse(dueBy)) continue;
    done.looked += 1;
    await move({ client, rotation }, deps).catch((error: unknown) => {
      done.failed += 1;
      const { name, message } = error instanceof Error ? error : new Error('unknown');
      deps.log.error('rotation not moved: it stays due', { client: id, error: name, reason: message });
    });
  }
  if (done.looked > 0) deps.log.info('rotations checked', done);
  return done;
}

async function* dueClients(dueBy: string, { rotations }: RotateDue): AsyncGenerator<ClientId> {
  for await (const page of rotations.due(dueBy, duePage)) yield* page;
}

function move(at: Rotating, deps: RotateDue): Promise<void> {
  switch (at.rotation.state) {
    case 'resting':
      return begin(at, deps);
    case 'begun':
    case 'created':
    case 'published':
    case 'tested':
      return goOn(at, deps);
    case 'overlap':
      return retire(at, deps);
    case 'retiring':
      return rest(at, deps);
  }
}

async function begin(at: Rotating, deps: RotateDue): Promise<void> {
  const { client, rotation } = at;
  const { cutOff, above } = await lookForCutOff(at, deps);
  if (cutOff) {
    deps.log.warn('not rotated: the partner was cut off', { client: client.id, partner: client.partner });
    return void (await deps.commit(decideLook(at, rotationStamp(deps))));
  }
  const hold = await findHold(at, deps);
  if (hold) {
    deps.log.info('not rotated: a hold is active', { client: client.id, hold: hold.id });
    return void (await deps.commit(decideLook(at, rotationStamp(deps), rotationLookMs)));
  }
  // a concurrent sweep began it
  if (!(await commitAndSend(decideBegin(at, above, rotationStamp(deps)), deps)).ok) return;
  deps.log.info('rotation begun', { client: client.id, number: rotation.number + 1 });
  await start({ client, rotation: { ...rotation, number: rotation.number + 1 } }, deps);
}

async function retire(at: Rotating, deps: RotateDue): Promise<void> {
  const { client, rotation } = at;
  const ref = { authority: client.authority, id: otherOf(rotation) };
  const [credential, authority] = await Promise.all([
    deps.credentials.find(ref),
    deps.authorities.find(ref.authority),
  ]);
  if (!credential) throw new Error(`the old key ${ref.id} of ${client.id} is not in the inventory`);
  const covered = authority !== undefined && covers(authority, credential);
  const retirement = decideRetirement(at, { credential, covered }, rotationStamp(deps));
  if (!(await commitAndSend(retirement.writes, deps)).ok) return;
  const { id, shards } = retirement.case;
  deps.log.info('old key retired', { client: client.id, key: ref.id, case: id });
  await deps.wakeWorkers([{ case: id, shard: shardOf(ref, shards), authority: ref.authority }]);
}

async function rest(at: Rotating, deps: RotateDue): Promise<void> {
  const { client, rotation } = at;
  const old = await deps.credentials.find({ authority: client.authority, id: otherOf(rotation) });
  if (old?.state === 'dead') {
    if ((await commitAndSend(decideRest(at, rotationStamp(deps)), deps)).ok)
      deps.log.info('rotation finished', { client: client.id, number: rotation.number });
    return;
  }
  deps.log.warn('the old key is not proven dead yet', { client: client.id, key: rotation.other });
  await deps.commit(decideLook(at, rotationStamp(deps)));
}
