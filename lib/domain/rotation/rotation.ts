import type { ClientId, CredentialId } from '../ids.ts';

/**
 * Where a client's rotation stands: `created` the new key is stored, `published` the authority was told both, `tested` the
 * new one was accepted there, `overlap` the new one is promoted and the old one still works, `retiring` the old one is an
 * obligation.
 */
export type RotationState = 'resting' | 'begun' | 'created' | 'published' | 'tested' | 'overlap' | 'retiring';

/** What may follow what; a rotation that a cut-off overtook is abandoned and rests. */
export const rotationTransitions = {
  resting: ['begun'],
  begun: ['created', 'resting'],
  created: ['published', 'resting'],
  published: ['tested', 'resting'],
  tested: ['overlap', 'resting'],
  overlap: ['retiring'],
  retiring: ['resting'],
} as const satisfies Record<RotationState, readonly RotationState[]>;

/** The one rotation row of a client: the intent that is stored before anything is called. */
export interface Rotation {
  readonly client: ClientId;
  /** Counts the client's rotations; 0: there was none yet. The token of Secrets Manager is made from it. */
  readonly number: number;
  readonly state: RotationState;
  /** `kid` of the key that is promoted. */
  readonly current: CredentialId;
  /** `kid` of the other key: the new one before the promotion, the old one after it. */
  readonly other?: CredentialId | undefined;
  /** RFC 3339; `rotate-due` looks at it from then on. */
  readonly dueAt: string;
}
