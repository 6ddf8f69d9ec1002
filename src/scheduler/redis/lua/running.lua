-- The answers that run, which of them may be cut, and how much of the engine the paid ones take. See `running.rs`, `load.rs`.

local function is_open(class)
  return class >= 4 and 1 or 0
end

local function start_running(q, id, t)
  local s = q.state
  s.calls = s.calls + 1
  s.open = s.open + is_open(t.class)
  s.ends = s.ends + (q.now - s.base) + t.left
  if t.deadline then
    redis.call('ZADD', key(q, 'overdue'), plus(t.deadline, q.policy.overdue_grace), id)
  end
end

-- Takes out a running ticket. True if it was told to give its slot away.
local function end_running(q, id, t)
  local s = q.state
  s.calls = minus(s.calls, 1)
  s.open = minus(s.open, is_open(t.class))
  s.ends = s.ends - (t.since - s.base) - t.left
  redis.call('ZREM', key(q, 'cuttable'), id)
  redis.call('ZREM', key(q, 'overdue'), id)
  redis.call('ZREM', key(q, 'leases'), id)
  local was_leaving = t.leaving
  s.leaving = minus(s.leaving, was_leaving and 1 or 0)
  t.leaving = nil
  return was_leaving
end

-- Engine time that what runs is expected to need yet.
local function left_running(q)
  local s = q.state
  return math.max(s.ends - s.calls * (q.now - s.base), 0)
end

local function allow_cut(q, id, t)
  if t.side == COMMON and not t.cut and t.resume then
    redis.call('ZADD', key(q, 'cuttable'), t.key, id)
  end
end

-- The least urgent answer whose rest is worth more than taking it up again.
local function cut(q)
  while true do
    local id = redis.call('ZPOPMAX', key(q, 'cuttable'))[1]
    if not id then
      return nil
    end
    local t = ticket(q, id)
    if q.now < minus(plus(t.since, t.left), t.resume) then
      t.leaving, t.cut = true, true
      q.state.leaving = q.state.leaving + 1
      keep(q, id, t)
      return id
    end
  end
end

-- Whether the next slot was given away to the express side. A promise holds for one call, and only while any waits.
local function take_promise(q, express_waits)
  local promised = q.state.promised > 0 and express_waits
  q.state.promised = express_waits and minus(q.state.promised, 1) or 0
  return promised
end

local function roll(q)
  local load, window = q.state.load, q.policy.load_window
  local into = minus(q.now, load.since)
  if into >= window then
    local windows = divided(into, window)
    load.previous = windows == 1 and load.current or 0
    load.current = 0
    load.since = plus(load.since, windows * window)
  end
  return load
end

local function add_paid_load(q, work)
  local load = roll(q)
  load.current = plus(load.current, work)
end

-- Thousandths of what the slots could have done.
local function paid_load(q)
  local load, window = roll(q), q.policy.load_window
  local into = minus(q.now, load.since)
  local fading = scaled(load.previous, minus(window, into), window)
  return math.min(scaled(plus(fading, load.current), WHOLE, window * q.slots), WHOLE)
end

