import type { Write } from '../../domain/transaction/write.ts';
import type { MeasureName } from './measures.ts';

/** The facts of a transaction that are told as numbers. */
export type Fact = Extract<
  MeasureName,
  'AnnouncementsTaken' | 'FencesRaised' | 'CredentialsProvenDead' | 'SecretsRotated'
>;

/** What a committed transaction made true, counted: from its writes, so that no decision can forget to tell. */
export function countFacts(writes: readonly Write[]): ReadonlyMap<Fact, number> {
  const counts = new Map<Fact, number>();
  for (const write of writes) {
    const fact = factOf(write);
    if (fact) counts.set(fact, (counts.get(fact) ?? 0) + 1);
  }
  return counts;
}

function factOf(write: Write): Fact | undefined {
  if (write.kind === 'see-signal') return 'AnnouncementsTaken';
  if (write.kind === 'raise-fence') return 'FencesRaised';
  if (write.kind === 'move-credential' && write.to === 'dead') return 'CredentialsProvenDead';
  if (write.kind === 'append-entry' && write.entry.kind === 'rotated') return 'SecretsRotated';
  return undefined;
}
