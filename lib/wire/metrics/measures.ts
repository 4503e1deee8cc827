/** The namespace of every metric of ours in CloudWatch. Each has the dimension `stage`, and at most one more. */
export const namespace = 'Rescind';

export interface MeasureFacts {
  readonly unit: 'Count' | 'Seconds';
  /** The dimension beside `stage`: never one with many values, which are paid for one by one. @default none */
  readonly by?: 'regime' | 'code' | 'outcome';
}

/** Every metric that a function tells, once. */
export const measures = {
  /** Announcements that were recorded; one that was told before counts once. */
  AnnouncementsTaken: { unit: 'Count' },
  /** Announcements that were put aside, by the code of the reason; each delivery counts. */
  AnnouncementsRejected: { unit: 'Count', by: 'code' },
  /** Messages that a function could not handle: each comes again. */
  RecordsFailed: { unit: 'Count' },
  /** Fences that were raised over a consent or a partner: effects. */
  FencesRaised: { unit: 'Count' },
  /** Attempts at a credential, by what came of them: accepted, already-gone, unconfirmed, refused. */
  Attempts: { unit: 'Count', by: 'outcome' },
  /** Credentials that are proven dead since. */
  CredentialsProvenDead: { unit: 'Count' },
  /** Rotations that promoted a new secret. */
  SecretsRotated: { unit: 'Count' },
  /** Events that the bus took. */
  EventsSent: { unit: 'Count' },
  /** Cases that are not closed. */
  OpenCases: { unit: 'Count' },
  /** Credentials that should be dead and are not proven so: open and draining. */
  AliveCredentials: { unit: 'Count' },
  /** Credentials among them that no connector can kill. */
  UncoveredCredentials: { unit: 'Count' },
  /** Obligations that nobody came to work on. */
  OverdueObligations: { unit: 'Count' },
  /** Authorities that hold credentials to revoke and do not answer: calls to them are paused. */
  FailingAuthorities: { unit: 'Count' },
  /** Events that the bus does not have yet. */
  WaitingEvents: { unit: 'Count' },
  /** Ledger entries without a seal. */
  UnsealedEntries: { unit: 'Count' },
  /** How long the oldest of them waits; 0 where none does. */
  OldestUnsealedSeconds: { unit: 'Seconds' },
  /** Age of the last checkpoint; not told before the first one. */
  CheckpointAgeSeconds: { unit: 'Seconds' },
  /** 1 where everything above was counted to its end, 0 where it is a lower bound. */
  CountedAll: { unit: 'Count' },
  /** How long the oldest open case of a regime has been open; 0 where none is. */
  OldestOpenSeconds: { unit: 'Seconds', by: 'regime' },
  /** Open cases that took longer than the target of their regime. */
  OverTarget: { unit: 'Count', by: 'regime' },
} as const satisfies Readonly<Record<string, MeasureFacts>>;

export type MeasureName = keyof typeof measures;

/** The value of the dimension of a metric, where it has one. */
export type ByOf<Name extends MeasureName> = (typeof measures)[Name] extends { readonly by: string }
  ? readonly [by: string]
  : readonly [];
