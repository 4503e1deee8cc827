import { BlockList, isIP } from 'node:net';

/** Says whether one textual IP address is inside; a text that is no plain address is inside nothing. */
export type AddressSet = (address: string) => boolean;

/**
 * IPv4 blocks that are not the public internet (IANA IPv4 Special-Purpose Address Registry, RFC 6890), with
 * multicast, and with the retired 6to4 relay.
 */
const notPublic4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
] as const;

/**
 * IPv6 is the other way round: only global unicast (RFC 4291 section 2.4) is public, so that mapped, compatible,
 * NAT64, unique local, link-local and multicast addresses need no entry.
 */
const global6 = ['2000::/3'] as const;

/** Protocol assignments with Teredo, documentation twice, and 6to4 lie inside global unicast. */
const notPublic6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'] as const;

/**
 * Where nothing serves an authority and a listed host could be led by its own DNS: this host and link-local with the
 * metadata of clouds (AWS has it in IPv6 at fd00:ec2::254), multicast, and IPv4 in the form of IPv6, because
 * a listed IPv6 block would let it through unseen.
 */
const never = [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255',
  '::',
  '::ffff:0:0/96',
  'fd00:ec2::/32',
  'fe80::/10',
  'ff00::/8',
] as const;

const private4 = addressSet(notPublic4);
const unicast6 = addressSet(global6);
const special6 = addressSet(notPublic6);

/** Addresses of the public internet. */
export const isPublicAddress: AddressSet = (address) =>
  isIP(address) === 4 ? !private4(address) : unicast6(address) && !special6(address);

/** Addresses that no rule lets a host have. */
export const isNeverReached: AddressSet = addressSet(never);

/** The addresses in these CIDR blocks (or single addresses); throws `RangeError` for a text that is neither. */
export function addressSet(blocks: readonly string[]): AddressSet {
  // One list per family: BlockList matches an IPv4 address against ::ffff:0:0/96 and the reverse.
  const lists = { 4: new BlockList(), 6: new BlockList() };
  for (const block of blocks) {
    const [network = '', prefix, ...rest] = block.split('/');
    const family = familyOf(network);
    const bits = family === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : Number(prefix);
    if (!family || rest.length > 0 || !/^\d+$/.test(prefix ?? '0') || length > bits) {
      throw new RangeError(`${block} is neither an IP address nor a CIDR block`);
    }
    lists[family].addSubnet(network, length, family === 4 ? 'ipv4' : 'ipv6');
  }
  return (address) => {
    const family = familyOf(address);
    return family !== undefined && lists[family].check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

/** An address with a zone (`fe80::1%eth0`) has no family here. */
function familyOf(address: string): 4 | 6 | undefined {
  const family = address.includes('%') ? 0 : isIP(address);
  return family === 4 || family === 6 ? family : undefined;
}
