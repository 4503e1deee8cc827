import type { PartnerId } from '../ids.ts';

/** A third party with API access, as the operator registered it. */
export interface Partner {
  readonly id: PartnerId;
  readonly name: string;
  /** The registrar's number; the highest wins. */
  readonly revision: number;
  /** Whose targets hold for it; absent: those of `default`. */
  readonly regime?: string | undefined;
}
