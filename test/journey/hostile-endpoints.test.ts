import diagnostics from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createEgress, EgressError } from '../../lib/connectors/egress.ts';
import type { Authority } from '../../lib/domain/inventory/authority.ts';
import { authorityId, clientId } from '../../lib/domain/ids.ts';
import type { Client } from '../../lib/domain/rotation/client.ts';
import { setStage, type Stage } from '../story/stage.ts';
import { type HostileEndpoint, hidden, hostileEndpoints } from './hostile-endpoints.ts';
import { itemsOf, rowsOf } from './rig.ts';

const shown = (url: string): string => JSON.stringify(url.slice(0, 80));
const cases = hostileEndpoints.map((hostile) => [shown(hostile.url), hostile] as const);

/** P3, P7: what could never be called is refused before anything is written, with what to change. */
describe('an operator registers an endpoint that must never be called', () => {
  let stage: Stage;
  let good: Authority;
  let client: Client;
  beforeAll(async () => {
    stage = await setStage({ assembly: inject('assembly') });
    const known = await stage.tables.authorities.find(authorityId('bank'));
    const acme = await stage.tables.clients.find(clientId('acme-app'));
    if (!known || !acme) throw new Error('the stage registers both');
    good = { ...known, id: authorityId('hostile'), revision: 1 };
    client = { ...acme, id: clientId('hostile-app'), revision: 1 };
    await stage.world.settle();
  });
  afterAll(() => stage.close());

  /** Every row of every table, byte for byte. */
  const rows = async (): Promise<readonly string[]> => [
    ...(await rowsOf(stage.world)),
    ...(await itemsOf(stage.world, 'LEDGER')).map((item) => JSON.stringify(item)).toSorted(),
  ];
  const register = (over: Partial<Record<keyof Authority, unknown>>) =>
    stage.order('alice', { command: 'register-authority', authority: { ...good, ...over } as never });
  const lines = () => stage.world.logs.map((line) => JSON.stringify(line));

  it.each(cases)('%s, and is told what to change', async (_, { url, refused, says }: HostileEndpoint) => {
    const before = await rows();
    const answer = await register({ tokenEndpoint: url });
    expect(answer).toEqual({
      kind: 'refused',
      code: refused,
      reason: expect.stringMatching(/^authority\.tokenEndpoint: [^;]{10,}/) as string,
    });
    expect(answer).toHaveProperty('reason', expect.stringContaining(says));
    expect(JSON.stringify(answer)).not.toContain(hidden);
    expect(await rows()).toEqual(before);
  });

  it.each(['issuer', 'revocationEndpoint', 'introspectionEndpoint'])('as %s', async (member) => {
    const before = await rows();
    const answer = await register({ [member]: 'https://0x7f.1/token' });
    expect(answer).toMatchObject({
      code: 'malformed',
      reason: expect.stringContaining(`authority.${member}: `) as string,
    });
    expect(await rows()).toEqual(before);
  });

  it('at several members, and is told of each', async () => {
    const answer = await register({
      tokenEndpoint: 'https://10.0.0.1/token',
      revocationEndpoint: 'https://localhost/revoke',
      introspectionEndpoint: 'https://bank.example:8443/introspect',
    });
    expect(answer).toHaveProperty(
      'reason',
      expect.stringMatching(
        /^authority\.tokenEndpoint: [^;]+; .*authority\.revocationEndpoint: [^;]+; .*authority\.introspectionEndpoint: [^;]+; /,
      ),
    );
  });

  it.each([
    ['http://bank.example/reg', 'malformed'],
    ['https://127.1/reg', 'malformed'],
    ['https://169.254.169.254/reg', 'unreachable'],
    ['https://metadata.google.internal/reg', 'unreachable'],
  ])('as the registrationUri of a client: %s', async (registrationUri, code) => {
    const before = await rows();
    const message = { command: 'register-client', client: { ...client, registrationUri } } as const;
    expect(await stage.order('alice', message as never)).toMatchObject({
      code,
      reason: expect.stringContaining('client.registrationUri: ') as string,
    });
    expect(await rows()).toEqual(before);
  });

  it('and each refusal is a line of the log, with its reason and without what was sent', () => {
    const refusals = lines().filter((line) => line.includes('authority.tokenEndpoint: '));
    expect(refusals.length).toBeGreaterThanOrEqual(hostileEndpoints.length);
    for (const line of refusals) expect(line).toContain('arn:aws:iam::000000000000:user/alice');
    expect(lines().join('\n')).not.toContain(hidden);
  });

  it('and the door lives: it registers a good one afterwards, under the id that was refused', async () => {
    expect(lines().filter((line) => /Runtime\.|uncaught|unhandled/i.test(line))).toEqual([]);
    expect(await stage.tables.authorities.find(good.id)).toBeUndefined();
    expect((await register({})).kind).toBe('asked');
    const again = { command: 'register-authority', authority: good } as never;
    expect((await stage.order('bob', again)).kind).toBe('registered');
    expect(await stage.tables.authorities.find(good.id)).toMatchObject({ tokenEndpoint: good.tokenEndpoint });
  });
});

describe('egress is told to call an endpoint that must never be called', () => {
  // however kindly DNS answers
  const lookup = async () => [{ address: '93.184.216.34' }];
  const { fetch } = createEgress({ rules: [{ host: '127.0.0.1:9443', addresses: ['127.0.0.0/8'] }], lookup });

  it.each(cases)('%s, and refuses before it connects', async (_, { url, code }: HostileEndpoint) => {
    let requests = 0;
    const count = (): void => void (requests += 1);
    diagnostics.subscribe('http.client.request.start', count);
    diagnostics.subscribe('net.client.socket', count);
    const refusal = await fetch(url).then(
      () => undefined,
      (error: unknown) => error,
    );
    diagnostics.unsubscribe('http.client.request.start', count);
    diagnostics.unsubscribe('net.client.socket', count);
    expect(refusal).toBeInstanceOf(EgressError);
    expect(refusal).toMatchObject({ code, message: expect.not.stringContaining(hidden) as string });
    expect(requests).toBe(0);
  });
});

describe('the list of hostile endpoints', () => {
  it('names forty and more, each once', () => {
    expect(hostileEndpoints.length).toBeGreaterThanOrEqual(40);
    expect(new Set(hostileEndpoints.map(({ url }) => url)).size).toBe(hostileEndpoints.length);
  });
});
