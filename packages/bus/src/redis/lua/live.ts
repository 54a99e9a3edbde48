import { script } from '../run.ts';
import { lib } from './shared.ts';

/** The number of a stream's last entry, whose ids are plain numbers; 0 where there is none. */
const lastNumber = `
local function lastNumber(stream)
  if call('EXISTS', stream) == 0 then return 0 end
  local about = tableOf(call('XINFO', 'STREAM', stream))
  return tonumber(string.match(about['last-generated-id'], '^%d+'))
end
`;

/**
 * Broadcasts a message under the next revision of its channel, and keeps the last ones for those who
 * were away. A message that brings its own revision keeps it; one that comes late is shown, not kept.
 * KEYS: kept; ARGV: channel, json, revision or '', messages kept. Returns the revision.
 */
export const broadcast = script(`${lib}${lastNumber}
local last = lastNumber(KEYS[1])
local json, revision = ARGV[2], tonumber(ARGV[3])
if not revision then
  revision = last + 1
  local comma = json == '{}' and '' or ','
  json = string.sub(json, 1, -2) .. comma .. '"revision":' .. string.format('%.0f', revision) .. '}'
end
if revision > last then
  call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], string.format('%.0f-0', revision), 'e', json)
end
call('PUBLISH', ARGV[1], json)
return revision`);

/**
 * Appends tokens, each under its number, and publishes them; those that are there already (a call whose
 * reply was lost) are left out.
 * KEYS: tokens; ARGV: channel, ms to live, tokens kept, (number, json)*. Returns the last number.
 */
export const tokens = script(`${lib}${lastNumber}
local last = lastNumber(KEYS[1])
for a = 4, #ARGV, 2 do
  local number = tonumber(ARGV[a])
  if number > last then
    call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], ARGV[a] .. '-0', 'e', ARGV[a + 1])
    call('PUBLISH', ARGV[1], ARGV[a + 1])
    last = number
  end
end
call('PEXPIRE', KEYS[1], ARGV[2])
return last`);
