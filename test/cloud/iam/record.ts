import type { AccessRequest, Decision } from './language/evaluate.ts';
import { matchesAction, matchesResource } from './language/match.ts';
import type { Statement } from './language/policy.ts';
import { nameOf } from './language/principal.ts';

/** What one statement did. */
export interface Proof {
  readonly id: string;
  readonly effect: Statement['effect'];
  /** Calls that it allowed, or denied. */
  readonly calls: number;
  /** Who asked for what, each once: `<action> on <resource> by <principal>`. */
  readonly uses: readonly string[];
  /** Each action that it names, on each resource, where nobody needed that. */
  readonly idle: readonly Idle[];
}

/** Patterns of one action and one resource: the CDK writes several grants as one statement. */
export interface Idle {
  readonly action: string;
  readonly resource: string;
}

/** Which statements of a template were needed, and which were not. */
export interface ProofReport {
  readonly proven: readonly Proof[];
  readonly notProven: readonly Proof[];
}

type Asked = Pick<AccessRequest, 'principal' | 'action' | 'resource'>;

/** Counts which statements decided which calls, so that a statement that nobody needs can be seen. */
export interface PermissionRecord {
  /** Takes down one decision. Throws for a statement that is not among those it was made with. */
  note(asked: Asked, decision: Decision): void;
  report(): ProofReport;
}

/** A record for these statements; their ids have to differ. */
export function createRecord(statements: readonly Statement[]): PermissionRecord {
  const rows = new Map(
    statements.map((statement) => [
      statement.id,
      {
        statement,
        calls: 0,
        uses: new Set<string>(),
        asked: new Map<string, Pick<Asked, 'action' | 'resource'>>(),
      },
    ]),
  );
  if (rows.size !== statements.length)
    throw new Error('Two statements have one id: a record could not tell which of them was needed.');
  return {
    note: ({ principal, action, resource }, decision) => {
      for (const id of decision.allowed || decision.because === 'explicit-deny' ? decision.by : []) {
        const row = rows.get(id);
        if (!row)
          throw new Error(
            `No statement ${id} is on record. Make the record with every statement that decides.`,
          );
        row.calls += 1;
        row.asked.set(`${action} ${resource}`, { action, resource });
        row.uses.add(`${action} on ${resource} by ${nameOf(principal)}`);
      }
    },
    report: () => {
      const proofs = [...rows.values()].map(({ statement, calls, uses, asked }) => ({
        id: statement.id,
        effect: statement.effect,
        calls,
        uses: [...uses].toSorted(),
        idle: idleOf(statement, [...asked.values()]),
      }));
      return {
        proven: proofs.filter(({ calls }) => calls > 0),
        notProven: proofs.filter(({ calls }) => calls === 0),
      };
    },
  };
}

function idleOf(
  { actions, resources }: Statement,
  needed: readonly Pick<AccessRequest, 'action' | 'resource'>[],
): readonly Idle[] {
  if (actions.kind === 'all-but' || resources.kind === 'all-but') return [];
  const pairs = actions.patterns.flatMap((action) =>
    resources.patterns.map((resource) => ({ action, resource })),
  );
  return pairs.filter(
    (pair) =>
      !needed.some(
        ({ action, resource }) =>
          matchesAction(pair.action, action) && matchesResource(pair.resource, resource),
      ),
  );
}
