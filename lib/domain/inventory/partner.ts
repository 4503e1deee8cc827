import type { PartnerId } from '../ids.ts';

/** A third party with API access, as the operator registered it. */
export interface Partner {
  readonly id: PartnerId;
  readonly name: string;
  /** The operator numbers the registrations; the highest revision wins. */
  readonly revision: number;
  /** The regime whose targets apply to this partner. @default 'default' */
  readonly regime?: string | undefined;
}
