//! Post-processes the schemas: each document becomes one schema, and documents that clients send allow no further fields.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Where the named schemas are in the description.
const NAMED_SCHEMAS: &str = "/components/schemas";

pub fn finish(description: &mut Value) {
    let root = description.clone();
    merge_parts(&root, description);
    remove_closed_and_defaults(description);
    for name in request_schemas(description) {
        if let Some(schema) = description.pointer_mut(&name) {
            close(schema);
        }
    }
}

/// Merges each `allOf` into one schema: with `additionalProperties: false`, each part would refuse the fields of the others.
fn merge_parts(root: &Value, schema: &mut Value) {
    if let Some(merged) = merge_all_of(root, schema) {
        *schema = merged;
    }
    for_each_child(schema, &mut |inner| merge_parts(root, inner));
}

/// The `allOf` parts of a schema as one, if all of them describe objects.
fn merge_all_of(root: &Value, schema: &Value) -> Option<Value> {
    let mut merged = schema.as_object()?.clone();
    let mut parts = Vec::new();
    for part in merged.remove("allOf")?.as_array()? {
        let part = resolve(root, part);
        parts.push(merge_all_of(root, part).unwrap_or_else(|| part.clone()));
    }
    let (mut fields, mut required) = (Map::new(), BTreeSet::new());
    for part in &parts {
        fields.extend(part["properties"].as_object()?.clone());
        required.extend(part["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
    }
    merged.insert("type".to_owned(), "object".into());
    merged.insert("required".to_owned(), required.into_iter().collect());
    merged.insert("properties".to_owned(), fields.into());
    Some(merged.into())
}

fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().and_then(|to| root.pointer(to.trim_start_matches('#')));
    target.unwrap_or(schema)
}

/// Removes `additionalProperties: false`, because answers may get new fields, and the defaults that serde fills in for
/// required fields, because they would be refused.
fn remove_closed_and_defaults(schema: &mut Value) {
    if let Some(fields) = schema.as_object_mut() {
        fields.retain(|name, value| name != "default" && (name != "additionalProperties" || *value != false));
    }
    for_each_child(schema, &mut remove_closed_and_defaults);
}

/// Pointers to the schemas of request bodies and everything they refer to.
fn request_schemas(description: &Value) -> BTreeSet<String> {
    let operations = description["paths"].as_object().into_iter().flat_map(Map::values);
    let operations = operations.filter_map(Value::as_object).flat_map(Map::values);
    let mut sent = BTreeSet::new();
    let mut queue: Vec<_> = operations.flat_map(|operation| references(&operation["requestBody"])).collect();
    while let Some(name) = queue.pop() {
        if name.starts_with(NAMED_SCHEMAS) && !sent.contains(&name) {
            queue.extend(description.pointer(&name).map(references).unwrap_or_default());
            sent.insert(name);
        }
    }
    sent
}

fn references(schema: &Value) -> Vec<String> {
    let own = schema["$ref"].as_str().map(|to| to.trim_start_matches('#').to_owned());
    let inner: Vec<_> = match schema {
        Value::Object(fields) => fields.values().flat_map(references).collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    };
    own.into_iter().chain(inner).collect()
}

/// Allows no further fields in any object of this schema.
fn close(schema: &mut Value) {
    let is_document = schema["type"] == "object" && schema.get("additionalProperties").is_none();
    if let Some(fields) = schema.as_object_mut().filter(|_| is_document) {
        fields.insert("additionalProperties".to_owned(), false.into());
    }
    for_each_child(schema, &mut close);
}

fn for_each_child(schema: &mut Value, visit: &mut impl FnMut(&mut Value)) {
    match schema {
        Value::Object(fields) => {
            fields.iter_mut().filter(|(name, _)| *name != "example").for_each(|(_, value)| visit(value));
        }
        Value::Array(items) => items.iter_mut().for_each(visit),
        _ => {}
    }
}
