-- Who had how much: virtual time for each account and side. See `ledger.rs`.

local function ledger_of(q, account)
  local packed = redis.call('HGET', key(q, 'ledgers'), account)
  return packed and cmsgpack.unpack(packed)
end

local function update(q, account, side, change)
  local s = q.state
  local books = ledger_of(q, account)
    or { finish = 0, share = 0, waiting = 0, running = 0, turned_until = 0, turned = false, counted = 0 }
  local counted, was_turned = books.counted, books.turned
  change(books)
  local turned = books.turned_until > q.now
  books.turned = turned
  books.counted = (books.waiting > 0 or turned) and books.share or 0
  s.crowd[side] = plus(minus(s.crowd[side], counted), books.counted)
  s.turned = s.turned + (turned and 1 or 0) - (was_turned and 1 or 0)
  local idle = books.waiting == 0 and books.running == 0
  local wake = turned and books.turned_until or (idle and books.finish) or nil
  if wake and wake > q.now then
    redis.call('ZADD', key(q, 'wakes'), wake, account)
  else
    redis.call('ZREM', key(q, 'wakes'), account)
  end
  if not turned and idle and books.finish <= q.now then
    redis.call('HDEL', key(q, 'ledgers'), account)
  else
    redis.call('HSET', key(q, 'ledgers'), account, cmsgpack.pack(books))
  end
end

-- When a call that comes now would start in its account's virtual time.
local function start_of(q, account)
  local books = ledger_of(q, account)
  return books and math.max(books.finish, q.now) or q.now
end

-- Charges a call that begins to wait; gives its start, and its factor as a fraction: what a second costs, the side having
-- `capacity`.
local function charge(q, account, side, share, est, arrival, capacity)
  local start, over
  local under = math.min(capacity * share, MAX)
  update(q, account, side, function(books)
    books.share = share
    books.waiting = books.waiting + 1
    local crowd = plus(minus(q.state.crowd[side], books.counted), share)
    over = math.min(math.max(crowd, capacity) * WHOLE, MAX)
    start = math.max(books.finish, arrival)
    books.finish = plus(start, scaled(est, over, under))
  end)
  return start, over, under
end

-- A call is over: what it was charged becomes what it used.
local function true_up(q, t, was_running)
  update(q, t.account, t.side, function(books)
    local open = was_running and 'running' or 'waiting'
    books[open] = minus(books[open], 1)
    books.finish = plus(books.finish, scaled(minus(t.used, t.charged), t.over, t.under))
    books.finish = minus(books.finish, scaled(minus(t.charged, t.used), t.over, t.under))
  end)
end

-- Somebody was sent away and counts as waiting for a while, unless very many do.
local function turn_away(q, account, side, class)
  local books = ledger_of(q, account)
  if q.state.turned >= q.policy.most_waiting * 4 and not (books and books.turned) then
    return
  end
  update(q, account, side, function(turned)
    turned.share = q.policy.share[class]
    turned.turned_until = plus(q.now, q.policy.turned_away)
  end)
end

local function sweep(q)
  while true do
    local due = redis.call('ZRANGEBYSCORE', key(q, 'wakes'), '-inf', text(q.now), 'LIMIT', 0, 1)[1]
    if not due then
      return
    end
    update(q, due, tonumber(due:sub(1, 1)), function() end)
  end
end

