#!lua name=lovelm
-- The line of calls as functions of Redis: the policy of `state.rs`, operation by operation, over sorted sets.
--
-- Time and work are whole microseconds, shares and parts thousandths. A number here is a double: all of them stay below 2^53,
-- where every whole number is exact, and stop there. Numbers become text by `text` or `padded`, never by `..`, which rounds.

local MAX = 9007199254740991
local WHOLE = 1000
-- No answer takes longer than a day.
local LONGEST = 86400000000

local function text(number)
  return string.format('%.0f', number)
end

-- A ticket's number as the sets hold it: in the order of the alphabet and in that of the numbers at once.
local function padded(number)
  return string.format('%016.0f', number)
end

local function plus(a, b)
  return math.min(a + b, MAX)
end

local function minus(a, b)
  return math.max(a - b, 0)
end

-- a / b, rounded down; the `%` of Lua 5.1 rounds on the way.
local function divided(a, b)
  return (a - math.fmod(a, b)) / b
end

-- a * over / under, rounded down and exact: beyond 2^53 by long multiplication, some bits of `over` at a time. `under` may
-- have up to 49 bits.
local function scaled(a, over, under)
  under = math.max(under, 1)
  if a * over <= MAX then
    return divided(a * over, under)
  end
  local base = under < 2 ^ 44 and 256 or 16
  local digits = {}
  while over > 0 do
    table.insert(digits, math.fmod(over, base))
    over = divided(over, base)
  end
  local quotient, rest = 0, 0
  local whole, part = divided(a, under), math.fmod(a, under)
  for i = #digits, 1, -1 do
    local low = rest * base + part * digits[i]
    quotient = quotient * base + whole * digits[i] + divided(low, under)
    rest = math.fmod(low, under)
  end
  return math.min(quotient, MAX)
end

