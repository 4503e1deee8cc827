import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Connector, Target } from '../../lib/connectors/connector.ts';

/** What can be wrong with an authority, whatever its kind. */
export type Trouble =
  /** No answer at all. */
  | 'hangs'
  | 'cuts-connection'
  /** It did the work and nobody heard. */
  | 'loses-answer'
  | 'fails'
  | 'is-unavailable'
  | 'limits'
  | 'forbids'
  | 'redirects'
  | 'floods'
  /** Answers that are well-formed and untrue. */
  | 'lies'
  | 'calls-all-alive'
  | 'calls-all-dead'
  /** Answers that are no answers. */
  | 'talks-nonsense'
  | 'talks-half-sense';

/** One kind of connector before a real authority of that kind. */
export interface Rig {
  readonly connector: Connector;
  /** The same, as a client that the authority does not know by its key. */
  readonly stranger: Connector;
  /** A live credential of somebody's. */
  mint(): Promise<Target>;
  /** Well-formed, and never issued. */
  invent(): Target;
  /** Every endpoint has this trouble until `heal`. */
  trouble(trouble: Trouble): Promise<void>;
  heal(): Promise<void>;
  /** How many of the authority's live things are the connector's own. */
  countOwn(): Promise<number>;
  /** Every value that must never show. */
  secrets(): readonly string[];
  close(): Promise<void>;
}

/** What one kind cannot be asked, each with its reason where it is set. */
interface Exceptions {
  /** Its authorities know a credential by its id: no target has a handle. */
  readonly byReference?: boolean;
  /** At an authority with these a canary may well be seen. */
  readonly seesCanaryAt?: readonly Trouble[];
  /** Nothing that it could mint would vouch for anything. */
  readonly hasNoCanary?: boolean;
  /** Its authority asks nobody who they are before it tells of a credential: the network is its guard. */
  readonly tellsAnyone?: boolean;
  /** What it says of a client's key that it does not know. @default 'invalid-client', as RFC 6749 section 5.2 has it */
  readonly strangerIs?: string;
}

const unheard = [
  'hangs',
  'cuts-connection',
  'loses-answer',
  'fails',
  'is-unavailable',
  'limits',
  'forbids',
  'redirects',
  'floods',
] as const satisfies readonly Trouble[];
const senseless = ['talks-nonsense', 'talks-half-sense'] as const satisfies readonly Trouble[];
const untrue = ['lies', 'calls-all-alive', 'calls-all-dead'] as const satisfies readonly Trouble[];
const troubles = [...unheard, ...senseless, ...untrue] satisfies readonly Trouble[];

