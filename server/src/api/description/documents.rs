//! What the description says of documents: each as a whole, and of those that are sent, that nothing else may stand in them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Where the schemas stand that have names.
const NAMED: &str = "/components/schemas";

pub fn finish(description: &mut Value) {
    let parts = description.clone();
    whole(&parts, description);
    plain(description);
    for name in sent(description) {
        if let Some(schema) = description.pointer_mut(&name) {
            close(schema);
        }
    }
}

/// Makes one schema of several that describe parts of the same document: a closed part would refuse the others.
fn whole(parts: &Value, schema: &mut Value) {
    if let Some(merged) = merged(parts, schema) {
        *schema = merged;
    }
    each(schema, &mut |inner| whole(parts, inner));
}

/// All parts of a schema as one, if each of them says which fields there are.
fn merged(parts: &Value, schema: &Value) -> Option<Value> {
    let mut whole = schema.as_object()?.clone();
    let mut all = Vec::new();
    for part in whole.remove("allOf")?.as_array()? {
        let part = referred(parts, part);
        all.push(merged(parts, part).unwrap_or_else(|| part.clone()));
    }
    let (mut fields, mut required) = (Map::new(), BTreeSet::new());
    for part in &all {
        fields.extend(part["properties"].as_object()?.clone());
        required.extend(part["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
    }
    whole.insert("type".to_owned(), "object".into());
    whole.insert("required".to_owned(), required.into_iter().collect());
    whole.insert("properties".to_owned(), fields.into());
    Some(whole.into())
}

fn referred<'p>(parts: &'p Value, schema: &'p Value) -> &'p Value {
    let target = schema["$ref"].as_str().and_then(|to| parts.pointer(to.trim_start_matches('#')));
    target.unwrap_or(schema)
}

/// Leaves out that documents are closed, for those that are answered may get new fields; and what is filled in for a field
/// that is missing, only to be refused.
fn plain(schema: &mut Value) {
    if let Some(fields) = schema.as_object_mut() {
        fields.retain(|name, value| name != "default" && (name != "additionalProperties" || *value != false));
    }
    each(schema, &mut plain);
}

/// Where the schemas of documents stand that are sent to us: those of bodies, and all that they refer to.
fn sent(description: &Value) -> BTreeSet<String> {
    let operations = description["paths"].as_object().into_iter().flat_map(Map::values);
    let operations = operations.filter_map(Value::as_object).flat_map(Map::values);
    let mut sent = BTreeSet::new();
    let mut next: Vec<_> = operations.flat_map(|operation| references(&operation["requestBody"])).collect();
    while let Some(name) = next.pop() {
        if name.starts_with(NAMED) && !sent.contains(&name) {
            next.extend(description.pointer(&name).map(references).unwrap_or_default());
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

/// Says of each document that nothing else may stand in it.
fn close(schema: &mut Value) {
    let is_document = schema["type"] == "object" && schema.get("additionalProperties").is_none();
    if let Some(fields) = schema.as_object_mut().filter(|_| is_document) {
        fields.insert("additionalProperties".to_owned(), false.into());
    }
    each(schema, &mut close);
}

fn each(schema: &mut Value, act: &mut impl FnMut(&mut Value)) {
    match schema {
        Value::Object(fields) => {
            fields.iter_mut().filter(|(name, _)| *name != "example").for_each(|(_, value)| act(value));
        }
        Value::Array(items) => items.iter_mut().for_each(act),
        _ => {}
    }
}
