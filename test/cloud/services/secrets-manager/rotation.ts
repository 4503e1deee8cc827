/** When a secret is rotated (Secrets Manager API Reference, "RotationRulesType"). */
export interface RotationRules {
  readonly AutomaticallyAfterDays?: number | undefined;
  readonly ScheduleExpression?: string | undefined;
  /** For example `3h`. */
  readonly Duration?: string | undefined;
}

/** How a secret is rotated. Times are milliseconds of the world's clock. */
export interface Rotation {
  readonly functionArn: string;
  /** As they were asked for; absent where the secret is rotated by hand only. */
  readonly rules: RotationRules | undefined;
  readonly configuredAt: number;
  enabled: boolean;
  /** When the latest rotation ended well. */
  rotatedAt: number | undefined;
}
