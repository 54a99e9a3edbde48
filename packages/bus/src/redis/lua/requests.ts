import { script } from '../run.ts';
import { lib } from './shared.ts';

/**
 * Puts a request where one replica takes it, unless nobody serves: no instance that showed a sign of
 * life lately, or none whose connection stands (a killed process is known to be gone at once).
 * KEYS: serving, stream; ARGV: json, channel. Returns 1, or 0 for "nobody serving".
 */
export const ask = script(`${lib}
if call('ZCOUNT', KEYS[1], now(), '+inf') == 0 then return 0 end
if call('PUBSUB', 'SHARDNUMSUB', KEYS[1])[2] == 0 then return 0 end
call('XADD', KEYS[2], 'MAXLEN', '~', 10000, '*', 'e', ARGV[1])
call('PUBLISH', ARGV[2], ARGV[1])
return 1`);

/**
 * Says that an instance serves for another while. KEYS: serving; ARGV: instance, ms (0: no more).
 */
export const serving = script(`${lib}
call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now() - 60000)
if ARGV[2] == '0' then return call('ZREM', KEYS[1], ARGV[1]) end
return call('ZADD', KEYS[1], now() + tonumber(ARGV[2]), ARGV[1])`);

/**
 * Sends a reply and acknowledges the request, in one step.
 * KEYS: stream; ARGV: group, id, response channel, json. Returns how many heard it.
 */
export const reply = script(`${lib}
call('XACK', KEYS[1], ARGV[1], ARGV[2])
return call('PUBLISH', ARGV[3], ARGV[4])`);
