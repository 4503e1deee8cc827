import type * as z from 'zod';
import { describe, expect, it } from 'vitest';
import { envelope, eventsIn } from '../../lib/wire/events-in.ts';
import { eventsOut } from '../../lib/wire/events-out.ts';
import { explain } from '../../lib/wire/explain.ts';
import { type Form, membersOf } from '../../lib/wire/members.ts';
import { obligationMessage, planMessage } from '../../lib/wire/messages.ts';
import { operateAnswer, operateRequest, urlEvent } from '../../lib/wire/operate.ts';
import {
  authorityRegistration,
  clientRegistration,
  partnerRegistration,
} from '../../lib/wire/registration.ts';
import { rotationRequest } from '../../lib/wire/rotation-request.ts';
import { full, type Json, setMember } from './announcements.ts';

const own = { clientId: 'rescind', secretName: 'rescind/authority/bank' };
const partner = { id: 'acme', revision: 1, name: 'Acme', regime: 'cdr' };
const authority = {
  id: 'bank',
  revision: 1,
  kind: 'oauth',
  role: 'operator',
  issuer: 'https://bank.example',
  tokenEndpoint: 'https://bank.example/token',
  revocationEndpoint: 'https://bank.example/revoke',
  introspectionEndpoint: 'https://bank.example/introspect',
  auth: { method: 'private_key_jwt', ...own, audience: 'issuer' },
  collateral: 'grant',
  limits: { concurrency: 5 },
};
const client = {
  id: 'acme-app',
  revision: 1,
  partner: 'acme',
  authority: 'bank',
  strategy: 'private-key-jwt',
  clientId: 'acme',
  registrationUri: 'https://bank.example/reg/acme',
  keyId: 'kid-1',
  overlapSeconds: 300,
  everySeconds: 86_400,
};

/** The members that may be left out, by their paths; all others are required. */
const optionalOf = (schema: z.ZodType): readonly string[] =>
  membersOf(schema).flatMap(({ path, required }) => (required ? [] : [path]));

/** All that comes in, with everything that it may hold. */
const whole: readonly (readonly [string, z.ZodType, Json, readonly string[]])[] = [
  ...Object.entries(eventsIn).map(
    ([type, schema]) => [type, schema, full[type as keyof typeof eventsIn], optionalOf(schema)] as const,
  ),
  ['a partner', partnerRegistration, partner, ['regime']],
  [
    'an authority',
    authorityRegistration,
    authority,
    ['auth.audience', 'collateral', 'limits', 'limits.concurrency'],
  ],
  ['a client', clientRegistration, client, ['overlapSeconds', 'everySeconds']],
];

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const pathsIn = (value: Json, at = ''): readonly string[] =>
  Object.entries(value).flatMap(([name, inner]) => [
    `${at}${name}`,
    ...(isObject(inner) ? pathsIn(inner, `${at}${name}.`) : []),
  ]);

const atPath = (value: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Json | undefined)?.[name], value);

describe.each(whole)('%s', (_, schema, value, optionalPaths) => {
  const paths = pathsIn(value);

  it('is accepted whole', () => {
    expect(schema.safeParse(value).success).toBe(true);
  });

  it('has a maximum length for each string', () => {
    const texts = paths.filter((path) => typeof atPath(value, path) === 'string');
    expect(texts.length).toBeGreaterThan(1);
    for (const path of texts)
      for (const long of ['x'.repeat(70_000), `${String(atPath(value, path))}${'0'.repeat(70_000)}`]) {
        const { error } = schema.safeParse(setMember(value, path, long));
        expect([path, error && explain(error)]).toEqual([path, expect.stringContaining(`${path}: `)]);
      }
  });

  it('takes null in a member that may be left out as its absence', () => {
    for (const path of optionalPaths) {
      const without = schema.safeParse(setMember(value, path, undefined));
      expect([path, schema.safeParse(setMember(value, path, null))]).toEqual([path, without]);
    }
  });

  it('refuses null in a member that must be there', () => {
    const required = paths.filter((path) => !optionalPaths.includes(path));
    expect(required.length).toBeGreaterThan(2);
    for (const path of required)
      expect([path, schema.safeParse(setMember(value, path, null)).success]).toEqual([path, false]);
  });
});

describe('null', () => {
  it('is no element of a list', () => {
    const detail = { ...full['Consent Granted'], scopes: ['accounts', null] };
    expect(eventsIn['Consent Granted'].safeParse(detail).success).toBe(false);
  });

  it('leaves the defaults of a client as they are', () => {
    const given = { ...client, overlapSeconds: null, everySeconds: null };
    expect(clientRegistration.parse(given)).toMatchObject({
      overlapSeconds: 86_400,
      everySeconds: 2_592_000,
    });
  });

  it('leaves out an audience where none may be given', () => {
    const basic = { ...authority, auth: { method: 'client_secret_basic', ...own, audience: null } };
    expect(authorityRegistration.safeParse(basic).success).toBe(true);
  });

  it('is taken in the registration that an order carries, and in the body of a request', () => {
    const order = { command: 'register-partner', partner: { ...partner, regime: null } };
    expect(operateRequest.parse(order)).toEqual({ ...order, partner: { ...partner, regime: undefined } });
    const requestContext = {
      authorizer: { iam: { userArn: 'arn', userId: 'id' } },
      http: { method: 'POST' },
    };
    expect(urlEvent.parse({ requestContext, body: null, isBase64Encoded: null })).toEqual({
      requestContext,
      body: undefined,
      isBase64Encoded: false,
    });
  });
});

/** A string of a schema that nothing bounds; a pattern of ours that has no `+` and no `*` is a bound. */
function unbounded(schema: z.ZodType): readonly string[] {
  const isBounded = (form: Form): boolean =>
    form.maxLength !== undefined ||
    (form.pattern !== undefined && !/(?<!\\)[+*](?!\/)/.test(form.pattern.replaceAll(/\[[^\]]*\]/g, '')));
  const leaves = membersOf(schema).flatMap(({ path, form }) => [
    [path, form] as const,
    ...(form.items && !form.items.properties ? [[`${path}[]`, form.items] as const] : []),
  ]);
  return leaves.flatMap(([path, form]) =>
    form.type === 'string' && form.const === undefined && !form.enum && !isBounded(form) ? [path] : [],
  );
}

describe('every string of what comes in and goes out', () => {
  const schemas: readonly (readonly [string, z.ZodType])[] = [
    ...Object.entries(eventsOut),
    ['operateAnswer', operateAnswer],
    ['urlEvent', urlEvent],
    ['planMessage', planMessage],
    ['obligationMessage', obligationMessage],
    ['rotationRequest', rotationRequest],
  ];

  it.each(['id', 'source', 'account', 'time', 'detail-type'])(
    'has a maximum length: %s of an envelope',
    (name) => {
      const given = { id: 'a', source: 'b', account: 'c', time: 'd', 'detail-type': 'e', detail: {} };
      expect(envelope.safeParse(given).success).toBe(true);
      expect(envelope.safeParse({ ...given, [name]: 'x'.repeat(70_000) }).success).toBe(false);
    },
  );

  it.each(schemas)('has a maximum length: %s', (_, schema) => {
    expect(unbounded(schema)).toEqual([]);
  });
});
