import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** An address from outside may not be used to reach what only this machine can reach. */
export class ForbiddenAddress extends Error {
  /** @param setting the variable that would allow it */
  constructor(host: string, address: string, range: string, setting: string) {
    const where = host === address ? address : `${host} (${address})`;
    super(`${where} is a ${range} address: refused (${setting}=1 allows it)`);
    this.name = 'ForbiddenAddress';
  }
}

export type AddressGuard = {
  /** @throws ForbiddenAddress unless the address is a public one; names are for `lookup` */
  assertPublic(host: string, address?: string): void;
  /** Resolves names as usual, and refuses those that lead inside: what is checked is what is connected to. */
  lookup: LookupFunction;
};

/** @param setting the variable that would allow private addresses: messages name it */
export function addressGuard(setting: string): AddressGuard {
  const assertPublic = (host: string, address: string = host): void => {
    const bare = address.replace(/^\[|\]$/g, '');
    if (!ipaddr.isValid(bare)) return;
    const range = rangeOf(ipaddr.process(bare));
    if (range !== 'unicast') throw new ForbiddenAddress(host, bare, range, setting);
  };
  const lookup: LookupFunction = (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '', 4);
      try {
        for (const { address } of addresses) assertPublic(hostname, address);
      } catch (forbidden) {
        return callback(forbidden as NodeJS.ErrnoException, '', 4);
      }
      if (options.all) return callback(null, addresses as never, undefined as never);
      return callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
  return { assertPublic, lookup };
}

/** `::127.0.0.1` and its like, which were given up (RFC 4291, 2.5.5.1), are no public addresses. */
function rangeOf(address: ReturnType<typeof ipaddr.process>): string {
  const range = address.range();
  const compatible = range === 'unicast' && address.kind() === 'ipv6' && address.toByteArray()[0] === 0;
  return compatible ? 'deprecated' : range;
}
