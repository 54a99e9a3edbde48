import { FREES, script } from '../run.ts';
import { lib, progress } from './shared.ts';

/** Whether an entry that is not pending was never finished: then its stream was deleted under it. */
const orphaned = `
local function orphaned(id)
  local known = call('HMGET', progress, 'mark', 'born')
  local passed = known[1] and not less(known[1], id)
  local earlierLife = known[2] and less(id, known[2])
  if passed and not earlierLife then return false end
  if recorded(id) then return false end
  return #call('XRANGE', stream, id, id) == 0
end
`;

/**
 * Acknowledges entries and emits what came of each. An entry that is no longer pending was finished by
 * somebody else, and so was one that is written down as finished (its group was made again meanwhile):
 * nothing is emitted for these. One that is not on the stream any more, and was not finished, is
 * nobody else's: the stream was deleted under it (FLUSHALL).
 *
 * KEYS: stream, retry, progress, done, earlier, output stream;
 * ARGV: group, output channel, ids a generation, highest id of the batch, (id, output or '')*, where
 * further outputs of an entry follow with an empty id.
 * Returns the ids that were finished elsewhere.
 *
 * What is read first would fail on a key of a wrong type, before anything is written.
 */
export const finish = script(
  `${lib}
local group = ARGV[1]
${progress}
local out, channel = KEYS[6], ARGV[2]
call('XLEN', stream)
call('XLEN', out)
call('SCARD', done)
call('SCARD', earlier)
local postponed = call('ZCARD', retry) > 0
local redo = call('HGET', progress, 'redo')
${orphaned}
local finished, elsewhere = {}, {}
local first = false
for a = 5, #ARGV, 2 do
  local id, output = ARGV[a], ARGV[a + 1]
  if id ~= '' then
    first = call('XACK', stream, group, id) == 1
    if first then
      finished[#finished + 1] = id
      if postponed then call('ZREM', retry, stream .. '|' .. id) end
      if redo and recorded(id) then first = false end
    elseif orphaned(id) then
      first = true
      call('SADD', done, id)
    else
      elsewhere[#elsewhere + 1] = id
    end
  end
  if first and output ~= '' then show(out, channel, output) end
end
if #finished > 0 then
  local top = ARGV[4]
  if #elsewhere > 0 then
    top = finished[1]
    for _, id in ipairs(finished) do
      if less(top, id) then top = id end
    end
  end
  record(finished, top, tonumber(ARGV[3]))
end
return elsewhere`,
  FREES,
);

/**
 * Acknowledges, keeps the entry as a dead letter, and emits.
 * KEYS: stream, retry, progress, done, earlier, output stream, dead;
 * ARGV: group, output channel, ids a generation, id, n, (field, value)*n, json*. Returns 1, or 0.
 */
export const bury = script(
  `${lib}
local group, id = ARGV[1], ARGV[4]
${progress}${orphaned}
call('XLEN', stream)
call('XLEN', KEYS[6])
call('XLEN', KEYS[7])
call('SCARD', done)
call('SCARD', earlier)
call('ZREM', retry, stream .. '|' .. id)
local first = call('XACK', stream, group, id) == 1
if not first and not orphaned(id) then return 0 end
if first and call('HEXISTS', progress, 'redo') == 1 and recorded(id) then return 0 end
local n, fields = tonumber(ARGV[5]), {}
for i = 6, 5 + 2 * n do fields[#fields + 1] = ARGV[i] end
call('XADD', KEYS[7], '*', unpack(fields))
for i = 6 + 2 * n, #ARGV do show(KEYS[6], ARGV[2], ARGV[i]) end
if first then record({ id }, id, tonumber(ARGV[3])) else call('SADD', done, id) end
return 1`,
  FREES,
);

const holder = `
local function holder(id)
  local pending = redis.pcall('XPENDING', stream, group, id, id, 1)
  return not pending.err and pending[1] and pending[1][2]
end
`;

/**
 * Whether an entry that came again with its group was finished before. It must not get into the retry
 * set, which says of all in it that they are not.
 */
const finishedBefore = `
local function finishedBefore(id)
  if call('HEXISTS', progress, 'redo') == 0 or not recorded(id) then return false end
  call('XACK', stream, group, id)
  return true
end
`;

/**
 * Sets the time before which a pending entry is not tried again. It keeps its place in the retry set
 * until it is finished, however often it is tried.
 * KEYS: stream, retry, progress, done, earlier; ARGV: group, id, consumer, delay in ms.
 * Returns 1, or 0 where it is not ours any more.
 */
export const postpone = script(
  `${lib}
local group, id = ARGV[1], ARGV[2]
${progress}${holder}${finishedBefore}
if holder(id) ~= ARGV[3] or finishedBefore(id) then return 0 end
call('ZADD', retry, now() + tonumber(ARGV[4]), stream .. '|' .. id)
return 1`,
  FREES,
);

/**
 * Hands back entries that nobody began to handle: due at once, with the count of before.
 * KEYS: stream, retry, progress, done, earlier; ARGV: group, consumer, (id, deliveries)*.
 */
export const release = script(
  `${lib}
local group, consumer = ARGV[1], ARGV[2]
${progress}${holder}${finishedBefore}
for a = 3, #ARGV, 2 do
  local id = ARGV[a]
  if holder(id) == consumer and not finishedBefore(id) then
    call('XCLAIM', stream, group, consumer, 0, id, 'RETRYCOUNT', ARGV[a + 1] - 1, 'JUSTID')
    -- One after the other: of the same time, "-100" would come before "-99".
    call('ZADD', retry, now() - (#ARGV - a) / 1000, stream .. '|' .. id)
  end
end
return 1`,
  FREES,
);

/**
 * Renews the leases of entries in hand. They get a place in the retry set with that: an entry that takes
 * long must not hold up the mark, and with it the memory of all that is finished meanwhile.
 * KEYS: stream, retry, progress, done, earlier; ARGV: group, consumer, lease ms, id*.
 * Returns the ids that others hold, or finished; not those whose stream was deleted under them.
 */
export const renew = script(
  `${lib}
local group = ARGV[1]
${progress}${holder}${finishedBefore}${orphaned}
local lost, untilThen = {}, now() + tonumber(ARGV[3])
for a = 4, #ARGV do
  local id = ARGV[a]
  local who = holder(id)
  if who == ARGV[2] and not finishedBefore(id) then
    call('XCLAIM', stream, group, who, 0, id, 'JUSTID')
    call('ZADD', retry, untilThen, stream .. '|' .. id)
  elseif who or not orphaned(id) then
    lost[#lost + 1] = id
  end
end
return lost`,
  FREES,
);
