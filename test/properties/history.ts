import type { CredentialKind } from '../../lib/domain/inventory/credential.ts';

/** Numbers in [0, 1) that a seed decides (mulberry32, public domain). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface ConsentAt {
  readonly id: string;
  readonly generation: number;
}

export interface Ref {
  readonly authority: string;
  readonly id: string;
}

export interface Told extends Ref {
  readonly kind: CredentialKind;
  readonly partner: string;
  readonly consent?: ConsentAt;
  readonly grant?: string;
  readonly parent?: Ref;
  readonly replaces?: Ref;
}

/** What happened, apart from the order in which it is told. */
export type Happening =
  | { readonly kind: 'granted'; readonly consent: ConsentAt; readonly partner: string }
  | { readonly kind: 'withdrawn'; readonly consent: ConsentAt; readonly source: string }
  | { readonly kind: 'announced'; readonly credential: Told };

/** The two first are registered; the third is not: nobody can kill what lives there. */
export const authorities = ['bank', 'aggregator', 'legacy'] as const;

/** Two systems tell of consents, and may tell of the same one. */
export const sources = ['bank.consents', 'aggregator.consents'] as const;

const partners = ['acme', 'birch'] as const;

/** A history of a few consents in up to three generations, and of credentials that grew out of them and of each other, in circles too. */
export function historyOf(random: () => number): readonly Happening[] {
  const below = (bound: number) => Math.floor(random() * bound);
  const pick = <One>(from: readonly One[]): One => from[below(from.length)] as One;
  const maybe = (chance: number) => random() < chance;
  const consents = Array.from({ length: 1 + below(3) }, (_, n) => ({
    id: `consent-${n}`,
    partner: pick(partners),
    generations: 1 + below(3),
  }));
  const happenings: Happening[] = [];
  for (const { id, partner, generations } of consents)
    for (let generation = 1; generation <= generations; generation += 1) {
      if (maybe(0.9)) happenings.push({ kind: 'granted', consent: { id, generation }, partner });
      if (maybe(0.4))
        for (const source of maybe(0.3) ? sources : [pick(sources)])
          happenings.push({ kind: 'withdrawn', consent: { id, generation }, source });
    }
  const refs = Array.from({ length: 2 + below(8) }, (_, n) => ({
    authority: pick(authorities),
    id: `t-${n}`,
  }));
  for (const ref of refs) {
    const { id, generations, partner } = pick(consents);
    const other = () => pick(refs.filter((one) => one.id !== ref.id));
    happenings.push({
      kind: 'announced',
      credential: {
        ...ref,
        kind: pick(['refresh_token', 'access_token', 'access_token', 'webhook']),
        partner,
        ...(maybe(0.5) && { consent: { id, generation: 1 + below(generations) } }),
        ...(maybe(0.4) && { grant: `g-${below(2)}` }),
        // an event tells of one or of the other
        ...(maybe(0.5) ? { parent: other() } : maybe(0.4) && { replaces: other() }),
      },
    });
  }
  return happenings;
}

/** Each twice, in an order of the seed's. */
export function deliveriesOf(history: readonly Happening[], random: () => number): readonly Happening[] {
  const all = [...history, ...history].map((happening) => ({ happening, at: random() }));
  return all.toSorted((a, b) => a.at - b.at).map(({ happening }) => happening);
}
