mod delivery;
mod neutral;
mod polish;
mod split;
mod support;
