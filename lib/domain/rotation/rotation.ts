import type { ClientId, CredentialId } from '../ids.ts';

/**
 * The state of a client's rotation. `resting`: there is one key. `begun`: the intent is stored. `created`: the new key is stored.
 * `published`: both keys are registered at the authority. `tested`: the authority accepted the new key. `overlap`: the new key is
 * promoted and the old one is still valid. `retiring`: the old key is an obligation.
 */
export type RotationState = 'resting' | 'begun' | 'created' | 'published' | 'tested' | 'overlap' | 'retiring';

/** The states that may follow each state. A rotation whose partner is cut off is abandoned: it moves to `resting`. */
export const rotationTransitions = {
  resting: ['begun'],
  begun: ['created', 'resting'],
  created: ['published', 'resting'],
  published: ['tested', 'resting'],
  tested: ['overlap', 'resting'],
  overlap: ['retiring'],
  retiring: ['resting'],
} as const satisfies Record<RotationState, readonly RotationState[]>;

/** The single rotation row of a client: the intent, which is stored before any call is made. */
export interface Rotation {
  readonly client: ClientId;
  /** Number of the client's latest rotation; 0 before the first. The token for Secrets Manager is made from it. */
  readonly number: number;
  readonly state: RotationState;
  /** `kid` of the promoted key. */
  readonly current: CredentialId;
  /** `kid` of the other key: the new one before the promotion, the old one after it. */
  readonly other?: CredentialId | undefined;
  /** RFC 3339. From this time on `rotate-due` looks at the rotation. */
  readonly dueAt: string;
}
