/** One run of a schedule, at one attempt. */
export interface Run {
  /** Name of the schedule. */
  readonly name: string;
  /** ARN of the schedule. */
  readonly arn: string;
  /** Milliseconds of the world's clock. */
  readonly scheduledAt: number;
  readonly executionId: string;
  /** From 1. */
  readonly attempt: number;
}

/**
 * What the target gets: the schedule's input with its context attributes filled in, parsed where it is JSON, or AWS's
 * default event (EventBridge Scheduler User Guide, "Adding context attributes").
 */
export function renderInput(input: string | undefined, run: Run): unknown {
  if (input === undefined) return scheduledEvent(run);
  const attributes = {
    '<aws.scheduler.schedule-arn>': run.arn,
    '<aws.scheduler.scheduled-time>': seconds(run.scheduledAt),
    '<aws.scheduler.execution-id>': run.executionId,
    '<aws.scheduler.attempt-number>': String(run.attempt),
  };
  const text = Object.entries(attributes).reduce((all, [name, value]) => all.replaceAll(name, value), input);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// arn:aws:scheduler:<region>:<account>:schedule/<group>/<name>; `detail` is text here, not an object, as on AWS
function scheduledEvent(run: Run): object {
  const [, , , region, account] = run.arn.split(':');
  return {
    version: '0',
    id: run.executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account,
    time: seconds(run.scheduledAt),
    region,
    resources: [run.arn],
    detail: '{}',
  };
}

function seconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
