/**
 * The Lua that makes each step of the bus one step. Every script touches keys of one hash tag only.
 *
 * An "output" is written by `put`: remembered by its event id (a repeated emit is recognised and left
 * out), appended to the stream that carries the work, published for whoever watches.
 */
const put = `
local function put(stream, seen, ttl, json, channel)
  if not redis.call('SET', seen, '1', 'NX', 'EX', ttl) then return false end
  local id = redis.call('XADD', stream, '*', 'e', json)
  redis.call('PUBLISH', channel, json)
  return id
end
local function putAll(firstKey, firstArg, ttl)
  local written = 0
  local a = firstArg
  for k = firstKey, #KEYS, 2 do
    if put(KEYS[k], KEYS[k + 1], ttl, ARGV[a], ARGV[a + 1]) then written = written + 1 end
    a = a + 2
  end
  return written
end
local function now()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
`;

/**
 * Whether nobody has had this message within the window. Kept longer than any window asks for: a
 * listener that stood still looks back further than one that did not.
 */
const firstOf = `
local function first(key, window)
  local at, last = now(), tonumber(redis.call('GET', key) or 0)
  if at - last < window then return false end
  redis.call('SET', key, string.format('%d', at), 'PX', 600000)
  return true
end
`;

/** KEYS: (stream, seen)*; ARGV: ttl, (json, channel)*. Returns how many were new. */
export const emit = `${put} return putAll(1, 2, ARGV[1])`;

/**
 * Acknowledges and emits in one step, or neither: an entry that is no longer pending was finished by
 * somebody else, and its outputs with it. Where the whole stream is gone (FLUSHALL), nobody else has it.
 * KEYS: stream, retry, (stream, seen)*; ARGV: group, id, ttl, (json, channel)*. Returns 1, or 0.
 */
export const finish = `${put}
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 and redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('ZREM', KEYS[2], KEYS[1] .. '|' .. ARGV[2])
putAll(3, 4, ARGV[3])
return 1`;

/**
 * Acknowledges, keeps the entry as a dead letter, and emits.
 * KEYS: stream, retry, dead, (stream, seen)*; ARGV: group, id, ttl, n, (field, value)*n, (json, channel)*.
 */
export const bury = `${put}
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('ZREM', KEYS[2], KEYS[1] .. '|' .. ARGV[2])
local n = tonumber(ARGV[4])
local fields = {}
for i = 5, 4 + 2 * n do fields[#fields + 1] = ARGV[i] end
redis.call('XADD', KEYS[3], '*', unpack(fields))
putAll(4, 5 + 2 * n, ARGV[3])
return 1`;

/**
 * Sets the time before which a pending entry is not tried again.
 * KEYS: stream, retry; ARGV: group, id, consumer, delay in ms. Returns 1, or 0 where it is not ours any more.
 */
export const postpone = `${put}
local p = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if not p or p[2] ~= ARGV[3] then return 0 end
redis.call('ZADD', KEYS[2], now() + tonumber(ARGV[4]), KEYS[1] .. '|' .. ARGV[2])
return 1`;

/**
 * Takes over pending entries: those whose time to be tried again has come, those whose worker let its
 * lease run out, and (ARGV own = 1, after a reconnect) those that were delivered to our own dead socket.
 * KEYS: retry, stream*; ARGV: group, consumer, lease ms, max, own, id in hand*.
 * Returns {ms until the next postponed entry or -1, {stream, id, deliveries, field, value…}*}.
 */
