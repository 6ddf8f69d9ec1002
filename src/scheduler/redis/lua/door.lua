-- Who may wait, and who has to go when too many do. See `state/door.rs`.

-- Why a call is turned away, and after how long it may come again.
local function check_door(q, call)
  local policy = q.policy
  if waiting_of(q, call.person, call.side) >= policy.most_each[call.side] then
    return 'enough_waiting', 0
  end
  if call.deadline and call.est > call.deadline then
    return 'too_long', 0
  end
  if call.deadline then
    local start = start_of(q, call.account)
    local needed = plus(plus(start, call.patience), call.est)
    local given = plus(q.now, call.deadline)
    if start > q.now and needed > given then
      return call.newcomers and 'many_newcomers' or 'just_had_turn', minus(needed, given)
    end
  end
  if call.side == EXPRESS and q.state.total_calls[EXPRESS] >= policy.most_waiting then
    return 'full', 0
  end
end

-- What a call is in the line: with the key that it had, where it had one.
local function admit(q, call)
  local arrival = call.key and minus(call.key, call.patience) or minus(q.now, call.waited)
  local start, over, under = charge(q, call.account, call.side, q.policy.share[call.class], call.est, arrival,
    capacity(q, call.side))
  local t = {
    key = call.key or plus(start, call.patience),
    class = call.class,
    side = call.side,
    person = call.person,
    place = call.place,
    account = call.account,
    gateway = call.gateway,
    arrived = minus(q.now, call.waited),
    over = over,
    under = under,
    charged = call.est,
    used = 0,
    left = call.est,
    deadline = call.deadline and plus(q.now, call.deadline),
    resume = call.resume,
    cut = false,
    phase = call.begun and 'begun' or 'fresh',
  }
  insert(q, call.id, t)
  for _, index in ipairs({ 'person:' .. t.person, 'place:' .. t.place }) do
    redis.call('ZADD', key(q, index), 0, call.id)
    redis.call('EXPIRE', key(q, index), DAY_SECONDS)
  end
  redis.call('SADD', key(q, 'of:' .. t.gateway), call.id)
  redis.call('EXPIRE', key(q, 'of:' .. t.gateway), DAY_SECONDS)
  return t
end

local function surplus(q)
  local s, policy = q.state, q.policy
  local most = scaled(policy.line, capacity(q, COMMON), WHOLE)
  local over_line = s.total_work[COMMON] > most and s.total_calls[COMMON] > policy.shortest_line
  local over_bound = waiting(q) > policy.most_waiting
  return (over_line or over_bound) and least_urgent(q) or nil
end

-- Sheds until the line is short enough. True if the newcomer itself was too much; its gateway hears that from us directly.
local function shed_surplus(q, newcomer)
  while true do
    local id = surplus(q)
    if not id then
      return false
    end
    local t = ticket(q, id)
    turn_away(q, t.account, t.side, t.class)
    drop_waiting(q, id, t, 'shed')
    if id == newcomer then
      table.remove(q.effects)
      return true
    end
  end
end

-- Calls that come first, and the wait that is to be expected.
local function stands(q, id, t)
  local calls, work = ahead(q, id, t)
  if q.state.calls + calls < q.slots then
    return calls, 0
  end
  return calls, divided(plus(left_running(q), work), q.slots)
end

