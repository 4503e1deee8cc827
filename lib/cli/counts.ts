import type { Tally } from '../domain/case/case.ts';

/** For example `1 credential`, `2 credentials`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The counts of a case, in one line. */
export const tallyText = ({ planned, dead, draining, waived, open, uncovered }: Tally): string =>
  `${counted(planned, 'obligation')} = ${dead} dead + ${draining} draining + ${waived} waived + ${open} open (${uncovered} uncovered)`;
