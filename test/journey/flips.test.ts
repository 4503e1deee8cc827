import { describe, expect, it } from 'vitest';
import type { Act } from '../story/play.ts';
import type { Stage } from '../story/stage.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';
import { type Break, brokenBundle } from './broken-bundle.ts';
import { play } from './play.ts';

/** A claim that cannot fail is worth nothing: each is seen false once, on a world that is broken for it. */
interface Flip {
  readonly claim: string;
  readonly world: string;
  readonly acts: readonly Act[];
  readonly breaks?: Partial<Record<FunctionName, readonly Break[]>>;
  readonly onStage?: (stage: Stage) => Promise<void>;
  /** Claims that stay true beside it: the one that failed is the one that saw it. */
  readonly stillTrue: readonly string[];
}

const connector = 'lib/connectors/oauth/oauth-connector.ts';
const skipsRevoke: Break = {
  file: connector,
  from: 'return outcomeOf(await revokeToken(named.token, named.hint));',
  to: "return { kind: 'accepted' };",
};
/** Sees everything active at first and nothing afterwards, whatever the server says. */
const liesAboutDeath: Break = {
  file: 'lib/flows/work/attempt-group.ts',
  from: 'trial.after = await connector.probe(target);',
  to: "trial.after = [{ vantage: 'introspection', answer: 'inactive', because: 'inactive', at: deps.now() }];",
};
const plansOther = (consent: string): Break => ({
  file: 'lib/aws/dynamodb/readers/registry.ts',
  from: 'const { pk } = registryKeys.consent(node.id, node.generation);',
  to: `const { pk } = registryKeys.consent('${consent}', node.generation);`,
});

