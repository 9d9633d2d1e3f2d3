import { isIPv6 } from 'node:net';

/** Groups of an IPv6 address that belong to one network: whoever has one address of it has them all. */
const NETWORK_GROUPS = 4;
const GROUPS = 8;

/** Who is behind a remote address: an IPv4 address, also one in IPv6, or the /64 of an IPv6 address. */
export function addressKey(address: string): string {
  if (!isIPv6(address)) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: Math.max(0, GROUPS - first.length - last.length) }, () => '0');
  return `${[...first, ...zeros, ...last].slice(0, NETWORK_GROUPS).join(':')}::/64`;
}