export const claim = `${put}
local group, consumer, lease, max, own = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5]
local at, out, inHand, isStream = now(), {}, {}, {}
for i = 6, #ARGV do inHand[ARGV[i]] = true end
for i = 2, #KEYS do isStream[KEYS[i]] = true end
local function take(stream, id, idle)
  local got = redis.call('XCLAIM', stream, group, consumer, idle, id)[1]
  if not got then return end
  local count = redis.call('XPENDING', stream, group, id, id, 1)[1][4]
  out[#out + 1] = { stream, id, count, unpack(got[2]) }
end
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', at, 'LIMIT', 0, max)) do
  local stream, id = string.match(member, '^(.*)|(.-)$')
  redis.call('ZREM', KEYS[1], member)
  if isStream[stream] and #redis.call('XPENDING', stream, group, id, id, 1) > 0 then take(stream, id, 0) end
end
for i = 2, #KEYS do
  local stream = KEYS[i]
  local function sweep(pending, idle)
    for _, p in ipairs(pending) do
      if #out >= max then return end
      local member = stream .. '|' .. p[1]
      if not inHand[member] and not redis.call('ZSCORE', KEYS[1], member) then take(stream, p[1], idle) end
    end
  end
  if #out < max then
    sweep(redis.call('XPENDING', stream, group, 'IDLE', lease, '-', '+', max + #ARGV + 100), lease)
  end
  if own == '1' and #out < max then
    sweep(redis.call('XPENDING', stream, group, '-', '+', max + #ARGV + 100, consumer), 0)
  end
end
local nextDue = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return { nextDue and math.max(0, nextDue - at) or -1, unpack(out) }`;

/**
 * Renews the lease of an entry in hand.
 * KEYS: stream; ARGV: group, consumer, id. Returns 1, or 0 where another holds it or it is finished.
 */
export const renew = `
local p = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
if not p or p[2] ~= ARGV[2] then return 0 end
redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'JUSTID')
return 1`;

/**
 * Adopts a bare PUBLISH: the first of all listeners to hear it puts it on the stream and publishes the
 * adopted form. KEYS: adopted, stream, seen; ARGV: window ms, ttl, json, channel. Returns 1 to the one.
 */
export const adopt = `${put}${firstOf}
if not first(KEYS[1], tonumber(ARGV[1])) then return 0 end
put(KEYS[2], KEYS[3], ARGV[2], ARGV[3], ARGV[4])
return 1`;

/**
 * A bare message that nobody can read becomes a dead letter, once over all its listeners; no flood of
 * them takes the room of events (the flow log has them all).
 * KEYS: adopted, dead; ARGV: window ms, (field, value)*. Returns 1 to the one.
 */
export const reject = `${put}${firstOf}
if not first(KEYS[1], tonumber(ARGV[1])) then return 0 end
if redis.call('XLEN', KEYS[2]) < 10000 then redis.call('XADD', KEYS[2], '*', unpack(ARGV, 2)) end
return 1`;

/**
 * Puts a request where one replica takes it, unless nobody serves.
 * KEYS: serving, stream; ARGV: json, channel. Returns 1, or 0 for "nobody serving".
 */
export const ask = `${put}
if redis.call('ZCOUNT', KEYS[1], now(), '+inf') == 0 then return 0 end
redis.call('XADD', KEYS[2], 'MAXLEN', '~', 10000, '*', 'e', ARGV[1])
redis.call('PUBLISH', ARGV[2], ARGV[1])
return 1`;

/**
 * Says that an instance serves for another while. KEYS: serving; ARGV: instance, ms (0: no more).
 */
export const serving = `${put}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now() - 60000)
if ARGV[2] == '0' then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return redis.call('ZADD', KEYS[1], now() + tonumber(ARGV[2]), ARGV[1])`;

/**
 * Moves a dead letter back to its service's inbox. KEYS: dead, inbox; ARGV: id. Returns 1, or 0.
 */
export const replay = `
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not entry then return 0 end
local payload
for i = 1, #entry[2], 2 do if entry[2][i] == 'payload' then payload = entry[2][i + 1] end end
redis.call('XADD', KEYS[2], '*', 'e', payload)
redis.call('XDEL', KEYS[1], ARGV[1])
return 1`;

/**
 * Removes consumers that hold nothing: the named one, and those that were not seen for a while.
 * KEYS: stream; ARGV: group, consumer or '', idle ms. Returns how many went.
 */
export const forget = `
local ok, consumers = pcall(redis.call, 'XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if not ok then return 0 end
local gone = 0
for _, c in ipairs(consumers) do
  local info = {}
  for i = 1, #c, 2 do info[c[i]] = c[i + 1] end
  if info.pending == 0 and (info.name == ARGV[2] or info.idle > tonumber(ARGV[3])) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], info.name)
    gone = gone + 1
  end
end
return gone`;