const flips: readonly Flip[] = [
  {
    claim: 'refresh-works-before',
    acts: ['withdrawal'],
    world: 'a server whose token endpoint is down',
    onStage: ({ authority }) => authority.behave('token', 'http-503'),
    stillTrue: ['introspect-active-before', 'introspect-inactive-after', 'case-1-open', 'ledger-one-to-one'],
  },
  {
    claim: 'introspect-active-before',
    acts: ['withdrawal'],
    world: 'a server whose introspection answers nonsense',
    onStage: ({ authority }) => authority.behave('introspection', 'not-json'),
    stillTrue: ['refresh-works-before', 'refresh-refused-after', 'ledger-one-to-one'],
  },
  {
    claim: 'refresh-refused-after',
    acts: ['withdrawal'],
    world: 'a connector that skips the revoke and says that it saw death',
    breaks: { 'work-obligations': [skipsRevoke, liesAboutDeath] },
    stillTrue: [
      'refresh-works-before',
      'consent-2-alive',
      'consent-3-alive',
      'case-1-open',
      'ledger-one-to-one',
    ],
  },
  {
    claim: 'introspect-inactive-after',
    acts: ['withdrawal'],
    world: 'a connector that skips the revoke: the proof does not come, the case stays open',
    breaks: { 'work-obligations': [skipsRevoke] },
    stillTrue: ['refresh-works-before', 'consent-2-alive', 'consent-3-alive', 'ledger-one-to-one'],
  },
  {
    claim: 'introspect-inactive-after',
    acts: ['withdrawal'],
    world: 'an authority that answers 200 to revocation and does nothing',
    onStage: ({ authority }) => authority.behave('revocation', 'lie-200'),
    stillTrue: ['refresh-works-before', 'consent-2-alive', 'consent-3-alive', 'ledger-one-to-one'],
  },
  ...(['consent-2', 'consent-3'] as const).map((consent): Flip => ({
    claim: `${consent}-alive`,
    acts: ['withdrawal'],
    world: `a plan that reaches over to ${consent}`,
    breaks: { 'plan-case': [plansOther(consent)] },
    stillTrue: ['refresh-works-before', 'introspect-active-before', 'ledger-one-to-one'],
  })),
  {
    claim: 'exchanged-inactive-after',
    acts: ['withdrawal'],
    world: 'a plan that does not list what grew out of a credential',
    breaks: {
      'plan-case': [
        {
          file: 'lib/aws/dynamodb/readers/registry.ts',
          from: "return { pk: registryKeys.credential(refOf(node)).pk, prefix: 'edge#' };",
          to: "return { pk: registryKeys.credential(refOf(node)).pk, prefix: 'nothing#' };",
        },
      ],
    },
    stillTrue: [
      'refresh-refused-after',
      'introspect-inactive-after',
      'uncovered-named',
      'case-1-open',
      'ledger-one-to-one',
    ],
  },
  {
    claim: 'exchanged-inactive-after',
    acts: ['withdrawal'],
    world: 'an aggregator that answers 200 to revocation and does nothing',
    onStage: ({ aggregator }) => aggregator.authority.behave('revocation', 'lie-200'),
    stillTrue: ['refresh-refused-after', 'introspect-inactive-after', 'uncovered-named', 'ledger-one-to-one'],
  },
  {
    claim: 'uncovered-named',
    acts: ['withdrawal'],
    world: 'a planner that takes everything for covered',
    breaks: {
      'plan-case': [
        {
          file: 'lib/flows/walk/standings.ts',
          from: 'covered: authority !== undefined && covers(authority, credential)',
          to: 'covered: authority === undefined || covers(authority, credential)',
        },
      ],
    },
    stillTrue: [
      'refresh-refused-after',
      'introspect-inactive-after',
      'exchanged-inactive-after',
      'ledger-one-to-one',
    ],
  },
  {
    claim: 'uncovered-named',
    acts: ['withdrawal'],
    world: 'a plan that leaves out what is uncovered',
    breaks: {
      'plan-case': [
        {
          file: 'lib/flows/walk/standings.ts',
          from: "return { kind: 'owed', covered: authority !== undefined && covers(authority, credential) };",
          to: "return authority && covers(authority, credential) ? { kind: 'owed', covered: true } : { kind: 'known' };",
        },
      ],
    },
    stillTrue: [
      'refresh-refused-after',
      'introspect-inactive-after',
      'exchanged-inactive-after',
      'ledger-one-to-one',
    ],
  },
  {
    claim: 'case-1-open',
    acts: ['withdrawal'],
    world: 'a closing that asks for what can be killed alone',
    breaks: {
      'work-obligations': [
        {
          file: 'lib/domain/decisions/case/close.ts',
          from: 'total.open > 0 ||',
          to: 'total.open > total.uncovered ||',
        },
      ],
    },
    stillTrue: [
      'refresh-refused-after',
      'introspect-inactive-after',
      'exchanged-inactive-after',
      'uncovered-named',
      'ledger-one-to-one',
    ],
  },
  {
    claim: 'case-3-closed',
    acts: ['withdrawal', 'second-withdrawal'],
    world: 'a worker that never closes',
    breaks: {
      'work-obligations': [
        {
          file: 'lib/flows/work/work-obligations.ts',
          from: '  for (const id of cases) await closeCase(id, deps);\n',
          to: '',
        },
      ],
    },
    stillTrue: ['introspect-inactive-after', 'exchanged-inactive-after', 'case-1-open', 'ledger-one-to-one'],
  },
  {
    claim: 'case-3-closed',
    acts: ['second-withdrawal'],
    world: 'a connector that skips the revoke and says that it saw death',
    breaks: { 'work-obligations': [skipsRevoke, liesAboutDeath] },
    stillTrue: ['ledger-one-to-one'],
  },
  {
    claim: 'expired-token-refused',
    acts: ['expiry'],
    world: 'a sweep that finds nothing due',
    breaks: {
      'expire-credentials': [
        { file: 'lib/flows/sweeps/due-rows.ts', from: 'turn < dueShards', to: 'turn < 0' },
      ],
    },
    stillTrue: ['other-token-alive', 'ledger-one-to-one'],
  },
  {
    claim: 'other-token-alive',
    acts: ['expiry'],
    world: 'a worker that revokes the wrong token at expiry',
    onStage: async (stage) => {
      // the bank announces the wrong token under the right name: what Rescind kills is the bystander
      const issue = stage.bank.issue.bind(stage.bank);
      let bystander = '';
      Object.assign(stage.bank, {
        issue: (credential: Parameters<typeof issue>[0]) => {
          if (credential.consent === 'consent-3' && credential.kind === 'refresh_token' && bystander === '')
            bystander = credential.token;
          return issue(credential.expiresAt === undefined ? credential : { ...credential, token: bystander });
        },
      });
    },
    stillTrue: ['ledger-one-to-one'],
  },
  {
    claim: 'both-keys-work-in-overlap',
    acts: ['rotation'],
    world: 'a rotation that publishes the new key in place of the old one',
    breaks: {
      'rotate-secret': [
        {
          file: 'lib/flows/rotation/steps/publish-key.ts',
          from: '(known) => withKey(known, key.jwk)',
          to: '() => [key.jwk]',
        },
      ],
    },
    stillTrue: ['new-key-works', 'old-key-refused', 'ledger-one-to-one'],
  },
  {
    claim: 'new-key-works',
    acts: ['rotation'],
    world: 'a retirement that takes every key away',
    breaks: {
      'work-obligations': [
        {
          file: 'lib/connectors/client-keys/client-keys-connector.ts',
          from: 'withoutKeys(keys, [id], tombstone.jwk)',
          to: "withoutKeys(keys, keys.map(({ kid }) => kid ?? ''), tombstone.jwk)",
        },
      ],
    },
    stillTrue: ['both-keys-work-in-overlap', 'ledger-one-to-one'],
  },
  {
    claim: 'old-key-refused',
    acts: ['rotation'],
    world: 'a sweep that never retires',
    breaks: {
      'rotate-due': [
        {
          file: 'lib/flows/rotation/rotate-due.ts',
          from: 'return retire(at, deps);',
          to: 'return Promise.resolve();',
        },
      ],
    },
    stillTrue: ['both-keys-work-in-overlap', 'new-key-works', 'ledger-one-to-one'],
  },
  {
    claim: 'suspended-is-held',
    acts: ['hold', 'cut-off'],
    world: 'a door that writes holds that hold nothing',
    breaks: {
      operate: [
        {
          file: 'lib/flows/operate/holds.ts',
          from: "state: 'held', reason, by",
          to: "state: 'lifted', reason, by",
        },
      ],
    },
    stillTrue: ['partner-cut-off', 'bystander-alive'],
  },
  {
    claim: 'one-person-cannot-reinstate',
    acts: ['hold'],
    world: 'a door that takes one person for two, and a database that is not asked',
    breaks: {
      operate: [
        {
          file: 'lib/domain/decisions/operate/two-people.ts',
          from: 'if (good && found.approval.by !== by)',
          to: 'if (good)',
        },
        { file: 'lib/aws/dynamodb/writes/operator.ts', from: ' AND #by <> :user', to: '' },
      ],
    },
    stillTrue: ['suspended-is-held', 'ledger-one-to-one'],
  },
  {
    claim: 'reinstated-by-two',
    acts: ['hold'],
    world: 'a door that takes each person for the first',
    breaks: {
      operate: [
        {
          file: 'lib/flows/operate/holds.ts',
          from: 'digest: sha256(what), by',
          to: 'digest: sha256(what + by), by',
        },
      ],
    },
    stillTrue: ['suspended-is-held', 'one-person-cannot-reinstate', 'ledger-one-to-one'],
  },
  {
    claim: 'partner-cut-off',
    acts: ['cut-off'],
    world: 'a plan that walks one shard of a partner alone',
    breaks: {
      'plan-case': [
        {
          file: 'lib/aws/dynamodb/readers/registry.ts',
          from: 'shard < partnerShards; shard += 1',
          to: 'shard < 1; shard += 1',
        },
      ],
    },
    stillTrue: ['bystander-alive', 'ledger-one-to-one'],
  },
  {
    claim: 'bystander-alive',
    acts: ['cut-off'],
    world: 'a plan that reaches over to birch',
    breaks: {
      'plan-case': [
        {
          file: 'lib/aws/dynamodb/readers/registry.ts',
          from: 'registryKeys.partnerEdges(partner, shard)',
          to: "registryKeys.partnerEdges('birch', shard)",
        },
      ],
    },
    stillTrue: ['ledger-one-to-one'],
  },
  {
    claim: 'ledger-verifies',
    acts: ['withdrawal', 'ledger'],
    world: 'a sealer that finds nothing to seal',
    breaks: {
      'seal-ledger': [
        { file: 'lib/flows/sweeps/seal-ledger.ts', from: 'shard < pendingShards', to: 'shard < 0' },
      ],
    },
    stillTrue: ['refresh-refused-after', 'case-1-open', 'ledger-one-to-one'],
  },
  {
    claim: 'ledger-verifies',
    acts: ['withdrawal', 'ledger'],
    world: 'a sealer that seals another body than the one that stands',
    breaks: {
      'seal-ledger': [
        {
          file: 'lib/flows/sweeps/seal-ledger.ts',
          from: 'leaf: treeHashing.leaf(body)',
          to: "leaf: treeHashing.leaf(body + ' ')",
        },
      ],
    },
    stillTrue: ['refresh-refused-after', 'case-1-open', 'ledger-one-to-one'],
  },
  {
    claim: 'tampered-ledger-named',
    acts: ['withdrawal', 'ledger'],
    world: 'a table that nobody can tamper with: the check sees that nothing was found',
    onStage: async ({ world }) => {
      world.gateway.use(async (call, next) =>
        call.caller.name === 'auditor' && call.operation === 'PutItem' ? {} : next(),
      );
    },
    stillTrue: ['refresh-refused-after', 'case-1-open', 'ledger-one-to-one', 'ledger-verifies'],
  },
  {
    claim: 'ledger-one-to-one',
    acts: ['withdrawal'],
    world: 'a worker whose entries are lost',
    breaks: {
      'work-obligations': [
        {
          file: 'lib/aws/dynamodb/writes.ts',
          from: 'return appendEntry(write, tables.ledger);',
          to: 'return [];',
        },
      ],
    },
    stillTrue: [
      'refresh-refused-after',
      'introspect-inactive-after',
      'consent-2-alive',
      'consent-3-alive',
      'case-1-open',
    ],
  },
  {
    claim: 'ledger-one-to-one',
    acts: ['withdrawal'],
    world: 'an intake whose entries name a change that was not made',
    breaks: {
      'take-signal': [
        {
          file: 'lib/domain/transaction/stamp.ts',
          from: 'changes: changesOf(writes),',
          to: "changes: [...changesOf(writes), { item: 'fence/consent/other', from: null, to: '1' }],",
        },
      ],
    },
    stillTrue: ['refresh-refused-after', 'introspect-inactive-after', 'case-1-open'],
  },
];

describe('the story', () => {
  it.each(flips)('sees $claim fail with $world', async ({ claim, acts, breaks = {}, onStage, stillTrue }) => {
    const bundles: Partial<Record<FunctionName, string>> = {};
    for (const [name, list] of Object.entries(breaks))
      bundles[name as FunctionName] = await brokenBundle(name as FunctionName, ...list);
    const { summary, exitCode } = await play({
      acts,
      bundles,
      patienceMs: 1_000,
      ...(onStage && { onStage }),
    });
    const claims = new Map(summary?.claims.map(({ claim: name, ok }) => [name, ok]));
    expect(claims.get(claim)).toBe(false);
    for (const other of stillTrue) expect([other, claims.get(other)]).toEqual([other, true]);
    expect(summary?.ok).toBe(false);
    expect(exitCode).toBe(1);
  });
});
