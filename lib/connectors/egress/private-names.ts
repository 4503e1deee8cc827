/**
 * Ends of names that the public DNS does not have: set aside (RFC 6761 localhost and invalid, RFC 6762 local, RFC 7686
 * onion, RFC 8375 home.arpa, RFC 9476 alt, ICANN's internal), or in use inside networks and never delegated. What
 * answers to one is the network's own, such as `metadata.google.internal`.
 */
const endings = [
  'alt',
  'corp',
  'home',
  'home.arpa',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'onion',
  'private',
] as const;

/** Whether a host name means something inside a network only; a single label does by the network's search list. */
export function isPrivateName(hostname: string): boolean {
  return !hostname.includes('.') || endings.some((ending) => `.${hostname}`.endsWith(`.${ending}`));
}
