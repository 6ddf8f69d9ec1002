mod age;
mod answer;
mod cards;
mod crisis;
mod figures;
mod profanity;
