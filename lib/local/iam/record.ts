import type { AccessRequest, Decision } from './evaluate.ts';
import { matchesAction } from './match.ts';
import type { Statement } from './policy.ts';
import { nameOf } from './principal.ts';

/** What one statement did. */
export interface Proof {
  readonly id: string;
  readonly effect: Statement['effect'];
  /** Patterns of what it is about. */
  readonly resources: readonly string[];
  /** Calls that it allowed, or denied. */
  readonly calls: number;
  /** Who asked for what, each once: `<action> on <resource> by <principal>`. */
  readonly uses: readonly string[];
  /** Actions that it names and that nobody needed. */
  readonly idle: readonly string[];
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
      { statement, calls: 0, uses: new Set<string>(), actions: new Set<string>() },
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
        row.actions.add(action);
        row.uses.add(`${action} on ${resource} by ${nameOf(principal)}`);
      }
    },
    report: () => {
      const proofs = [...rows.values()].map(({ statement, calls, uses, actions }) => ({
        id: statement.id,
        effect: statement.effect,
        resources: statement.resources.patterns,
        calls,
        uses: [...uses].toSorted(),
        idle: idleOf(statement, actions),
      }));
      return {
        proven: proofs.filter(({ calls }) => calls > 0),
        notProven: proofs.filter(({ calls }) => calls === 0),
      };
    },
  };
}

function idleOf({ actions }: Statement, needed: ReadonlySet<string>): readonly string[] {
  if (actions.kind === 'all-but') return [];
  return actions.patterns.filter((pattern) => ![...needed].some((action) => matchesAction(pattern, action)));
}
