import { FREES, script } from '../run.ts';
import { ids, lib } from './shared.ts';

/**
 * Makes the group where it is not there. One that somebody destroyed begins again where everything
 * before is finished, and what waited for another attempt is pending again. A new one begins at the
 * very beginning. Where the stream itself was deleted meanwhile, `born` says where its new life began.
 * KEYS: stream, retry, progress, done, earlier; ARGV: group. Returns 1 where it was made anew.
 */
export const restore = script(
  `${lib}${ids}
local stream, retry, progress, group = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local mark = call('HGET', progress, 'mark')
local last, born, length, added
if call('EXISTS', stream) == 1 then
  for _, info in ipairs(call('XINFO', 'GROUPS', stream)) do
    if info[2] == group then return 0 end
  end
  local about = tableOf(call('XINFO', 'STREAM', stream))
  last, length, added = about['last-generated-id'], about.length, about['entries-added']
  born = about['first-entry'] and about['first-entry'][1]
end
if not last or (mark and less(last, mark)) then
  call('UNLINK', progress, KEYS[4], KEYS[5])
  mark = false
end
-- Nothing was ever removed from it, and still it has nothing of what is finished: it is another stream.
local another = not mark or (born and added == length and less(mark, born))
if another then call('HSET', progress, 'born', born or string.format('%.0f-0', now())) end
call('XGROUP', 'CREATE', stream, group, mark or '0', 'MKSTREAM')
if not mark then return 1 end
local redo = call('HGET', progress, 'done') or mark
for _, member in ipairs(call('ZRANGE', retry, 0, -1)) do
  local at, id = string.match(member, '^(.*)|(.-)$')
  if at == stream then
    call('XCLAIM', stream, group, 'restored', 0, id, 'FORCE', 'JUSTID')
    if less(redo, id) then redo = id end
  end
end
if less(mark, redo) then call('HSET', progress, 'redo', redo) end
return 1`,
  FREES,
);

/**
 * Takes over pending entries: those whose time to be tried again has come, those whose worker let its
 * lease run out, and (ARGV own = 1, after a reconnect) those that were delivered to our own dead socket.
 * Leases are looked at where ARGV sweep = 1: that goes through all that is pending.
 * KEYS: retry, stream*; ARGV: group, consumer, lease ms, max, own, sweep, id in hand*.
 * Returns {ms until the next postponed entry or -1, {stream, id, deliveries, field, value…}*}.
 *
 * A postponed entry stays in the retry set while it is tried, its lease as its time.
 */
export const claim = script(
  `${lib}
local group, consumer, lease, max = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local own, all = ARGV[5] == '1', ARGV[6] == '1'
local at, out, inHand, isStream = now(), {}, {}, {}
for i = 7, #ARGV do inHand[ARGV[i]] = true end
for i = 2, #KEYS do
  isStream[KEYS[i]] = true
  call('XPENDING', KEYS[i], group)
end
local function pendingOf(stream, id) return call('XPENDING', stream, group, id, id, 1)[1] end
local function take(stream, id, idle)
  local got = call('XCLAIM', stream, group, consumer, idle, id)[1]
  if not got then return false end
  -- What is taken from a dead worker is our own from here on, and not to be taken as that once more.
  inHand[stream .. '|' .. id] = true
  local fields, payload = got[2], ''
  for i = 1, #fields, 2 do if fields[i] == 'e' then payload = fields[i + 1] break end end
  out[#out + 1] = { stream, id, pendingOf(stream, id)[4], 'e', payload }
  return true
end
for _, member in ipairs(call('ZRANGEBYSCORE', KEYS[1], '-inf', at, 'LIMIT', 0, max)) do
  local stream, id = string.match(member, '^(.*)|(.-)$')
  local there = isStream[stream] and pendingOf(stream, id)
  if there and (inHand[member] or take(stream, id, 0)) then
    call('ZADD', KEYS[1], at + lease, member)
  else
    call('ZREM', KEYS[1], member)
  end
end
for i = 2, #KEYS do
  local stream = KEYS[i]
  -- Page by page: those that are postponed, however many, must not hide one behind them.
  local function sweep(idle, ...)
    local from, count = '-', 200
    for page = 1, 100 do
      if #out >= max then return end
      local pending = call('XPENDING', stream, group, 'IDLE', idle, from, '+', count, ...)
      for _, p in ipairs(pending) do
        if #out >= max then return end
        local member = stream .. '|' .. p[1]
        if not inHand[member] and not call('ZSCORE', KEYS[1], member) then take(stream, p[1], idle) end
      end
      if #pending < count then return end
      from = '(' .. pending[count][1]
    end
  end
  if all then sweep(lease) end
  if own then sweep(0, consumer) end
end
local nextDue = call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return { nextDue and math.max(0, nextDue - at) or -1, unpack(out) }`,
  FREES,
);

/**
 * Takes new entries from several streams, no more than `max` in all: XREADGROUP's COUNT holds for each
 * stream by itself. KEYS: stream*; ARGV: group, consumer, max. Returns {stream, id, field, value…}*.
 *
 * Where a group is missing, that is said before anything is taken.
 */
export const takeFew = script(
  `${lib}
local group, consumer, left, out = ARGV[1], ARGV[2], tonumber(ARGV[3]), {}
for _, stream in ipairs(KEYS) do call('XPENDING', stream, group) end
for _, stream in ipairs(KEYS) do
  if left == 0 then break end
  local reply = call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', left, 'STREAMS', stream, '>')
  for _, entry in ipairs(reply and reply[1][2] or {}) do
    out[#out + 1] = { stream, entry[1], unpack(entry[2]) }
    left = left - 1
  end
end
return out`,
  FREES,
);

/**
 * Removes consumers that hold nothing: the named one, and those that were not seen for a while.
 * KEYS: stream; ARGV: group, consumer or '', idle ms. Returns how many went.
 */
export const forget = script(
  `${lib}
local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers.err then return 0 end
local gone = 0
for _, c in ipairs(consumers) do
  local info = tableOf(c)
  if info.pending == 0 and (info.name == ARGV[2] or info.idle > tonumber(ARGV[3])) then
    call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], info.name)
    gone = gone + 1
  end
end
return gone`,
  FREES,
);
