import { unmarshall } from '@aws-sdk/util-dynamodb';
import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import { committer } from '../../lib/aws/dynamodb/commit.ts';
import { fences } from '../../lib/aws/dynamodb/readers/fences.ts';
import { seenNotes } from '../../lib/aws/dynamodb/readers/seen-notes.ts';
import { turns } from '../../lib/aws/dynamodb/readers/turns.ts';
import { registry } from '../../lib/aws/dynamodb/readers/registry.ts';
import type { Connector } from '../../lib/connectors/connector.ts';
import { authorityId, partnerId } from '../../lib/domain/ids.ts';
import type { Write } from '../../lib/domain/transaction/write.ts';
import { chaseObligations } from '../../lib/flows/sweeps/chase-obligations.ts';
import { planCase } from '../../lib/flows/walk/plan-case.ts';
import { takeSignal } from '../../lib/flows/intake/take-signal.ts';
import { workObligations } from '../../lib/flows/work/work-obligations.ts';
import { Clock } from '../cloud/clock.ts';
import { createDynamoDb } from '../cloud/services/dynamodb/dynamodb.ts';
import { shapes, tables } from '../aws/world.ts';
import { authorityOf, partnerOf, rfc3339 } from '../domain/objects.ts';
import { lineTo } from '../flows/line-to.ts';
import { intakeDoubles } from '../flows/intake-doubles.ts';
import { directClient } from './direct-client.ts';
import { type Happening, sources, type Told } from './history.ts';
import type { End } from './reference-model.ts';

const { account } = intakeDoubles;

/** How far indexes lag behind their tables: two chases may pass before a row is seen. */
const indexLagMs = 90_000;

/** A chase comes each minute. */
const chaseMs = 61_000;

/** More rounds than this is a world that never comes to rest. */
const roundsMax = 60;

/** How often a commit fails, half of them after its effect: whoever made it dies of it. */
const failing = 0.04;

class Crashed extends Error {}

/**
 * The flows over the real adapters and a DynamoDB in this process, with authorities that keep tokens in a set. Every wake-up is
 * lost unless `random` lets it through, and commits fail: what the database knows has to be enough.
 */
