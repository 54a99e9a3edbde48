import { script } from '../run.ts';
import { lib } from './shared.ts';

/**
 * Emits events, each id once: ids are remembered in two generations, of which the older one goes when
 * the younger one is full.
 * KEYS: stream, seen, seen before; ARGV: channel, ids a generation, seconds to live, (id, json)*.
 * Returns 1 for each that was new, 0 for each that was not.
 */
export const emit = script(`${lib}
local stream, seen, earlier = KEYS[1], KEYS[2], KEYS[3]
call('XLEN', stream)
local all, fresh, twice, told = {}, {}, {}, {}
for a = 4, #ARGV, 2 do all[#all + 1] = ARGV[a] end
local young = call('SMISMEMBER', seen, unpack(all))
local old = call('SMISMEMBER', earlier, unpack(all))
for i, id in ipairs(all) do
  told[i] = 0
  if young[i] == 0 and old[i] == 0 and not twice[id] then
    told[i], twice[id] = 1, true
    fresh[#fresh + 1] = id
    show(stream, ARGV[1], ARGV[3 + 2 * i])
  end
end
if #fresh == 0 then return told end
call('SADD', seen, unpack(fresh))
call('EXPIRE', seen, ARGV[3])
if call('SCARD', seen) >= tonumber(ARGV[2]) then call('RENAME', seen, earlier) end
return told`);

/**
 * Whether nobody has had this message within the window. Kept longer than any window asks for: a
 * listener that stood still looks back further than one that did not.
 */
const firstOf = `
local function first(key, window)
  local at, last = now(), tonumber(call('GET', key) or 0)
  if at >= last and at - last < window then return false end
  call('SET', key, string.format('%d', at), 'PX', 600000)
  return true
end
`;

/**
 * Adopts a bare PUBLISH: the first of all listeners to hear it puts it on the stream and publishes the
 * adopted form. KEYS: adopted, stream; ARGV: window ms, json, channel. Returns 1 to the one.
 */
export const adopt = script(`${lib}${firstOf}
call('XLEN', KEYS[2])
if not first(KEYS[1], tonumber(ARGV[1])) then return 0 end
show(KEYS[2], ARGV[3], ARGV[2])
return 1`);

/**
 * A bare message that nobody can read becomes a dead letter, once over all its listeners; no flood of
 * them takes the room of events (the flow log has them all).
 * KEYS: adopted, dead; ARGV: window ms, (field, value)*. Returns 1 to the one.
 */
export const reject = script(`${lib}${firstOf}
local full = call('XLEN', KEYS[2]) >= 10000
if not first(KEYS[1], tonumber(ARGV[1])) then return 0 end
if not full then call('XADD', KEYS[2], '*', unpack(ARGV, 2)) end
return 1`);
