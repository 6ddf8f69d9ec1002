-- One operation at work: `q` holds what it read, what it changes and whom it has to tell.
--
-- Keys, all behind one prefix and so in one hash slot:
--   :state            counters and sums, packed            :policy          the numbers of the policy, packed
--   :tickets          number > ticket, packed              :ledgers         account > its books, packed
--   :fresh:CLASS      waiting, by key                      :begun:CLASS     waiting again, by key
--   :expiry           waiting, by latest start             :wakes           accounts, by when they are looked at again
--   :overdue          running, by when they are stopped    :leases          running, by when their worker counts as dead
--   :cuttable         running and past their prefill, by key
--   :people           side and person > calls waiting      :person:P :place:P :of:GATEWAY   numbers of tickets
--   :beats            workers and gateways, by when they count as dead       :workers       worker > slots and profile
--   :events:GATEWAY   what a gateway is told: a stream     :bell            a stream that says: look for work

local DAY_SECONDS = 86400
local MOST_EVENTS = 20000
local CLASSES = { 'moderator', 'paid', 'supporter', 'fan', 'free', 'idle' }
local EXPRESS, COMMON = 1, 2
local OF_SIDE = { { 1, 2 }, { 3, 4, 5, 6 } }
local PAID = 2
local MOST_SLOTS = 65536
local SUPPORTERS = { 3 }

local function side_of(class)
  return class <= 2 and EXPRESS or COMMON
end

-- The clock is that of the server; only tests bring their own.
local function time(given)
  if given ~= '' then
    return tonumber(given)
  end
  local now = redis.call('TIME')
  return tonumber(now[1]) * 1000000 + tonumber(now[2])
end

local function begin(prefix, now, generation)
  local packed = redis.call('GET', prefix .. ':state')
  local state = packed and cmsgpack.unpack(packed)
  if not state or state.generation ~= generation then
    return nil
  end
  state.now = math.max(state.now, time(now))
  return {
    prefix = prefix,
    state = state,
    policy = cmsgpack.unpack(redis.call('GET', prefix .. ':policy')),
    now = state.now,
    slots = math.min(math.max(state.capacity, 1), MOST_SLOTS),
    tickets = {},
    changed = {},
    effects = {},
  }
end

local function key(q, name)
  return q.prefix .. ':' .. name
end

local function ticket(q, id)
  if q.tickets[id] == nil then
    local packed = redis.call('HGET', key(q, 'tickets'), id)
    q.tickets[id] = packed and cmsgpack.unpack(packed) or false
  end
  return q.tickets[id] or nil
end

-- Writes a ticket at the end of the operation.
local function keep(q, id, t)
  q.tickets[id] = t
  q.changed[id] = true
end

local function forget(q, id)
  q.tickets[id] = false
  q.changed[id] = nil
  redis.call('HDEL', key(q, 'tickets'), id)
end

local function tell(q, gateway, what, id, detail)
  table.insert(q.effects, { gateway, what .. ' ' .. id .. ' ' .. detail })
end

local function finish(q)
  for id in pairs(q.changed) do
    redis.call('HSET', key(q, 'tickets'), id, cmsgpack.pack(q.tickets[id]))
  end
  for _, effect in ipairs(q.effects) do
    local events = key(q, 'events:' .. effect[1])
    redis.call('XADD', events, 'MAXLEN', '~', MOST_EVENTS, '*', 'e', effect[2])
    redis.call('EXPIRE', events, q.policy.events)
  end
  local s = q.state
  if s.total_calls[EXPRESS] + s.total_calls[COMMON] > 0 and s.calls < q.slots then
    redis.call('XADD', key(q, 'bell'), 'MAXLEN', 1, '*', 'e', '')
  end
  redis.call('SET', key(q, 'state'), cmsgpack.pack(s), 'EX', DAY_SECONDS)
end