export async function startSmallWorld(random: () => number) {
  const clock = new Clock();
  const dynamoDb = createDynamoDb({ clock });
  for (const shape of shapes) await dynamoDb.createTable({ BillingMode: 'PAY_PER_REQUEST', ...shape });
  dynamoDb.setIndexLag(indexLagMs);
  const client = directClient(dynamoDb);
  const commit = committer(client, tables);
  let ids = 0;
  const newId = () => `01J${String((ids += 1)).padStart(23, '0')}`;
  const now = () => clock.now();
  const woken = new Map<string, () => Promise<unknown>>();
  const maybe = (key: string, wake: () => Promise<unknown>) => {
    if (random() < 0.5) woken.set(key, wake);
  };
  const rows = {
    ...registry(client, tables.registry),
    ...cases(client, tables.cases),
    ...fences(client, tables.fences),
  };
  const deps = {
    ...intakeDoubles,
    ...rows,
    commit: async (writes: readonly Write[]) => {
      const fate = random();
      if (fate < failing / 2) throw new Crashed('before the commit');
      const committed = await commit(writes);
      if (fate < failing) throw new Crashed('after the commit');
      return committed;
    },
    now,
    newId,
    random,
    ...turns(client, tables.cases, { now, newId, rfc3339 }),
    notes: seenNotes(client, tables.cases),
    senders: [...sources, 'bank.tokens'].map((source) => ({
      source,
      partners: '*' as const,
      authorities: '*' as const,
    })),
    connect: (authority: { readonly id: string }) => lineTo(connectorOf(authority.id)),
    wakePlanner: async (id: Parameters<typeof planCase>[0]) => maybe(`plan ${id}`, () => plan(id)),
    wakeWorker: async (chunk: Parameters<typeof workObligations>[0]) =>
      maybe(`work ${JSON.stringify(chunk)}`, () => work(chunk)),
    wakeWorkers: async (chunks: readonly Parameters<typeof workObligations>[0][]) => {
      for (const chunk of chunks) await deps.wakeWorker(chunk);
    },
  };
  const plan = (id: Parameters<typeof planCase>[0]) => planCase(id, deps);
  const work = (chunk: Parameters<typeof workObligations>[0]) => workObligations(chunk, deps);

  const killed = new Set<string>();
  const connectorOf = (authority: string): Connector => {
    const key = (id: string) => `${authority}/${id}`;
    return {
      // one call in five is not answered, before or after its effect
      async revoke({ id }) {
        const fate = random();
        if (fate > 0.1) killed.add(key(id));
        return fate < 0.2 ? { kind: 'unconfirmed', because: 'timeout' } : { kind: 'accepted' };
      },
      async probe({ id }) {
        const answer = killed.has(key(id)) ? 'inactive' : 'active';
        return [{ vantage: 'introspection', answer, because: answer, at: now() }];
      },
      seeCanary: async () => now(),
    };
  };

  const wakeSome = async (chance: number): Promise<void> => {
    for (const [key, wake] of [...woken])
      if (random() < chance) {
        woken.delete(key);
        await survive(wake);
      }
  };

  for (const id of ['acme', 'birch'])
    await commit([{ kind: 'register-partner', partner: partnerOf({ id: partnerId(id) }), from: null }]);
  for (const id of ['bank', 'aggregator'])
    await commit([
      {
        kind: 'register-authority',
        // each token is killed by itself here: what a grant takes with it is another suite's
        authority: authorityOf({ id: authorityId(id), collateral: 'none' }),
        from: null,
      },
    ]);

  return {
    /** Delivers in this order, two at once now and then, with work in between. */
    async deliver(deliveries: readonly Happening[]): Promise<void> {
      for (let index = 0; index < deliveries.length;) {
        const some = deliveries.slice(index, (index += random() < 0.3 ? 2 : 1));
        await Promise.all(some.map((happening) => delivered(() => takeSignal(bodyOf(happening), deps))));
        await wakeSome(0.4);
      }
    },
    /** Lets the chaser find what was lost, until nothing is due. */
    async settle(): Promise<void> {
      woken.clear();
      for (let round = 0, quiet = 0; quiet < 3; round += 1) {
        if (round > roundsMax) throw new Error(`not at rest after ${roundsMax} chases`);
        await clock.advance(chaseMs);
        const chased = await chaseObligations({
          due: rows.due,
          wakePlanner: (id) => survive(() => plan(id)),
          wakeWorkers: async (chunks) => {
            for (const chunk of chunks) await survive(() => work(chunk));
          },
          healthOf: deps.healthOf,
          remainingMs: deps.remainingMs,
          now,
          log: deps.log,
        });
        // what nobody can kill is looked at each ten minutes for ever
        quiet = chased.cases + chased.chunks === 0 ? quiet + 1 : 0;
      }
    },
    sleep: (ms: number): Promise<void> => clock.advance(ms),
    /** How many entries the ledger has. */
    entries: async (): Promise<number> =>
      (await dynamoDb.items(tables.ledger)).filter(({ pk }) => JSON.stringify(pk).includes('entry#')).length,
    end: (): Promise<End & { readonly problems: readonly string[] }> => endIn(dynamoDb),
    async close(): Promise<void> {
      clock.stop();
      await dynamoDb.close();
    },
  };
}

export type SmallWorld = Awaited<ReturnType<typeof startSmallWorld>>;

/** Dies of a failed commit, and of nothing else. */
async function survive(run: () => Promise<unknown>): Promise<void> {
  await run().catch((error: unknown) => {
    if (!(error instanceof Crashed)) throw error;
  });
}

/** SQS delivers again what was not taken. */
async function delivered(take: () => Promise<unknown>): Promise<void> {
  for (let taken = false; !taken;)
    await survive(async () => {
      await take();
      taken = true;
    });
}

function bodyOf(happening: Happening): string {
  const { source, type, id, rest } = announcementOf(happening);
  const time = '2026-01-31T09:30:00Z';
  const detail = { version: 1, id, occurredAt: time, ...rest };
  return JSON.stringify({ id: 'e', source, account, time, 'detail-type': type, detail });
}

