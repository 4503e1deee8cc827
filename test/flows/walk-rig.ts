import { cases } from '../../lib/aws/dynamodb/readers/cases.ts';
import { committer } from '../../lib/aws/dynamodb/commit.ts';
import { fences } from '../../lib/aws/dynamodb/readers/fences.ts';
import { seenNotes } from '../../lib/aws/dynamodb/readers/seen-notes.ts';
import { turns } from '../../lib/aws/dynamodb/readers/turns.ts';
import { registry } from '../../lib/aws/dynamodb/readers/registry.ts';
import type { Connector } from '../../lib/connectors/connector.ts';
import { decideExecution } from '../../lib/domain/decisions/operate/cut-off.ts';
import { authorityId, caseId, credentialId, cutOffId, partnerId } from '../../lib/domain/ids.ts';
import { planCase } from '../../lib/flows/walk/plan-case.ts';
import { takeSignal } from '../../lib/flows/intake/take-signal.ts';
import { workObligations } from '../../lib/flows/work/work-obligations.ts';
import { Clock } from '../cloud/clock.ts';
import { createDynamoDb } from '../cloud/services/dynamodb/dynamodb.ts';
import { shapes, tables } from '../aws/world.ts';
import { authorityOf, cutOffOf, partnerOf, rfc3339 } from '../domain/objects.ts';
import { intakeDoubles } from './intake-doubles.ts';
import { lineTo } from './line-to.ts';
import { directClient } from '../properties/direct-client.ts';

const { account } = intakeDoubles;
const source = 'bank';

/** One authority, `bank`: a revocation ends the whole grant or family of refreshes. The partners acme and birch are registered. */
export async function startWalkRig() {
  const clock = new Clock();
  const dynamoDb = createDynamoDb({ clock });
  for (const shape of shapes) await dynamoDb.createTable({ BillingMode: 'PAY_PER_REQUEST', ...shape });
  const client = directClient(dynamoDb);
  const commit = committer(client, tables);
  const rows = {
    ...registry(client, tables.registry),
    ...cases(client, tables.cases),
    ...fences(client, tables.fences),
  };
  let made = 0;
  const newId = () => `01J${String((made += 1)).padStart(23, '0')}`;
  const now = () => clock.now();
  /** The tokens that live at the server, by family: a family ends together. */
  const alive = new Map<string, string>();
  const revoked: string[] = [];
  const connector: Connector = {
    async revoke({ id }) {
      revoked.push(id);
      const family = alive.get(id);
      for (const [other, of] of alive) if (of === family) alive.delete(other);
      return { kind: 'accepted' };
    },
    async probe({ id }) {
      const answer = alive.has(id) ? 'active' : 'inactive';
      return [{ vantage: 'introspection', answer, because: answer, at: now() }];
    },
    seeCanary: async () => now(),
  };
  const deps = {
    ...intakeDoubles,
    ...rows,
    commit,
    now,
    newId,
    random: () => 0.5,
    ...turns(client, tables.cases, { now, newId, rfc3339 }),
    notes: seenNotes(client, tables.cases),
    senders: [{ source, partners: '*' as const, authorities: '*' as const }],
    connect: () => lineTo(connector),
    wakePlanner: async () => {},
    wakeWorker: async () => {},
    wakeWorkers: async () => {},
  };
  for (const id of ['acme', 'birch'])
    await commit([{ kind: 'register-partner', partner: partnerOf({ id: partnerId(id) }), from: null }]);
  await commit([
    { kind: 'register-authority', authority: authorityOf({ id: authorityId('bank') }), from: null },
  ]);

  const plan = (id: string) => planCase(caseId(id), deps);
  const tell = (type: string, rest: object) => {
    const time = '2026-01-31T09:30:00Z';
    const detail = { version: 1, id: `e-${(made += 1)}`, occurredAt: time, ...rest };
    return takeSignal(JSON.stringify({ id: 'e', source, account, time, 'detail-type': type, detail }), deps);
  };
  return {
    rows,
    alive,
    revoked,
    plan,
    tell,
    grant: (id: string, partner: string) =>
      tell('Consent Granted', {
        ...{ consent: { id, generation: 1 }, partner, customer: 'c', scopes: [] },
        grantedAt: '2026-01-01T00:00:00Z',
      }),
    async withdraw(id: string, generation = 1): Promise<string> {
      await tell('Consent Withdrawn', { consent: { id, generation }, by: 'customer' });
      const opened = `consent-withdrawn/${id}/${generation}/1`;
      await plan(opened);
      return opened;
    },
    /** Announces a token, and has it live at the server: alone, or in a family. */
    async issue(id: string, over: object = {}, family = id): Promise<void> {
      alive.set(id, family);
      const { parent, replaces, ...rest } = over as { parent?: string; replaces?: string };
      const credential = { authority: 'bank', id, kind: 'access_token', partner: 'acme', ...rest };
      const ref = (of: string) => ({ authority: 'bank', id: of });
      if (parent) await tell('Credential Exchanged', { credential, parent: ref(parent) });
      else if (replaces) await tell('Credential Refreshed', { credential, replaces: ref(replaces) });
      else await tell('Credential Issued', { credential });
    },
    async cutOff(partner: string): Promise<string> {
      const of = cutOffOf({ id: cutOffId(newId()), partner: partnerId(partner) });
      await commit([{ kind: 'add-cut-off', cutOff: of, set: [] }]);
      const at = new Date(now()).toISOString();
      const execution = decideExecution(of, 'alice', undefined, { now: now(), at, newId });
      if (execution.kind === 'order') await commit(execution.writes);
      await plan(execution.case.id);
      return execution.case.id;
    },
    /** Makes one attempt at all obligations of a case at the bank. */
    work: (id: string) =>
      workObligations({ case: caseId(id), shard: 0, authority: authorityId('bank') }, deps),
    stateOf: async (id: string): Promise<string | undefined> =>
      (await rows.credentials.find({ authority: authorityId('bank'), id: credentialId(id) }))?.state,
    async owed(id: string): Promise<Readonly<Record<string, string>>> {
      const found = await rows.cases.find(caseId(id));
      const all = found ? await rows.obligations.of(found) : [];
      return Object.fromEntries(all.map((one) => [one.id, `${one.state} ${one.last ?? ''}`.trim()]));
    },
    async shared(id: string): Promise<readonly string[]> {
      const found = await rows.cases.find(caseId(id));
      const notes = found ? await rows.cases.notes(found) : [];
      return notes.filter((note) => note.as === 'shared').map((note) => note.id);
    },
    async close(): Promise<void> {
      clock.stop();
      await dynamoDb.close();
    },
  };
}

export type WalkRig = Awaited<ReturnType<typeof startWalkRig>>;
