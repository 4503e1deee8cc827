import type { RotationStamp } from '../../domain/decisions/rotation/rotate.ts';
import { type Recorder, rfc3339, stampOf } from '../flow.ts';

/** Returns the stamp of a transaction about a rotation. */
export function rotationStamp(recorder: Pick<Recorder, 'now' | 'newId'>): RotationStamp {
  const stamp = stampOf(recorder);
  return { ...stamp, later: (ms) => rfc3339(stamp.now + ms) };
}
