mod lines;
mod screen;
mod session;
mod transcript;
