//! The labels of the fields of a wording.

use crate::texts::Texts;

pub fn field_label(texts: Texts, name: &str) -> String {
    texts.text(match name {
        "title" => "guarantees-field-title",
        "promise" => "guarantees-field-promise",
        "criteria" => "guarantees-field-criteria",
        "mark" => "guarantees-field-mark",
        "remedy" => "guarantees-field-remedy",
        "late_remedy" => "guarantees-field-late-remedy",
        "conditions" => "guarantees-field-conditions",
        "how_to_claim" => "guarantees-field-how-to-claim",
        "acknowledge_minutes" => "guarantees-field-acknowledge",
        "remedy_minutes" => "guarantees-field-remedy-minutes",
        _ => "guarantees-field-proof",
    })
}