/** Holds for every kind of connector: it may be called twice, it never throws, and it says what it knows and no more. */
export function connectorContract(
  kind: string,
  start: () => Promise<Rig>,
  exceptions: Exceptions = {},
): void {
  const { byReference = false, seesCanaryAt = [], hasNoCanary = false } = exceptions;
  const { tellsAnyone = false, strangerIs = 'invalid-client' } = exceptions;
  describe(`the connector contract: ${kind}`, () => {
    let rig: Rig;
    beforeAll(async () => {
      rig = await start();
    });
    beforeEach(() => rig.heal());
    afterAll(() => rig?.close());

    const answersOf = async (target: Target) =>
      (await rig.connector.probe(target)).map(({ answer }) => answer);

    it('sees a live credential active and, once revoked, inactive', async () => {
      const target = await rig.mint();
      expect(await answersOf(target)).toContain('active');
      expect(await rig.connector.revoke(target)).toEqual({ kind: 'accepted' });
      expect(new Set(await answersOf(target))).toEqual(new Set(['inactive']));
    });

    it('may revoke twice', async () => {
      const target = await rig.mint();
      await rig.connector.revoke(target);
      expect(['accepted', 'already-gone']).toContain((await rig.connector.revoke(target)).kind);
    });

    it('revokes nobody else', async () => {
      const [target, bystander] = [await rig.mint(), await rig.mint()];
      await rig.connector.revoke(target);
      expect(await answersOf(bystander)).toContain('active');
    });

    it('makes no difference of a credential that was never issued', async () => {
      expect(['accepted', 'already-gone']).toContain((await rig.connector.revoke(rig.invent())).kind);
      expect(await answersOf(rig.invent())).not.toContain('active');
    });

    it.skipIf(byReference)('has a target without a handle wait for a person', async () => {
      const { token: _token, ...target } = await rig.mint();
      expect(await rig.connector.revoke(target)).toEqual({ kind: 'refused', because: 'no-handle' });
      expect(await rig.connector.probe(target)).toMatchObject([{ answer: 'unknown', because: 'no-handle' }]);
    });

    it('has a client that the authority refuses wait for a person, and learns nothing by it', async () => {
      const target = await rig.mint();
      expect(await rig.stranger.revoke(target)).toEqual({ kind: 'refused', because: strangerIs });
      const toStranger = tellsAnyone ? 'active' : 'unknown';
      const because = tellsAnyone ? 'active' : strangerIs;
      expect(await rig.stranger.probe(target)).toMatchObject([{ answer: toStranger, because }]);
      expect(await rig.stranger.seeCanary()).toBeUndefined();
      expect(await answersOf(target)).toContain('active');
    });

    it.each(unheard)('takes no credential for dead when the authority %s', async (trouble) => {
      const target = await rig.mint();
      await rig.trouble(trouble);
      expect((await rig.connector.revoke(target)).kind).toBe('unconfirmed');
      expect(new Set(await answersOf(target))).toEqual(new Set(['unknown']));
    });

    it.each(senseless)('learns nothing from an authority that %s', async (trouble) => {
      const target = await rig.mint();
      await rig.trouble(trouble);
      expect(new Set(await answersOf(target))).toEqual(new Set(['unknown']));
    });

    it('sees through an acceptance that did nothing', async () => {
      const target = await rig.mint();
      await rig.trouble('lies');
      expect((await rig.connector.revoke(target)).kind).toBe('accepted');
      await rig.heal();
      expect(await answersOf(target)).toContain('active');
    });

    it('dates a sighting', async () => {
      const target = await rig.mint();
      const [first] = await rig.connector.probe(target);
      const [second] = await rig.connector.probe(target);
      expect(second?.at).toBeGreaterThanOrEqual(first?.at ?? Infinity);
    });

    it.skipIf(hasNoCanary)(
      'sees a canary at a working authority, later each time, and leaves none behind',
      async () => {
        // a lost answer may have left one before
        const before = await rig.countOwn();
        const first = await rig.connector.seeCanary();
        const second = await rig.connector.seeCanary();
        expect(first).toBeTypeOf('number');
        expect(second).toBeGreaterThan(first ?? Infinity);
        expect(await rig.countOwn()).toBe(before);
      },
    );

    const blinding = hasNoCanary ? [] : troubles.filter((trouble) => !seesCanaryAt.includes(trouble));
    it.each(blinding)('sees no canary at an authority that %s', async (trouble) => {
      await rig.trouble(trouble);
      expect(await rig.connector.seeCanary()).toBeUndefined();
    });

    it('never throws, names its reasons by codes, and shows no secret, whatever the authority does', async () => {
      const target = await rig.mint();
      const results: unknown[] = [];
      const reasons: string[] = [];
      for (const connector of [rig.connector, rig.stranger]) {
        for (const trouble of troubles) {
          await rig.trouble(trouble);
          const outcome = await connector.revoke(target);
          const sightings = await connector.probe(target);
          results.push(outcome, sightings, await connector.seeCanary());
          reasons.push(
            ...[outcome, ...sightings].map((said) => ('because' in said ? said.because : said.kind)),
          );
        }
      }
      const shown =
        JSON.stringify([results, target]) + inspect([results, target, rig.connector], { depth: 9 });
      expect(rig.secrets().length).toBeGreaterThan(0);
      for (const secret of rig.secrets()) expect(shown).not.toContain(secret);
    });
  });
}
