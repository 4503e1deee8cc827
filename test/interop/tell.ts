import type { RevokeOutcome } from '../../lib/connectors/connector.ts';
import type { Judgement } from '../../lib/domain/decisions/proof/judge.ts';

/** `accepted`, or `refused` with its reason. */
export const tellOutcome = (outcome: RevokeOutcome): string =>
  'because' in outcome ? `\`${outcome.kind}\` (\`${outcome.because}\`)` : `\`${outcome.kind}\``;

/** What the product concludes, and by which control. */
export function tellProof({ verdict, proof }: Judgement): string {
  const by = proof?.kind === 'refused' ? ` by \`${proof.control}\`` : '';
  return `judged \`${verdict}\`${by}`;
}

/** A list as a sentence has it. */
export const tellList = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? 'nothing') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
