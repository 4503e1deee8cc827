import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  caseKeys,
  fenceKey,
  generationKey,
  type Key,
  ledgerKeys,
  obligationPrefix,
  parseCaseKey,
  registryKeys,
  turnKeys,
} from '../../lib/aws/dynamodb/keys.ts';
import { caseIdOf } from '../../lib/domain/case/case.ts';
import { authorityId, consentId, credentialId, grantId, partnerId } from '../../lib/domain/ids.ts';

// few letters, so that ids that differ only in where a separator stands meet often
const odd = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom('#', '%23', 'a'), minLength: 1, maxLength: 3 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }) },
);
const few = fc.integer({ min: 1, max: 12 });
const ref = fc.record({ authority: odd.map(authorityId), id: odd.map(credentialId) });
const aCase = fc.tuple(odd, few, few).map(([id, generation, round]) =>
  caseIdOf({
    kind: 'consent-withdrawn',
    subject: { type: 'consent', id: consentId(id) },
    generation,
    round,
  }),
);
const node = fc.oneof(
  fc.record({ kind: fc.constant('consent' as const), id: odd, generation: few }),
  fc.record({ kind: fc.constant('credential' as const), authority: odd, id: odd }),
);

/** A thing with its key; two things are the same when their descriptions are. */
interface Thing {
  readonly is: string;
  readonly key: { readonly pk: string; readonly sk?: string };
}
const thing = <Args extends readonly unknown[]>(
  name: string,
  args: fc.Arbitrary<Args>,
  key: (...args: Args) => Thing['key'],
): fc.Arbitrary<Thing> => args.map((given) => ({ is: JSON.stringify([name, given]), key: key(...given) }));

const grant = fc.record({
  authority: odd.map(authorityId),
  grant: odd.map(grantId),
  partner: odd.map(partnerId),
});

const registryThings = fc.oneof(
  thing('partner', fc.tuple(odd), registryKeys.partner),
  thing('authority', fc.tuple(odd), registryKeys.authority),
  thing('keys', fc.tuple(), registryKeys.publicKeys),
  thing('consent', fc.tuple(odd, few), registryKeys.consent),
  thing('credential', fc.tuple(ref), registryKeys.credential),
  thing('consent edge', fc.tuple(fc.record({ id: odd, generation: few }), ref), registryKeys.consentEdge),
  thing('grant', fc.tuple(grant), registryKeys.grant),
  thing('grant edge', fc.tuple(grant, ref), registryKeys.grantEdge),
  thing('child edge', fc.tuple(ref, ref), registryKeys.childEdge),
  thing('partner edge', fc.tuple(odd, ref), (partner, to) => registryKeys.partnerEdge(partner, to, 16)),
);
const caseThings = fc.oneof(
  thing('signal', fc.tuple(fc.record({ account: odd, source: odd, id: odd })), caseKeys.signal),
  thing('rejection', fc.tuple(fc.constantFrom('aa', 'ab')), caseKeys.rejection),
  thing('case', fc.tuple(aCase), caseKeys.case),
  thing('cursor', fc.tuple(aCase, node), caseKeys.cursor),
  thing('obligation', fc.tuple(aCase, few, ref), caseKeys.obligation),
  thing('tally', fc.tuple(aCase, few), caseKeys.tally),
  thing('seen', fc.tuple(aCase, few, odd), caseKeys.seen),
  thing('turn', fc.tuple(odd), turnKeys.turn),
  thing(
    'waiting',
    fc.tuple(fc.record({ case: aCase, shard: few, authority: odd.map(authorityId) })),
    turnKeys.waiting,
  ),
);
const fenceThings = thing('fence', fc.tuple(odd), (id) => fenceKey({ type: 'consent', id: consentId(id) }));

