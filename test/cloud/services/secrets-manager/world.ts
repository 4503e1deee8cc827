import type { Clock } from '../../clock.ts';

/** What a rotation function is told (User Guide, "Rotation by Lambda function"). */
export interface RotationEvent {
  /** As AWS's own templates spell it, which is what is on the wire; the User Guide prints `create_secret` and so on. */
  readonly Step: RotationStep;
  /** The ARN. */
  readonly SecretId: string;
  readonly ClientRequestToken: string;
}

export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

/** Runs a rotation function once, to its end. A rejection counts as a failed step. */
export type InvokeRotation = (functionArn: string, event: RotationEvent) => Promise<{ readonly ok: boolean }>;

/** What the operations share. */
export interface SecretsWorld {
  readonly clock: Clock;
  readonly account: string;
  readonly region: string;
  /** Fresh ids for versions that come without one: UUIDs. */
  readonly newId: () => string;
  /** Without it no secret can be rotated. */
  readonly invoke?: InvokeRotation;
  /** Whether the function's policy lets Secrets Manager invoke it for this secret. @default it does */
  readonly mayInvoke?: (functionArn: string, secretArn: string) => boolean;
}
