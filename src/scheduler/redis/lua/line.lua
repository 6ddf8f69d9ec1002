-- The calls that wait, in order. See `backlog.rs`.

-- Equal keys that are counted out one by one.
local COUNTED_OUT = 64

local function queue(q, kind, class)
  return key(q, kind .. ':' .. class)
end

local function insert(q, id, t)
  local s = q.state
  redis.call('ZADD', queue(q, t.phase, t.class), t.key, id)
  s[t.phase][t.class] = s[t.phase][t.class] + 1
  s.work[t.class] = plus(s.work[t.class], t.left)
  s.total_calls[t.side] = s.total_calls[t.side] + 1
  s.total_work[t.side] = plus(s.total_work[t.side], t.left)
  if t.deadline then
    redis.call('ZADD', key(q, 'expiry'), minus(t.deadline, t.left), id)
  end
  redis.call('HINCRBY', key(q, 'people'), t.side .. t.person, 1)
  keep(q, id, t)
end

local function take_out(q, id, t)
  local s = q.state
  redis.call('ZREM', queue(q, t.phase, t.class), id)
  s[t.phase][t.class] = minus(s[t.phase][t.class], 1)
  s.work[t.class] = minus(s.work[t.class], t.left)
  s.total_calls[t.side] = minus(s.total_calls[t.side], 1)
  s.total_work[t.side] = minus(s.total_work[t.side], t.left)
  redis.call('ZREM', key(q, 'expiry'), id)
  if redis.call('HINCRBY', key(q, 'people'), t.side .. t.person, -1) <= 0 then
    redis.call('HDEL', key(q, 'people'), t.side .. t.person)
  end
end

local function waiting_of(q, person, side)
  return tonumber(redis.call('HGET', key(q, 'people'), side .. person) or 0)
end

local function waiting(q)
  return q.state.total_calls[EXPRESS] + q.state.total_calls[COMMON]
end

-- The most urgent call of these classes.
local function first(q, classes)
  local best, best_key
  for _, class in ipairs(classes) do
    for _, kind in ipairs({ 'fresh', 'begun' }) do
      if q.state[kind][class] > 0 then
        local head = redis.call('ZRANGE', queue(q, kind, class), 0, 0, 'WITHSCORES')
        local id, score = head[1], tonumber(head[2])
        if not best or score < best_key or (score == best_key and id < best) then
          best, best_key = id, score
        end
      end
    end
  end
  return best
end

-- The least urgent fresh call of the common class that holds most of the line for its share; never the last of a class.
local function least_urgent(q)
  local s, share, most = q.state, q.policy.share, nil
  for _, class in ipairs(OF_SIDE[COMMON]) do
    if s.fresh[class] > 1 and (not most or s.work[class] * share[most] >= s.work[most] * share[class]) then
      most = class
    end
  end
  return most and redis.call('ZREVRANGE', queue(q, 'fresh', most), 0, 0)[1]
end

-- Calls of a side with a smaller key, or with the same and a smaller number.
local function calls_before(q, id, t)
  local calls, at = 0, text(t.key)
  for _, class in ipairs(OF_SIDE[t.side]) do
    for _, kind in ipairs({ 'fresh', 'begun' }) do
      if q.state[kind][class] > 0 then
        local set = queue(q, kind, class)
        calls = calls + redis.call('ZCOUNT', set, '-inf', '(' .. at)
        for _, other in ipairs(redis.call('ZRANGEBYSCORE', set, at, at, 'LIMIT', 0, COUNTED_OUT)) do
          calls = calls + (other < id and 1 or 0)
        end
      end
    end
  end
  return calls
end

-- What comes before a waiting call: calls, and their work, taken as the mean of their side.
local function ahead(q, id, t)
  local s = q.state
  local calls = calls_before(q, id, t)
  local work = scaled(s.total_work[t.side], calls, s.total_calls[t.side])
  if t.side == COMMON then
    return calls + s.total_calls[EXPRESS], plus(work, s.total_work[EXPRESS])
  end
  return calls, work
end