describe('keys', () => {
  it.each([
    ['Registry', registryThings],
    ['Cases', caseThings],
    ['Fences', fenceThings],
  ])('give no two different things of %s one place', (_, things) => {
    fc.assert(
      fc.property(fc.array(things, { minLength: 150, maxLength: 300, size: 'max' }), (many) => {
        const places = new Map<string, string>();
        for (const { is, key } of many) {
          const place = JSON.stringify(key);
          expect(places.get(place) ?? is).toBe(is);
          places.set(place, is);
        }
      }),
    );
  });

  it('give a thing the same place each time', () => {
    const of = { authority: authorityId('bank'), id: credentialId('rt#1') };
    expect(registryKeys.partnerEdge('fintech', of, 16)).toEqual(registryKeys.partnerEdge('fintech', of, 16));
    expect(registryKeys.credential(of)).toEqual({ pk: 'credential#bank#rt%231', sk: 'credential' });
  });

  it('let no id reach into the key of another', () => {
    expect(registryKeys.partner('a#3').pk).toBe('partner#a%233');
    expect(registryKeys.consent('a%23b', 1).pk).not.toBe(registryKeys.consent('a#b', 1).pk);
  });

  it('sort generations as numbers', () => {
    const generation = fc.integer({ min: 1, max: 999_999_999_999 });
    fc.assert(
      fc.property(generation, generation, (a, b) => {
        expect(generationKey(a) < generationKey(b)).toBe(a < b);
      }),
    );
  });

  it('keep the obligations of two authorities apart by prefix', () => {
    fc.assert(
      fc.property(ref, odd, (of, authority) => {
        const { sk } = caseKeys.obligation(caseIdOfOne, 0, of);
        expect(sk.startsWith(obligationPrefix(authority))).toBe(authority === of.authority);
      }),
      { numRuns: 500 },
    );
  });

  it('put entries and their markers into different partitions', () => {
    const entry = ledgerKeys.entry('case/x', '01J');
    const pending = ledgerKeys.pending('01J', 8);
    expect([entry.pk, entry.sk]).toEqual(['entry#case/x', '01J']);
    expect(pending.pk).toMatch(/^pending#[0-7]$/);
  });

  it('stay below the sizes that DynamoDB allows, for the longest ids that are heard', () => {
    const longest = '%'.repeat(128);
    const of = { authority: authorityId(longest), id: credentialId(longest) };
    const about = { type: 'consent', id: consentId(longest) } as const;
    const generation = 999_999_999_999;
    const id = caseIdOf({ kind: 'consent-withdrawn', subject: about, generation, round: 99 });
    const keys: Key[] = [
      registryKeys.credential(of),
      registryKeys.consentEdge({ id: longest, generation }, of),
      registryKeys.grantEdge(
        { authority: of.authority, grant: grantId(longest), partner: partnerId(longest) },
        of,
      ),
      registryKeys.childEdge(of, of),
      registryKeys.partnerEdge(longest, of, 16),
      caseKeys.cursor(id, { kind: 'credential', ...of }),
      caseKeys.note(id, 89, of),
      caseKeys.cursor(id, { kind: 'grant', ...of, partner: longest }),
      caseKeys.grantNote(id, {
        authority: of.authority,
        grant: grantId(longest),
        partner: partnerId(longest),
      }),
      caseKeys.obligation(id, 89, of),
      caseKeys.signal({ account: '111122223333', source: longest, id: longest }),
      ledgerKeys.entry(`credential/${longest}/${longest}`, '01J'),
    ];
    for (const { pk, sk } of keys) {
      expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(2048);
      expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(1024);
    }
  });
});

const caseIdOfOne = caseIdOf({
  kind: 'consent-withdrawn',
  subject: { type: 'consent', id: consentId('c') },
  generation: 1,
  round: 1,
});

describe('parseCaseKey', () => {
  it('reads a case back', () => {
    fc.assert(
      fc.property(aCase, (id) => {
        expect(parseCaseKey(caseKeys.case(id))).toEqual({ kind: 'case', case: id });
      }),
    );
  });

  it('reads case, shard and authority of an obligation back', () => {
    fc.assert(
      fc.property(aCase, fc.nat(89), ref, (id, shard, of) => {
        expect(parseCaseKey(caseKeys.obligation(id, shard, of))).toEqual({
          kind: 'obligation',
          case: id,
          shard,
          authority: of.authority,
        });
      }),
      { numRuns: 500 },
    );
  });

  it('reads nothing from any other row', () => {
    const keys: Key[] = [
      caseKeys.tally(caseIdOfOne, 0),
      caseKeys.seen(caseIdOfOne, 0, 'bank'),
      caseKeys.cursor(caseIdOfOne, { kind: 'consent', id: 'c', generation: 1 }),
      caseKeys.signal({ account: '1', source: 's', id: 'i' }),
      caseKeys.rejection('aa'),
      caseKeys.event('01J', 4),
      { pk: '', sk: '' },
    ];
    for (const key of keys) expect(parseCaseKey(key)).toBeUndefined();
  });
});
