//! The composed form of a text (Unicode Normalization Form C, UAX #15) on the server.

use icu_normalizer::ComposingNormalizerBorrowed;

pub(super) fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}
