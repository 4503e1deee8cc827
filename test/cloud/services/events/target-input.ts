import type { EventEnvelope } from './envelope.ts';
import { isRecord } from './record.ts';
import type { TargetSettings } from './rule-settings.ts';

/** What a target gets: its constant input, a part of the event, or the event. A part that is missing is `null`. */
export function writePayload(
  event: EventEnvelope,
  target: Pick<TargetSettings, 'input' | 'inputPath'>,
): string {
  if (target.input !== undefined) return target.input;
  if (target.inputPath === undefined) return JSON.stringify(event);
  const [, ...names] = target.inputPath.split('.');
  let part: unknown = event;
  for (const name of names) part = isRecord(part) && Object.hasOwn(part, name) ? part[name] : null;
  return JSON.stringify(part);
}
