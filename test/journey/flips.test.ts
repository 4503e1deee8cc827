import { describe, expect, it } from 'vitest';
import type { Stage } from '../../lib/local/story/stage.ts';
import type { FunctionName } from '../../lib/wire/environment.ts';
import { type Break, brokenBundle } from './broken-bundle.ts';
import { play } from './play.ts';

/** A claim that cannot fail is worth nothing: each is seen false once, on a world that is broken for it. */
interface Flip {
  readonly claim: string;
  readonly world: string;
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
  file: 'lib/flows/attempt-group.ts',
  from: 'trial.after = await connector.probe(target);',
  to: "trial.after = [{ vantage: 'introspection', answer: 'inactive', because: 'inactive', at: deps.now() }];",
};
const plansOther = (consent: string): Break => ({
  file: 'lib/aws/dynamodb/registry.ts',
  from: 'const { pk } = registryKeys.consent(node.id, node.generation);',
  to: `const { pk } = registryKeys.consent('${consent}', node.generation);`,
});

const flips: readonly Flip[] = [
  {
    claim: 'refresh-works-before',
    world: 'a server whose token endpoint is down',
    onStage: ({ authority }) => authority.behave('token', 'http-503'),
    stillTrue: ['introspect-active-before', 'introspect-inactive-after', 'case-closed', 'ledger-one-to-one'],
  },
  {
    claim: 'introspect-active-before',
    world: 'a server whose introspection answers nonsense',
    onStage: ({ authority }) => authority.behave('introspection', 'not-json'),
    stillTrue: ['refresh-works-before', 'refresh-refused-after', 'ledger-one-to-one'],
  },
  {
    claim: 'refresh-refused-after',
    world: 'a connector that skips the revoke and says that it saw death',
    breaks: { 'work-obligations': [skipsRevoke, liesAboutDeath] },
    stillTrue: [
      'refresh-works-before',
      'consent-2-alive',
      'consent-3-alive',
      'case-closed',
      'ledger-one-to-one',
    ],
  },
  {
    claim: 'introspect-inactive-after',
    world: 'a connector that skips the revoke: the proof does not come, the case stays open',
    breaks: { 'work-obligations': [skipsRevoke] },
    stillTrue: ['refresh-works-before', 'consent-2-alive', 'consent-3-alive', 'ledger-one-to-one'],
  },
  {
    claim: 'introspect-inactive-after',
    world: 'an authority that answers 200 to revocation and does nothing',
    onStage: ({ authority }) => authority.behave('revocation', 'lie-200'),
    stillTrue: ['refresh-works-before', 'consent-2-alive', 'consent-3-alive', 'ledger-one-to-one'],
  },
  ...(['consent-2', 'consent-3'] as const).map((consent): Flip => ({
    claim: `${consent}-alive`,
    world: `a plan that reaches over to ${consent}`,
    breaks: { 'plan-case': [plansOther(consent)] },
    stillTrue: ['refresh-works-before', 'introspect-active-before', 'ledger-one-to-one'],
  })),
  {
    claim: 'case-closed',
    world: 'a worker that never closes',
    breaks: {
      'work-obligations': [
        {
          file: 'lib/flows/work-obligations.ts',
          from: '  await closeCase(chunk.case, deps);\n',
          to: '',
        },
      ],
    },
    stillTrue: ['refresh-refused-after', 'introspect-inactive-after', 'ledger-one-to-one'],
  },
  {
    claim: 'expired-token-refused',
    world: 'a sweep that finds nothing due',
    breaks: {
      'expire-credentials': [
        { file: 'lib/flows/expire-credentials.ts', from: 'shard < dueShards', to: 'shard < 0' },
      ],
    },
    stillTrue: ['refresh-refused-after', 'case-closed', 'other-token-alive', 'ledger-one-to-one'],
  },
  {
    claim: 'other-token-alive',
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
    stillTrue: ['refresh-refused-after', 'case-closed', 'ledger-one-to-one'],
  },
  {
    claim: 'ledger-verifies',
    world: 'a sealer that finds nothing to seal',
    breaks: {
      'seal-ledger': [{ file: 'lib/flows/seal-ledger.ts', from: 'shard < pendingShards', to: 'shard < 0' }],
    },
    stillTrue: ['refresh-refused-after', 'case-closed', 'expired-token-refused', 'ledger-one-to-one'],
  },
  {
    claim: 'ledger-verifies',
    world: 'a sealer that seals another body than the one that stands',
    breaks: {
      'seal-ledger': [
        {
          file: 'lib/flows/seal-ledger.ts',
          from: 'leaf: treeHashing.leaf(body)',
          to: "leaf: treeHashing.leaf(body + ' ')",
        },
      ],
    },
    stillTrue: ['refresh-refused-after', 'case-closed', 'ledger-one-to-one'],
  },
  {
    claim: 'tampered-ledger-named',
    world: 'a table that nobody can tamper with: the check sees that nothing was found',
    onStage: async ({ world }) => {
      world.gateway.use(async (call, next) =>
        call.caller.name === 'auditor' && call.operation === 'PutItem' ? {} : next(),
      );
    },
    stillTrue: ['refresh-refused-after', 'case-closed', 'ledger-one-to-one', 'ledger-verifies'],
  },
  {
    claim: 'ledger-one-to-one',
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
      'case-closed',
    ],
  },
  {
    claim: 'ledger-one-to-one',
    world: 'an intake whose entries name a change that was not made',
    breaks: {
      'take-signal': [
        {
          file: 'lib/domain/decisions/stamp.ts',
          from: 'changes: changesOf(writes),',
          to: "changes: [...changesOf(writes), { item: 'fence/consent/other', from: null, to: '1' }],",
        },
      ],
    },
    stillTrue: ['refresh-refused-after', 'introspect-inactive-after', 'case-closed'],
  },
];

describe('the story', () => {
  it.each(flips)('sees $claim fail with $world', async ({ claim, breaks = {}, onStage, stillTrue }) => {
    const bundles: Partial<Record<FunctionName, string>> = {};
    for (const [name, list] of Object.entries(breaks))
      bundles[name as FunctionName] = await brokenBundle(name as FunctionName, ...list);
    const { summary, exitCode } = await play({ bundles, patienceMs: 1_000, ...(onStage && { onStage }) });
    const claims = new Map(summary?.claims.map(({ claim: name, ok }) => [name, ok]));
    expect(claims.get(claim)).toBe(false);
    for (const other of stillTrue) expect([other, claims.get(other)]).toEqual([other, true]);
    expect(summary?.ok).toBe(false);
    expect(exitCode).toBe(1);
  });
});
