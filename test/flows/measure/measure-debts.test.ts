import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sealedLedger } from '../../../lib/aws/dynamodb/readers/ledger.ts';
import { openWork } from '../../../lib/aws/dynamodb/readers/open-work.ts';
import { turns } from '../../../lib/aws/dynamodb/readers/turns.ts';
import { registry } from '../../../lib/aws/dynamodb/readers/registry.ts';
import type { Case } from '../../../lib/domain/case/case.ts';
import { consentId, credentialId, customerId, entryId, partnerId } from '../../../lib/domain/ids.ts';
import { findRegimes, regimeCasesMax } from '../../../lib/flows/measure/find-regimes.ts';
import { measureDebts } from '../../../lib/flows/measure/measure-debts.ts';
import { freshCase, opened } from '../../aws/rows.ts';
import { fresh, startTables, tables, type World } from '../../aws/world.ts';
import { at, caseOf, consentOf, credentialOf, now, partnerOf, rfc3339 } from '../../domain/objects.ts';

const targets = {
  default: { effectSeconds: 60, completeMinutes: 60 },
  cdr: { effectSeconds: 30, completeMinutes: 15 },
};
const twentyMinutesAgo = rfc3339(now - 20 * 60_000);

let world: World;
beforeAll(async () => {
  world = await startTables();
  await world.given(
    { kind: 'register-partner', partner: partnerOf({ id: partnerId('plain') }), from: null },
    { kind: 'register-partner', partner: partnerOf({ id: partnerId('strict'), regime: 'cdr' }), from: null },
  );
});
afterAll(() => world.close());

const warned: object[] = [];
beforeEach(() => void (warned.length = 0));
const deps = () => ({
  ...registry(world.client, tables.registry),
  work: openWork(world.client, tables.cases),
  ...turns(world.client, tables.cases, { now: () => now, newId: () => fresh('worker'), rfc3339 }),
  ledger: sealedLedger(world.client, tables.ledger),
  targets,
  now: () => now,
  log: { info: () => {}, warn: (_: string, facts = {}) => void warned.push(facts), error: () => {} },
});
/** The metrics of one run; those of a regime have its name added: `OverTarget cdr`. */
const measured = async () => {
  const told: Record<string, number> = {};
  await measureDebts({
    ...deps(),
    measure: (name, value, ...by) => {
      told[[name, ...by].join(' ')] = value;
    },
  });
  return told;
};
const consentCase = async (partner: string): Promise<Case> => {
  const id = consentId(fresh('consent'));
  const consent = consentOf({ id, partner: partnerId(partner), customer: customerId(fresh('c')) });
  await world.given({ kind: 'add-consent', consent });
  return caseOf({ subject: { type: 'consent', id }, effectAt: twentyMinutesAgo });
};

describe('measureDebts', () => {
  it('reports every metric of an empty system, so that each alarm has data', async () => {
    expect(await measured()).toEqual({
      OpenCases: 0,
      AliveCredentials: 0,
      UncoveredCredentials: 0,
      FailingAuthorities: 0,
      OverdueObligations: 0,
      WaitingEvents: 0,
      CountedAll: 1,
      UnsealedEntries: 0,
      OldestUnsealedSeconds: 0,
      'OldestOpenSeconds default': 0,
      'OverTarget default': 0,
      'OldestOpenSeconds cdr': 0,
      'OverTarget cdr': 0,
    });
  });

  it('counts credentials that are alive, and compares each case with the target of its partner', async () => {
    const [plain, strict] = [await consentCase('plain'), await consentCase('strict')];
    await world.given(opened(plain), opened(strict), {
      kind: 'add-tally',
      case: plain.id,
      shard: 0,
      tally: { planned: 3, open: 2, draining: 1, uncovered: 1 },
    });
    expect(await measured()).toMatchObject({
      OpenCases: 2,
      AliveCredentials: 3,
      UncoveredCredentials: 1,
      FailingAuthorities: 0,
      'OldestOpenSeconds default': 1200,
      'OverTarget default': 0,
      'OldestOpenSeconds cdr': 1200,
      'OverTarget cdr': 1,
    });
    expect(warned).toEqual([]);
  });

  it('counts a case of an unknown consent under the strictest regime, and logs that', async () => {
    await world.given(opened(freshCase({ effectAt: twentyMinutesAgo })));
    expect(await measured()).toMatchObject({ 'OverTarget cdr': 2 });
    expect(warned).toEqual([{ cases: 1, regime: 'cdr' }]);
  });

  it('reports how long the oldest entry waits for its seal, by its ULID', async () => {
    const ulid = '01KG9PFXA0'; // 2026-01-31T09:30:00Z and some
    const entry = (id: string) =>
      ({
        kind: 'append-entry',
        entry: {
          version: 1,
          id: entryId(id),
          kind: 'granted',
          at,
          subject: 'case/c',
          changes: [],
          facts: {},
        },
      }) as const;
    await world.given(entry('not-a-ulid'), entry(`${ulid}0000000000000000`));
    const { UnsealedEntries, OldestUnsealedSeconds = NaN } = await measured();
    expect(UnsealedEntries).toBe(2);
    expect(OldestUnsealedSeconds).toBeGreaterThanOrEqual(0);
  });
});

describe('findRegimes', () => {
  it('finds the partner of each kind of subject', async () => {
    const key = credentialOf({ id: credentialId(fresh('key')), partner: partnerId('strict') });
    await world.given({ kind: 'add-credential', credential: key });
    const subjects = [
      { type: 'partner', id: partnerId('strict') },
      { type: 'partner', id: partnerId('plain') },
      { type: 'partner', id: partnerId('nobody') },
      { type: 'credential', authority: key.authority, id: key.id },
    ] as const;
    const cases = subjects.map((subject) => caseOf({ subject }));
    expect(await findRegimes(cases, deps())).toEqual(['cdr', 'default', undefined, 'cdr']);
  });

  it('reads only the oldest cases, and leaves the others unknown', async () => {
    const many = Array.from({ length: regimeCasesMax + 2 }, () =>
      caseOf({ subject: { type: 'partner', id: partnerId('strict') } }),
    );
    const found = await findRegimes(many, deps());
    expect(found).toHaveLength(regimeCasesMax + 2);
    expect(found.slice(regimeCasesMax - 1)).toEqual(['cdr', undefined, undefined]);
  });
});
