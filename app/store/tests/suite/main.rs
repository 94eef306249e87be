//! What must hold of the store, told once for both databases.

#[macro_use]
mod world;
mod raw;
mod shop;

mod checks;
mod constraints;
mod corrections;
mod founding;
