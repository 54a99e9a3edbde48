/** Pieces of Lua that several scripts are made of. Every script touches keys of one hash tag only. */

/** `show` puts an event on a stream, which carries the work, and publishes it for whoever watches. */
export const lib = `
local call = redis.call
local function show(stream, channel, json)
  call('XADD', stream, '*', 'e', json)
  -- A user who may not publish on the channel must not have the step end here, half done.
  redis.pcall('PUBLISH', channel, json)
end
-- The name, value, name, value… of XINFO as a table.
local function tableOf(flat)
  local info = {}
  for i = 1, #flat, 2 do info[flat[i]] = flat[i + 1] end
  return info
end
local function now()
  local t = call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end
`;

/** Order of stream ids (\`milliseconds-sequence\`), and the id just before one. */
export const ids = `
local function parts(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end
local function less(a, b)
  local am, as = parts(a)
  local bm, bs = parts(b)
  return am < bm or (am == bm and as < bs)
end
local function before(id)
  local ms, seq = parts(id)
  if seq > 0 then return string.format('%.0f-%.0f', ms, seq - 1) end
  return string.format('%.0f-18446744073709551615', ms - 1)
end
`;

/**
 * What a group has finished is written down beside it, so that a group that somebody destroys can be
 * made again without doing anything twice: \`mark\`, up to which everything is finished or has an entry
 * of its own in the retry set, and the ids of what is finished above it, in two generations that
 * are thrown away when the mark has passed them. Needs KEYS 1 to 5: stream, retry, progress, done,
 * earlier; and \`group\`.
 */
export const progress = `${ids}
local stream, retry, progress, done, earlier = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local function recorded(id)
  return call('SISMEMBER', done, id) == 1 or call('SISMEMBER', earlier, id) == 1
end
local function firstUnfinished()
  local from, count = '-', 1
  for page = 1, 32 do
    local pending = call('XPENDING', stream, group, from, '+', count)
    for _, p in ipairs(pending) do
      if not call('ZSCORE', retry, stream .. '|' .. p[1]) then return p[1] end
    end
    if #pending < count then return nil end
    from, count = '(' .. pending[#pending][1], 64
  end
  return false
end
local function lastDelivered()
  for _, info in ipairs(call('XINFO', 'GROUPS', stream)) do
    local about = tableOf(info)
    if about.name == group then return about['last-delivered-id'] end
  end
end
local function record(finished, top, generation)
  call('SADD', done, unpack(finished))
  local known = call('HMGET', progress, 'mark', 'done', 'earlier', 'redo')
  local mark, highest, earlierTop, redo = known[1], known[2], known[3], known[4]
  if not highest or less(highest, top) then highest = top end
  local low = firstUnfinished()
  if low ~= false then
    local passed = low and before(low) or top
    -- In a group that was made again, what was postponed is pending ahead of what is not delivered yet.
    local last = lastDelivered()
    if less(last, passed) then passed = last end
    if not mark or less(mark, passed) then mark = passed end
  end
  if not mark then mark = '0-0' end
  if redo and not less(mark, redo) then call('HDEL', progress, 'redo') end
  if not less(mark, highest) then
    call('UNLINK', done, earlier)
    call('HDEL', progress, 'done', 'earlier')
    call('HSET', progress, 'mark', mark)
    return
  end
  call('HSET', progress, 'mark', mark, 'done', highest)
  if call('SCARD', done) > generation and (not earlierTop or not less(mark, earlierTop)) then
    call('RENAME', done, earlier)
    call('HSET', progress, 'earlier', highest)
  end
end
`;
