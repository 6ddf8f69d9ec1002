-- The operations. Each takes the prefix of all keys; then the time (empty: the server's), and the generation that the caller
-- knows. Where the data is gone or is not that generation's, the reply is the error STALE: open, and add what lives again.

local function operation(name, body)
  redis.register_function('lovelm_' .. name, function(keys, args)
    local q = begin(keys[1], args[1], args[2])
    if not q then
      return redis.error_reply('STALE the line is another generation')
    end
    tick(q)
    local reply = body(q, unpack(args, 3))
    finish(q)
    return reply
  end)
end

local function optional(given)
  return given ~= '' and tonumber(given) or nil
end

-- Sets the policy, and begins a generation where there is none. Numbers of tickets and leases begin at the time: what a lost
-- generation gave out never comes again.
redis.register_function('lovelm_open', function(keys, args)
  local now = time(args[1])
  local numbers = {}
  for i = 2, #args do
    numbers[i - 1] = tonumber(args[i])
  end
  local policy = {
    most_waiting = numbers[1],
    most_each = { numbers[2], numbers[3] },
    line = numbers[4],
    shortest_line = numbers[5],
    phi = numbers[6],
    reserve = numbers[7],
    turned_away = numbers[8],
    load_window = numbers[9],
    overdue_grace = numbers[10],
    lease = numbers[11],
    events = numbers[12],
    share = { unpack(numbers, 13, 18) },
  }
  redis.call('SET', keys[1] .. ':policy', cmsgpack.pack(policy), 'EX', DAY_SECONDS)
  local packed = redis.call('GET', keys[1] .. ':state')
  if packed then
    return cmsgpack.unpack(packed).generation
  end
  local state = {
    generation = text(now),
    base = now,
    now = now,
    newest = now,
    fence = now,
    capacity = 0,
    calls = 0,
    open = 0,
    ends = 0,
    leaving = 0,
    promised = 0,
    owed = 0,
    crowd = { 0, 0 },
    turned = 0,
    fresh = { 0, 0, 0, 0, 0, 0 },
    begun = { 0, 0, 0, 0, 0, 0 },
    work = { 0, 0, 0, 0, 0, 0 },
    total_calls = { 0, 0 },
    total_work = { 0, 0 },
    load = { since = 0, current = 0, previous = 0 },
  }
  redis.call('SET', keys[1] .. ':state', cmsgpack.pack(state), 'EX', DAY_SECONDS)
  return state.generation
end)

-- A block of `count` ticket numbers that nobody else has, above those that the caller gave out. Gives the first.
operation('numbers', function(q, count, above)
  local s = q.state
  local begin_at = math.max(s.newest, tonumber(above), q.now) + 1
  s.newest = begin_at + tonumber(count)
  return begin_at
end)

-- Accepts a call or turns it away. The same number again is the same call. With a `kept_key` it was accepted before, in a
-- generation that is gone: no door, and no shedding; with a `worker` besides, that worker still answers it.
operation('enqueue', function(q, id, gateway, class, person, place, newcomer, patience, est, waited, deadline, resume,
  kept_key, begun, worker, fence)
  local known = ticket(q, id)
  if known then
    return { 'placed', 0, 0, known.key }
  end
  class = tonumber(class)
  local newcomers = newcomer == '1' and side_of(class) == COMMON
  local call = {
    id = id,
    gateway = gateway,
    class = class,
    side = side_of(class),
    person = person,
    place = place,
    newcomers = newcomers,
    account = side_of(class) .. (newcomers and 'n' .. place or 'p' .. person),
    patience = tonumber(patience),
    est = math.min(tonumber(est), LONGEST),
    waited = tonumber(waited),
    deadline = optional(deadline),
    resume = optional(resume),
    key = optional(kept_key),
    begun = begun == '1',
  }
  if not call.key then
    local turned, retry_after = check_door(q, call)
    if turned then
      if turned ~= 'too_long' then
        turn_away(q, call.account, call.side, class)
      end
      return { turned, retry_after }
    end
  end
  local t = admit(q, call)
  if worker ~= '' then
    take_out(q, id, t)
    lease(q, id, t, worker, tonumber(fence), 'unopposed')
    q.state.fence = math.max(q.state.fence, tonumber(fence))
  end
  if not call.key and shed_surplus(q, id) then
    return { 'full', 0 }
  end
  if call.side == EXPRESS then
    cut_for_express(q)
  end
  if t.phase == 'running' then
    return { 'placed', 0, 0, t.key }
  end
  local calls, wait = stands(q, id, t)
  return { 'placed', calls, wait, t.key }
end)

-- The call to run next, for a worker with a free slot: number, fence and gateway.
operation('claim', function(q, worker)
  local s = q.state
  if s.calls >= q.slots or redis.call('HEXISTS', key(q, 'workers'), worker) == 0 then
    return false
  end
  local id, turn = choose(q)
  if not id then
    return false
  end
  local t = ticket(q, id)
  take_out(q, id, t)
  s.fence = s.fence + 1
  lease(q, id, t, worker, s.fence, turn)
  tell(q, t.gateway, 'claimed', id, text(s.fence) .. ' ' .. worker)
  return { id, s.fence, t.gateway }
end)

-- The first token of a running answer has come: from here it can be cut.
operation('prefilled', function(q, id, fence)
  local t = held(q, id, tonumber(fence))
  if t and t.turn ~= 'own_time' and not t.stop then
    allow_cut(q, id, t)
    cut_for_express(q)
  end
end)

-- A call is over, whatever became of its lease meanwhile: its gateway says so. `used` is engine time since the claim.
operation('settle', function(q, id, fence, used)
  local t = ticket(q, id)
  if not t then
    return
  end
  if t.phase == 'running' then
    vacate(q, id, t, t.fence == tonumber(fence) and tonumber(used) or 0)
    remove(q, id, t, true)
  else
    take_out(q, id, t)
    remove(q, id, t, false)
  end
end)

-- A running answer pauses and needs `left` yet: it waits again with its old key.
operation('give_back', function(q, id, fence, used, left)
  local t = held(q, id, tonumber(fence))
  if t then
    wait_again(q, id, t, tonumber(used), tonumber(left))
    tick(q)
  end
end)

-- A worker hands back what it cannot answer.
operation('release', function(q, worker, id, fence)
  local t = held(q, id, tonumber(fence))
  if t and t.worker == worker then
    lose(q, id, t)
  end
end)

-- Cancels what waits, and tells what runs to stop. Gives how many calls it met.
operation('cancel', function(q, pick, first_part, second_part)
  local picked
  if pick == 'ticket' then
    picked = { first_part }
  elseif pick == 'person' or pick == 'person_at' then
    picked = redis.call('ZRANGE', key(q, 'person:' .. first_part), 0, -1)
  elseif pick == 'place' then
    picked = redis.call('ZRANGE', key(q, 'place:' .. first_part), 0, -1)
  else
    picked = redis.call('HKEYS', key(q, 'tickets'))
    table.sort(picked)
  end
  local met = 0
  for _, id in ipairs(picked) do
    local t = ticket(q, id)
    local is_meant = t and (pick ~= 'person_at' or t.place == second_part)
    if t and pick == 'unpromised' then
      is_meant = t.phase ~= 'running' and not (t.class == PAID and t.deadline)
    end
    if is_meant then
      met = met + cancel_one(q, id)
    end
  end
  return met
end)

-- A gateway lives. It may be silent for longer than a worker: its people wait for it. Gives 0 when it was not known, or was
-- taken for dead: then it has nothing in the line.
operation('tick', function(q, gateway)
  return beat(q, 'gateway:' .. gateway, q.policy.lease * 3)
end)

-- A worker lives, has this many slots, and holds these claims. Gives the numbers of those that it does not hold any more. In a
-- young generation a claim that is not known may still be added again by its gateway.
operation('renew', function(q, worker, slots, profile, ...)
  worker_leaves(q, worker)
  slots = tonumber(slots)
  redis.call('HSET', key(q, 'workers'), worker, cmsgpack.pack({ slots = slots, profile = profile }))
  q.state.capacity = q.state.capacity + slots
  q.slots = math.min(math.max(q.state.capacity, 1), MOST_SLOTS)
  beat(q, 'worker:' .. worker, q.policy.lease)
  local lost, claims = {}, { ... }
  local young = q.now < plus(q.state.base, q.policy.lease)
  for i = 1, #claims, 2 do
    local id, fence = claims[i], tonumber(claims[i + 1])
    if held(q, id, fence) then
      redis.call('ZADD', key(q, 'leases'), plus(q.now, q.policy.lease), id)
    elseif not young or ticket(q, id) then
      table.insert(lost, id)
    end
  end
  return lost
end)

-- A worker or a gateway goes, and says so.
operation('leave', function(q, who)
  leave(q, who)
end)

-- The profiles of all workers.
operation('workers', function(q)
  local profiles = {}
  for _, packed in ipairs(redis.call('HVALS', key(q, 'workers'))) do
    table.insert(profiles, cmsgpack.unpack(packed).profile)
  end
  return profiles
end)

-- Calls waiting in the order of the classes, calls running, slots.
operation('line', function(q)
  local line = {}
  for class = 1, #CLASSES do
    table.insert(line, q.state.fresh[class] + q.state.begun[class])
  end
  local longest = 0
  for class = 1, #CLASSES do
    local id = first(q, { class })
    local t = id and ticket(q, id)
    longest = math.max(longest, t and minus(q.now, t.arrived) or 0)
  end
  local work = plus(q.state.total_work[EXPRESS], q.state.total_work[COMMON])
  for _, number in ipairs({ q.state.calls, q.slots, work, paid_load(q), longest }) do
    table.insert(line, number)
  end
  return line
end)

-- Where the waiting calls of a person stand, the oldest first: number, class, calls ahead, expected wait; again and again.
operation('standing', function(q, person)
  local standing = {}
  for _, id in ipairs(redis.call('ZRANGE', key(q, 'person:' .. person), 0, -1)) do
    local t = ticket(q, id)
    if t and t.phase ~= 'running' then
      local calls, wait = stands(q, id, t)
      for _, number in ipairs({ tonumber(id), t.class, calls, wait }) do
        table.insert(standing, number)
      end
    end
  end
  return standing
end)
