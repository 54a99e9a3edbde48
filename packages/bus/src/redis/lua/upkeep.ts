import { FREES, script } from '../run.ts';
import { ids, lib } from './shared.ts';

/**
 * Moves a dead letter back to its service's inbox. KEYS: dead, inbox; ARGV: id. Returns 1, or 0.
 */
export const replay = script(`${lib}
local entry = call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
call('XLEN', KEYS[2])
if not entry then return 0 end
local payload
for i = 1, #entry[2], 2 do if entry[2][i] == 'payload' then payload = entry[2][i + 1] end end
call('XADD', KEYS[2], '*', 'e', payload)
call('XDEL', KEYS[1], ARGV[1])
return 1`);

/**
 * Removes from a stream what every declared group has finished, once it is older than the retention or
 * above the number that is kept. A declared group that does not exist yet needs everything; with no
 * groups, a stream is kept for the retention alone.
 * KEYS: stream; ARGV: retention ms, entries kept, group*.
 * Returns {entries left, the group that needs the oldest or ''}.
 */
export const trim = script(
  `${lib}${ids}
local stream, retention, keep = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2])
local length = call('XLEN', stream)
if length == 0 then return { 0, '' } end
local known, needed, needy = {}, false, ''
for _, info in ipairs(call('XINFO', 'GROUPS', stream)) do
  local group = tableOf(info)
  known[group.name] = group['last-delivered-id']
end
for i = 3, #ARGV do
  local group = ARGV[i]
  if not known[group] then return { length, group } end
  local low = call('XPENDING', stream, group)[2] or known[group]
  if not needed or less(low, needed) then needed, needy = low, group end
end
local old = string.format('%.0f-0', math.max(0, now() - retention))
call('XTRIM', stream, 'MINID', needed and less(needed, old) and needed or old)
length = call('XLEN', stream)
if length > keep then
  if needed then
    call('XTRIM', stream, 'MINID', '~', needed, 'LIMIT', length - keep)
  else
    call('XTRIM', stream, 'MAXLEN', '~', keep, 'LIMIT', length - keep)
  end
end
return { call('XLEN', stream), needy }`,
  FREES,
);
