//! How much is measured: everything, or a short form that only shows that every part works.

use std::sync::OnceLock;

static IS_SHORT: OnceLock<bool> = OnceLock::new();

/// Chooses the short form: little data, and no budgets. It can be chosen once, before anything is measured.
pub fn choose_short() {
    let _ = IS_SHORT.set(true);
}

pub fn is_short() -> bool {
    *IS_SHORT.get_or_init(|| false)
}

/// The value for the whole form, or that for the short one.
pub fn scaled<T>(whole: T, short: T) -> T {
    if is_short() { short } else { whole }
}
