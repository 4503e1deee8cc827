import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registry } from '../../lib/aws/dynamodb/readers/registry.ts';
import { authorityId, type ConsentId, consentId, credentialId, partnerId } from '../../lib/domain/ids.ts';
import { consentOf, credentialOf } from '../domain/objects.ts';
import { fresh, startTables, tables, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startTables();
});
afterAll(() => world.close());

const page = (consent: ConsentId, generation: number, after?: string, limit = 200) =>
  registry(world.client, tables.registry).edges.page(
    { kind: 'consent', id: consent, generation },
    after,
    limit,
  );
const idsOf = ({ refs }: Awaited<ReturnType<typeof page>>) => refs.map(({ id }) => id);

async function issue(consent: ConsentId, generation: number, ...names: string[]): Promise<void> {
  for (const name of names)
    await world.given({
      kind: 'add-credential',
      credential: credentialOf({ id: credentialId(name), consent: { id: consent, generation } }),
    });
}

describe('the edges of a consent', () => {
  it('lead to every credential up to the fenced generation and to none above it', async () => {
    const consent = consentId(fresh('consent'));
    const names = [1, 2, 3, 10].map((generation) => `${consent}-${generation}`);
    for (const [index, generation] of [1, 2, 3, 10].entries())
      await issue(consent, generation, names[index] ?? '');
    expect(idsOf(await page(consent, 2))).toEqual(names.slice(0, 2));
    expect(idsOf(await page(consent, 9))).toEqual(names.slice(0, 3));
    expect(idsOf(await page(consent, 10))).toEqual(names);
  });

  it('lead to credentials only, not to the consent beside them', async () => {
    const consent = consentId(fresh('consent'));
    await world.given({ kind: 'add-consent', consent: consentOf({ id: consent, generation: 1 }) });
    await issue(consent, 1, `${consent}-a`);
    expect(idsOf(await page(consent, 1))).toEqual([`${consent}-a`]);
  });

  it('lead to odd ids', async () => {
    const consent = consentId(fresh('c#/%é~'));
    await issue(consent, 1, `${consent}~`, `${consent}#`, `${consent}/a`);
    expect(idsOf(await page(consent, 1)).sort()).toEqual(
      [`${consent}#`, `${consent}/a`, `${consent}~`].sort(),
    );
  });

  it('never lead to those of another consent', async () => {
    const consent = consentId(fresh('consent'));
    await issue(consentId(`${consent}#1`), 1, `${consent}-other`);
    expect(await page(consent, 1)).toEqual({ refs: [], next: undefined });
  });

  it('come page by page, each once', async () => {
    const consent = consentId(fresh('consent'));
    const names = Array.from({ length: 7 }, (_, index) => `${consent}-${index}`);
    await issue(consent, 1, ...names);
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const found = await page(consent, 1, after, 3);
      pages.push(idsOf(found));
      after = found.next;
    } while (after !== undefined);
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(names);
  });

  it('lead from a page on, although the credential of its last edge was condemned meanwhile', async () => {
    const consent = consentId(fresh('consent'));
    await issue(consent, 1, `${consent}-a`, `${consent}-b`);
    const { next } = await page(consent, 1, undefined, 1);
    await world.given({
      kind: 'move-credential',
      credential: { authority: authorityId('bank'), id: credentialId(`${consent}-a`) },
      round: 1,
      from: 'live',
      to: 'condemned',
    });
    expect(idsOf(await page(consent, 1, next, 1))).toEqual([`${consent}-b`]);
  });
});

describe('a credential that is itself a root', () => {
  it('is listed as itself', async () => {
    const node = { kind: 'credential', authority: 'bank', id: 'rt-1' } as const;
    const found = await registry(world.client, tables.registry).edges.page(node, undefined, 200);
    expect(found).toEqual({ refs: [{ authority: 'bank', id: 'rt-1' }] });
  });
});

describe('the edges of a partner', () => {
  const pageOf = (partner: string, after: string | undefined, limit: number) =>
    registry(world.client, tables.registry).edges.page({ kind: 'partner', id: partner }, after, limit);

  it.each([1, 2, 7, 200])('are all walked once, over every shard, %i at a time', async (limit) => {
    const partner = partnerId(fresh('partner'));
    const names = Array.from({ length: 40 }, (_, n) => `${partner}-${n}`);
    for (const id of names) {
      const { consent: _, ...bare } = credentialOf({ id: credentialId(id), partner });
      await world.given({ kind: 'add-credential', credential: bare });
    }
    const walked: string[] = [];
    let after: string | undefined;
    do {
      const page = await pageOf(partner, after, limit);
      expect(page.refs.length).toBeLessThanOrEqual(limit);
      walked.push(...page.refs.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(walked.toSorted()).toEqual(names.toSorted());
  });

  it('are one page where there are few, and none for a partner that has none', async () => {
    const partner = partnerId(fresh('partner'));
    expect(await pageOf(partner, undefined, 200)).toEqual({ refs: [] });
  });
});
