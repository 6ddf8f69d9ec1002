-- Who works and who asks: leases, heartbeats, and what the time asks for.

-- A claim is a lease: this worker has the call until then, under a number that no other claim ever has.
local function lease(q, id, t, worker, fence, turn)
  t.phase, t.since, t.turn, t.stop = 'running', q.now, turn, nil
  t.worker, t.fence = worker, fence
  start_running(q, id, t)
  redis.call('ZADD', key(q, 'leases'), plus(q.now, q.policy.lease), id)
  update(q, t.account, t.side, function(books)
    books.waiting = minus(books.waiting, 1)
    books.running = books.running + 1
  end)
  keep(q, id, t)
end

-- The running ticket, if this claim of it still holds.
local function held(q, id, fence)
  local t = ticket(q, id)
  return t and t.phase == 'running' and t.fence == fence and t or nil
end

-- The worker is gone or gives up: the call waits again, is charged nothing for that, and its gateway is told.
local function lose(q, id, t)
  tell(q, t.gateway, 'lost', id, text(t.fence))
  wait_again(q, id, t, 0, t.left)
end

local function worker_leaves(q, worker)
  local packed = redis.call('HGET', key(q, 'workers'), worker)
  if packed then
    q.state.capacity = minus(q.state.capacity, cmsgpack.unpack(packed).slots)
    redis.call('HDEL', key(q, 'workers'), worker)
    q.slots = math.min(math.max(q.state.capacity, 1), MOST_SLOTS)
  end
end

-- Nobody is left who could be told of these calls; what was paid comes back when their gateway does.
local function gateway_leaves(q, gateway)
  for _, id in ipairs(redis.call('SMEMBERS', key(q, 'of:' .. gateway))) do
    local t = ticket(q, id)
    if t and t.phase == 'running' then
      vacate(q, id, t, minus(q.now, t.since))
      remove(q, id, t, true)
    elseif t then
      take_out(q, id, t)
      remove(q, id, t, false)
    end
  end
  redis.call('DEL', key(q, 'events:' .. gateway))
end

-- `who` is `worker:ID` or `gateway:ID`. What nobody renews for a day is no longer kept. Gives 0 to who was not known.
local function beat(q, who, lasts)
  local new = redis.call('ZADD', key(q, 'beats'), plus(q.now, lasts), who)
  local lasting = { 'policy', 'tickets', 'ledgers', 'wakes', 'expiry', 'overdue', 'leases', 'cuttable', 'people', 'beats',
    'workers', 'bell' }
  for class = 1, #CLASSES do
    table.insert(lasting, 'fresh:' .. class)
    table.insert(lasting, 'begun:' .. class)
  end
  for _, name in ipairs(lasting) do
    redis.call('EXPIRE', key(q, name), DAY_SECONDS)
  end
  return 1 - new
end

local function leave(q, who)
  redis.call('ZREM', key(q, 'beats'), who)
  local role, id = who:match('^(%a+):(.*)$')
  if role == 'worker' then
    worker_leaves(q, id)
  else
    gateway_leaves(q, id)
  end
end

-- The first that is due in a set of moments: before now, or at it.
local function due(q, name, latest)
  return redis.call('ZRANGEBYSCORE', key(q, name), '-inf', latest, 'LIMIT', 0, 1)[1]
end

local function each_due(q, name, latest, act)
  local found = due(q, name, latest)
  while found do
    act(found)
    found = due(q, name, latest)
  end
end

local function tick(q)
  local now = text(q.now)
  each_due(q, 'expiry', '(' .. now, function(id)
    drop_waiting(q, id, ticket(q, id), 'expired')
  end)
  each_due(q, 'overdue', now, function(id)
    redis.call('ZREM', key(q, 'overdue'), id)
    stop(q, id, ticket(q, id), 'overdue')
  end)
  sweep(q)
  each_due(q, 'leases', now, function(id)
    lose(q, id, ticket(q, id))
  end)
  each_due(q, 'beats', now, function(who)
    leave(q, who)
  end)
end

