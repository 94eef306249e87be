//! The rules of Trialmark: pure values and decisions, the same code on the server and in the browser.

pub mod actor;
pub mod breaks;
pub mod business;
pub mod check;
pub mod deed;
pub mod device;
pub mod factor;
pub mod fault;
pub mod guarantee;
pub mod hours;
pub mod ids;
pub mod invite;
pub mod measure;
pub mod member;
pub mod money;
pub mod person;
pub mod pin;
pub mod place;
pub mod problem;
pub mod reach;
pub mod record;
pub mod recovery;
pub mod slug;
pub mod text;
pub mod token;
pub mod window;
