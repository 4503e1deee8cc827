import type { Sender } from './environment.ts';
import type { Announcement } from './events-in.ts';

/**
 * Says of which partner or authority a sender may not tell what it told; undefined where it may. A parent may be anywhere: what is
 * exchanged for another server's token tells of its own end alone.
 */
export function beyondSender(
  { partners, authorities }: Pick<Sender, 'partners' | 'authorities'>,
  { detail }: Announcement,
): string | undefined {
  if (!('credential' in detail)) {
    const { partner } = detail;
    if (partner === undefined)
      return partners === '*'
        ? undefined
        : 'partner: must be told, because this source speaks for some partners only';
    return within(partners, partner) ? undefined : `partner: ${outside('partners')}`;
  }
  if (!within(partners, detail.credential.partner)) return `credential.partner: ${outside('partners')}`;
  if (!within(authorities, detail.credential.authority))
    return `credential.authority: ${outside('authorities')}`;
  if ('replaces' in detail && !within(authorities, detail.replaces.authority))
    return `replaces.authority: ${outside('authorities')}`;
  return undefined;
}

/** Whether a scope holds an id: `*` holds all. */
export function within(scope: Sender['partners'], id: string): boolean {
  return scope === '*' || scope.includes(id);
}

const outside = (scope: 'partners' | 'authorities'): string =>
  `is none for which this source speaks: add it to "${scope}" of the source in the context key "senders" if it belongs there`;
