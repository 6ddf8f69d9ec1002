mod adapt;
mod breaker;
mod gauges;
mod pool;
mod scripted;
mod state;
