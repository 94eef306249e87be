//! Closed sets, each written once: whatever lists one, in a form, in a schema or in a test, takes it from here.

/// Gives an enum its stable names, as stored, recorded and sent, and `ALL`: every variant in the order in which it is
/// offered. A variant left out does not compile.
macro_rules! closed_set {
    ($type:ident.$name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// Every one, in the order in which they are offered.
            pub const ALL: [Self; [$($word),+].len()] = [$(Self::$variant),+];

            /// The stable name, as stored, recorded and sent.
            #[must_use]
            pub fn $name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }
        }
    };
}

pub(crate) use closed_set;