function announcementOf(happening: Happening) {
  switch (happening.kind) {
    case 'granted': {
      const { consent, partner } = happening;
      const rest = { consent, partner, customer: 'c', scopes: [], grantedAt: '2026-01-01T00:00:00Z' };
      return {
        source: sources[0],
        type: 'Consent Granted',
        id: `granted-${consent.id}-${consent.generation}`,
        rest,
      };
    }
    case 'withdrawn': {
      const { consent, source } = happening;
      const id = `withdrawn-${consent.id}-${consent.generation}`;
      return { source, type: 'Consent Withdrawn', id, rest: { consent, by: 'customer' } };
    }
    case 'announced':
      return tellOf(happening.credential);
  }
}

/** Which of the three events tells it. */
function tellOf({ parent, replaces, ...credential }: Told) {
  const shared = { source: 'bank.tokens', id: `issued-${credential.id}` };
  if (parent) return { ...shared, type: 'Credential Exchanged', rest: { credential, parent } };
  if (replaces) return { ...shared, type: 'Credential Refreshed', rest: { credential, replaces } };
  return { ...shared, type: 'Credential Issued', rest: { credential } };
}

type Row = Readonly<Record<string, unknown>>;

/** Reads the end off the rows alone. */
async function endIn(dynamoDb: ReturnType<typeof createDynamoDb>) {
  const read = async (table: string): Promise<readonly Row[]> =>
    (await dynamoDb.items(table)).map((item) => unmarshall(item as Parameters<typeof unmarshall>[0]));
  const text = (row: Row, name: string) => String(row[name]);
  const name = (row: Row) => `${text(row, 'authority')}/${text(row, 'id')}`;
  const [inRegistry, inFences, inCases] = await Promise.all([
    read(tables.registry),
    read(tables.fences),
    read(tables.cases),
  ]);
  const credentials = inRegistry.filter(({ sk }) => sk === 'credential');
  const states = new Map(credentials.map((row) => [name(row), text(row, 'state')]));
  const obligations = inCases.filter(({ sk }) => String(sk).startsWith('obligation#'));
  const owed = new Map<string, string>();
  for (const row of obligations)
    // one credential may be owed in several cases: it is paid when the last of them is
    owed.set(name(row), owed.get(name(row)) === 'open' ? 'open' : text(row, 'state'));
  const notes = inCases.filter(({ sk, as }) => String(sk).startsWith('note#') && as === 'shared');
  const end = {
    fences: Object.fromEntries(
      inFences
        .map((row) => [text(row['subject'] as Row, 'id'), Number(row['generation'])] as const)
        .toSorted(([a], [b]) => a.localeCompare(b)),
    ),
    consents: Object.fromEntries(
      inRegistry
        .filter(({ sk }) => String(sk).startsWith('generation#'))
        .map((row) => [`${text(row, 'id')}@${text(row, 'generation')}`, text(row, 'state')]),
    ),
    credentials: Object.fromEntries(states),
    grants: inRegistry
      .filter(({ sk }) => String(sk).startsWith('grant#'))
      .map((row) => `${text(row, 'authority')}/${text(row, 'partner')}/${text(row, 'grant')}`)
      .toSorted(),
    obligations: Object.fromEntries(owed),
    // one that died later, of its own consent, was shared once
    shared: [...new Set(notes.map(name))].filter((one) => states.get(one) === 'live').toSorted(),
  };
  return { ...(end as End), problems: problemsIn(inCases, obligations) };
}

/** What must hold of every case at rest. */
function problemsIn(rows: readonly Row[], obligations: readonly Row[]): string[] {
  return rows
    .filter(({ sk }) => sk === 'case')
    .flatMap((one) => {
      const id = String(one['id']);
      const own = obligations.filter((row) => row['case'] === id);
      const open = own.filter(({ state }) => state === 'open').length;
      const tally = rows.find(({ pk, sk }) => sk === 'tally' && pk === `case#${id}#0`);
      const left = rows.filter(
        ({ pk, sk }) => pk === `case#${id}` && String(sk).startsWith('cursor#'),
      ).length;
      return [
        ...(one['cursors'] === 0 && left === 0
          ? []
          : [`${id}: ${left} cursors, counted ${String(one['cursors'])}`]),
        ...(Number(tally?.['planned'] ?? 0) === own.length && Number(tally?.['open'] ?? 0) === open
          ? []
          : [`${id}: ${own.length} obligations, ${open} open, counted ${JSON.stringify(tally)}`]),
        ...((one['state'] === 'closed') === (open === 0)
          ? []
          : [`${id}: ${String(one['state'])} with ${open} open`]),
      ];
    });
}
