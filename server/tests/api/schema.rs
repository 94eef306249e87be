//! A validator for the part of JSON Schema that the description uses.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;
use uuid::Uuid;

type Names = BTreeSet<String>;

/// Whether the value matches the schema, without unknown fields.
///
/// # Errors
/// Where it is not.
pub fn validate(root: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let described = described_fields(root, schema, value)?;
    let unknown =
        value.as_object().into_iter().flat_map(|fields| fields.keys()).find(|name| !described.contains(*name));
    unknown.map_or(Ok(()), |name| Err(format!("{name} is not described: {value}")))
}

/// The fields of this schema, which may be one of several for the value.
fn described_fields(root: &Value, schema: &Value, value: &Value) -> Result<Names, String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).ok_or_else(|| reference.to_owned())?;
        return described_fields(root, target, value);
    }
    let mut described = Names::new();
    for all in schema["allOf"].as_array().into_iter().flatten() {
        described.extend(described_fields(root, all, value)?);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let mut fitting = choices.iter().filter_map(|choice| described_fields(root, choice, value).ok());
        described.extend(fitting.next().ok_or_else(|| format!("none of the choices fits {value}"))?);
        if fitting.next().is_some() {
            return Err(format!("two of the choices fit {value}"));
        }
    }
    check_type(&schema["type"], value)?;
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        return Err(format!("{value} is none of {}", schema["enum"]));
    }
    check_format(schema["format"].as_str(), value)?;
    for item in value.as_array().filter(|_| schema["items"].is_object()).into_iter().flatten() {
        validate(root, &schema["items"], item)?;
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        value.get(name).ok_or_else(|| format!("{name} is missing: {value}"))?;
    }
    for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
        value.get(name).map_or(Ok(()), |value| validate(root, schema, value))?;
        described.insert(name.clone());
    }
    if schema.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false)) {
        described.extend(value.as_object().into_iter().flat_map(|fields| fields.keys().cloned()));
    }
    Ok(described)
}

fn check_type(types: &Value, value: &Value) -> Result<(), String> {
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let fits = match types {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("{value} is not of type {types}")) }
}

fn check_format(format: Option<&str>, value: &Value) -> Result<(), String> {
    let fits = match (format, value.as_str()) {
        (Some("uuid"), Some(text)) => text.parse::<Uuid>().is_ok(),
        (Some("date-time"), Some(text)) => DateTime::parse_from_rfc3339(text).is_ok(),
        _ => true,
    };
    if fits { Ok(()) } else { Err(format!("{value} is no {format:?}")) }
}

/// Whether every instant in a response is in UTC, with milliseconds.
pub fn instants_are_utc_with_milliseconds(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.values().all(instants_are_utc_with_milliseconds),
        Value::Array(items) => items.iter().all(instants_are_utc_with_milliseconds),
        Value::String(text) => {
            text.parse::<DateTime<Utc>>().map_or(true, |at| *text == at.to_rfc3339_opts(SecondsFormat::Millis, true))
        }
        _ => true,
    }
}
