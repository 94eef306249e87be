//! Which scripts may run on a page: those with its nonce, or none.

/// The nonce of this request for the Content-Security-Policy.
#[derive(Clone, Debug)]
pub struct Nonce(pub String);

/// Marks a response whose page runs no script at all.
#[derive(Clone, Copy, Debug)]
pub struct NoScript;
