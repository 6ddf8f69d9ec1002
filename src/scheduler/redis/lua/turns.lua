-- How calls leave, whose turn it is, and whose is over early. See `state/leaving.rs` and `state/turns.rs`.

local AFTER = { cancelled = 'cancelled', overdue = 'expired' }

local function stop(q, id, t, why)
  if t.phase == 'running' and t.stop ~= 'cancelled' then
    t.stop = why
    keep(q, id, t)
    tell(q, t.gateway, 'stop', id, why)
  end
end

-- What common work takes from what its side is owed, and what express work that goes ahead adds to it. See `debt.rs`.
local function dues(q, work)
  return work * (WHOLE - q.policy.phi)
end

local function part(q, work)
  return work * q.policy.phi
end

-- Work that was expected to be one is found to be another.
local function true_up_debt(q, t, used)
  local s = q.state
  if t.side == EXPRESS and t.turn == 'ahead' then
    s.owed = minus(plus(s.owed, part(q, used)), part(q, t.left))
  elseif t.side == COMMON and t.turn == 'own_time' then
    s.owed = minus(plus(s.owed, dues(q, t.left)), dues(q, used))
  elseif t.side == COMMON then
    -- What it had while nobody else wanted it, it had all the same.
    s.owed = minus(s.owed, dues(q, used))
  end
end

-- Frees the slot of a running call and counts what it used.
local function vacate(q, id, t, used)
  local s = q.state
  if end_running(q, id, t) then
    s.promised = s.promised + 1
  end
  used = math.min(used, LONGEST)
  t.used = plus(t.used, used)
  if t.side == EXPRESS then
    add_paid_load(q, used)
  end
  true_up_debt(q, t, used)
end

-- Forgets a call that neither waits nor runs any more, and settles its charge.
local function remove(q, id, t, was_running)
  forget(q, id)
  redis.call('ZREM', key(q, 'person:' .. t.person), id)
  redis.call('ZREM', key(q, 'place:' .. t.place), id)
  redis.call('SREM', key(q, 'of:' .. t.gateway), id)
  true_up(q, t, was_running)
end

local function drop_waiting(q, id, t, why)
  take_out(q, id, t)
  remove(q, id, t, false)
  tell(q, t.gateway, 'dropped', id, why)
end

-- A running call waits again with its old key, or leaves when it was told to.
local function wait_again(q, id, t, used, left)
  vacate(q, id, t, used)
  local why = AFTER[t.stop]
  if why then
    remove(q, id, t, true)
    tell(q, t.gateway, 'dropped', id, why)
    return
  end
  t.phase, t.left = 'begun', math.min(left, LONGEST)
  t.since, t.turn, t.stop, t.worker, t.fence = nil, nil, nil, nil, nil
  insert(q, id, t)
  update(q, t.account, t.side, function(books)
    books.running = minus(books.running, 1)
    books.waiting = books.waiting + 1
  end)
end

local function cancel_one(q, id)
  local t = ticket(q, id)
  if not t or (t.phase == 'running' and t.stop == 'cancelled') then
    return 0
  end
  if t.phase == 'running' then
    redis.call('ZREM', key(q, 'cuttable'), id)
    stop(q, id, t, 'cancelled')
  else
    drop_waiting(q, id, t, 'cancelled')
  end
  return 1
end

local function reserved(q)
  if q.slots < 2 then
    return 0
  end
  return math.min(math.max(divided(q.slots * q.policy.reserve, WHOLE), 1), q.slots - 1)
end

local function first_common(q)
  local open = q.state.open < q.slots - reserved(q)
  return first(q, open and OF_SIDE[COMMON] or SUPPORTERS)
end

-- What a side can count on, in thousandths of a slot: what paid calls leave of the slots kept for nobody, or all but that part.
local function capacity(q, side)
  if side == EXPRESS then
    return q.slots * (WHOLE - q.policy.phi)
  end
  return (q.slots - reserved(q)) * math.max(minus(WHOLE, paid_load(q)), q.policy.phi)
end

-- Express first; but common when that still leaves the express side all of its part. Gives whose turn it is, and why.
local function choose(q)
  local s = q.state
  local express, common = first(q, OF_SIDE[EXPRESS]), first_common(q)
  local promised = take_promise(q, express ~= nil)
  if not express or not common then
    return express or common, 'unopposed'
  end
  local due = dues(q, ticket(q, common).left)
  if s.owed >= due and not promised then
    s.owed = s.owed - due
    return common, 'own_time'
  end
  s.owed = plus(s.owed, part(q, ticket(q, express).left))
  return express, 'ahead'
end

-- Has running answers of the common side give their slots to express calls that find none.
local function cut_for_express(q)
  local s = q.state
  local common = first_common(q)
  if common and s.owed >= dues(q, ticket(q, common).left) then
    return
  end
  while s.calls >= q.slots and s.leaving < s.total_calls[EXPRESS] do
    local id = cut(q)
    if not id then
      return
    end
    stop(q, id, ticket(q, id), 'cut')
  end
end

