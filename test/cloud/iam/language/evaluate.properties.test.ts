import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Decision, type Policies } from './evaluate.ts';
import type { Statement } from './policy.ts';
import { account, role, roleArn, service, statementsOf, user } from './statements.ts';

const names = ['plans', 'obligations'];
const queues = names.map((name) => `arn:aws:sqs:eu-west-1:${account}:${name}`);
const actions = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'kms:Decrypt'];
const sources = [`arn:aws:events:eu-west-1:${account}:rule/a`, `arn:aws:events:eu-west-1:${account}:rule/b`];

const oneOf = <Value>(...values: readonly Value[]) => fc.constantFrom(...values);
const patterns = (...values: readonly string[]) =>
  fc.uniqueArray(oneOf(...values), { minLength: 1, maxLength: 2 });

const condition = oneOf(
  {},
  { ArnEquals: { 'aws:SourceArn': sources[0] } },
  { StringNotEquals: { 'aws:SourceArn': sources[0] } },
  { Null: { 'aws:SourceArn': 'true' } },
  { StringLikeIfExists: { 'aws:SourceArn': '*rule/b' } },
);
const principal = oneOf<unknown>(
  '*',
  { AWS: `arn:aws:iam::${account}:root` },
  { AWS: [roleArn] },
  { AWS: [role.session, `arn:aws:iam::${account}:user/ada`] },
  { Service: 'events.amazonaws.com' },
);
const statement = fc
  .record({
    Effect: oneOf('Allow', 'Allow', 'Deny'),
    action: fc.tuple(oneOf('Action', 'Action', 'NotAction'), patterns(...actions, 'sqs:*', '*', 'kms:*')),
    resource: fc.tuple(
      oneOf('Resource', 'Resource', 'NotResource'),
      patterns(...queues, '*', `${queues[0]}*`),
    ),
    Condition: condition,
  })
  .map(({ Effect, action, resource, Condition }) => ({
    Effect,
    [action[0]]: action[1],
    [resource[0]]: resource[1],
    Condition,
  }));
const withPrincipal = fc.tuple(statement, principal).map(([one, Principal]) => ({ ...one, Principal }));

const policies = fc
  .record({
    identity: fc.array(statement, { maxLength: 5 }),
    resource: fc.array(withPrincipal, { maxLength: 5 }),
    delegation: oneOf('account' as const, 'key-policy' as const),
  })
  .map(({ identity, resource, delegation }) => ({
    identity: statementsOf('Identity', 'identity', ...identity),
    resource: statementsOf('Resource', 'resource', ...resource),
    delegation,
  }));
const request = fc.record({
  principal: oneOf(role, user, service('events')),
  action: oneOf(...actions),
  resource: oneOf(...queues),
  context: oneOf(new Map<string, string>(), new Map([['aws:SourceArn', sources[0] ?? '']])),
});

/** What decides, without the ids and their order. */
const verdict = (decision: Decision) =>
  decision.allowed ? 'allowed' : `${decision.because} ${decision.sort}`;
const without = (list: readonly Statement[], at: number) => list.filter((_, index) => index !== at);
const isDeny = ({ effect }: Statement) => effect === 'Deny';
const allowsOnly = (list: readonly Statement[]) => list.filter((one) => !isDeny(one));

describe('decide', () => {
  it('reaches every verdict with these policies: the properties below are not about nothing', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(request, policies, (asked, all) => void seen.add(verdict(decide(asked, all)))),
      { numRuns: 2_000 },
    );
    expect([...seen].toSorted()).toEqual([
      'allowed',
      'explicit-deny identity-based',
      'explicit-deny resource-based',
      'no-allow identity-based',
      'no-allow resource-based',
    ]);
  });

  it('always refuses what an explicit Deny is about, whatever else is there', () => {
    const everything = { Effect: 'Deny', Action: '*', Resource: '*' };
    const more = (all: Policies) => [
      { ...all, identity: [...all.identity, ...statementsOf('Last', 'identity', everything)] },
      {
        ...all,
        resource: [...all.resource, ...statementsOf('Last', 'resource', { ...everything, Principal: '*' })],
      },
    ];
    fc.assert(
      fc.property(request, policies, (asked, all) => {
        for (const denying of more(all)) expect(verdict(decide(asked, denying))).toMatch(/^explicit-deny/);
      }),
    );
  });

  it('never minds the order of statements', () => {
    fc.assert(
      fc.property(request, policies, (asked, { identity, resource, delegation }) => {
        const turned = { identity: identity.toReversed(), resource: resource.toReversed(), delegation };
        expect(verdict(decide(asked, turned))).toBe(
          verdict(decide(asked, { identity, resource, delegation })),
        );
      }),
    );
  });

  it('never allows more without an Allow, nor less without a Deny', () => {
    fc.assert(
      fc.property(request, policies, fc.nat(4), (asked, all, at) => {
        const before = decide(asked, all).allowed;
        const broken = (['identity', 'resource'] as const).filter((side) => {
          const gone = all[side][at];
          const after = decide(asked, { ...all, [side]: without(all[side], at) }).allowed;
          return gone && after !== before && after !== isDeny(gone);
        });
        expect(broken).toEqual([]);
      }),
    );
  });

  it('names only statements that are there, and those alone are enough', () => {
    fc.assert(
      fc.property(request, policies, (asked, all) => {
        const decision = decide(asked, all);
        const by = decision.allowed || decision.because === 'explicit-deny' ? decision.by : [];
        const named = (list: readonly Statement[]) => list.filter(({ id }) => by.includes(id));
        expect(named([...all.identity, ...all.resource])).toHaveLength(by.length);
        const alone = { ...all, identity: named(all.identity), resource: named(all.resource) };
        expect(verdict(decide(asked, by.length > 0 ? alone : all))).toBe(verdict(decision));
      }),
    );
  });

  it('lets a key policy only take away from what the account allows', () => {
    fc.assert(
      fc.property(request, policies, (asked, all) => {
        const identity = allowsOnly(all.identity);
        const strict = decide(asked, { ...all, identity, delegation: 'key-policy' }).allowed;
        const loose = decide(asked, { ...all, identity, delegation: 'account' }).allowed;
        expect(strict && !loose).toBe(false);
      }),
    );
  });
});
