//! Finds the tables in a statement for which no business is named.

use std::collections::BTreeSet;

/// Keywords that can follow a table name. Anything else is an alias.
const AFTER_TABLE_NAME: [&str; 14] = [
    "CROSS",
    "DEFAULT",
    "GROUP",
    "INNER",
    "JOIN",
    "LEFT",
    "LIMIT",
    "ON",
    "ORDER",
    "RETURNING",
    "SELECT",
    "SET",
    "VALUES",
    "WHERE",
];

/// A statement, or a subquery in parentheses.
#[derive(Default)]
struct Query {
    /// The tables, each with its alias.
    tables: Vec<(String, String)>,
    /// The equations with a business: both sides.
    equal: Vec<(String, String)>,
    /// The table it inserts into, and whether the business is among the columns.
    inserts: Option<(String, bool)>,
}

/// The tables with rows of businesses for which a statement names no business.
pub fn tables_without_business(sql: &str, tenants: &BTreeSet<String>) -> Vec<String> {
    let (tokens, mut tables_without_business) = (tokens(sql), Vec::new());
    // An element for each open parenthesis, with its subquery, if it has one.
    let mut open = vec![Some(Query::default())];
    for (at, token) in tokens.iter().enumerate() {
        let word = |at: usize| tokens.get(at).map_or("", String::as_str);
        match token.as_str() {
            "(" => open.push((word(at + 1) == "SELECT").then(Query::default)),
            ")" if open.len() > 1 => {
                if let Some(Some(query)) = open.pop() {
                    tables_without_business.extend(query.tables_without_business(tenants));
                }
            }
            _ => {
                let Some(query) = open.iter_mut().rev().flatten().next() else { continue };
                if token == "UNION" || (token == "SELECT" && query.inserts.is_some()) {
                    tables_without_business.extend(std::mem::take(query).tables_without_business(tenants));
                }
                query.read_token(&tokens, at);
            }
        }
    }
    tables_without_business.extend(open.iter().flatten().flat_map(|query| query.tables_without_business(tenants)));
    tables_without_business
}

/// Both sides of an equation, as table names without columns, if one side is a business.
fn sides(left: &str, right: &str) -> Option<(String, String)> {
    let names = |side: &str| side == "business_id" || side.ends_with(".business_id");
    let of = |side: &str| {
        let column = ["business_id", "id"].iter().find_map(|column| side.strip_suffix(column));
        column.unwrap_or(side).trim_end_matches('.').to_owned()
    };
    (names(left) || names(right)).then(|| (of(left), of(right)))
}

impl Query {
    fn read_token(&mut self, tokens: &[String], at: usize) {
        let word = |at: usize| tokens.get(at).map_or("", String::as_str);
        let next = word(at + 1);
        match tokens[at].as_str() {
            "INTO" => {
                let mut columns = tokens[at..].iter().take_while(|token| *token != ")");
                self.inserts = Some((next.to_owned(), columns.any(|column| column == "business_id")));
            }
            "FROM" | "JOIN" | "UPDATE" if !matches!(next, "(" | "SET") => {
                let alias = if word(at + 2) == "AS" { word(at + 3) } else { word(at + 2) };
                let is_alias = alias.starts_with(char::is_alphabetic) && !AFTER_TABLE_NAME.contains(&alias);
                self.tables.push((next.to_owned(), if is_alias { alias } else { next }.to_owned()));
            }
            "=" if at > 0 => self.equal.extend(sides(word(at - 1), next)),
            _ => {}
        }
    }

    /// A table is bound if its business equals a parameter, or that of a bound table.
    fn tables_without_business(&self, tenants: &BTreeSet<String>) -> Vec<String> {
        let known = |table: &String| tenants.contains(table) || table == "businesses";
        let is_here = |name: &str| self.tables.iter().any(|(table, alias)| alias == name && known(table));
        let only = if let [(_, alias)] = &self.tables[..] { alias } else { "" };
        let name = |side: &'_ String| if side.is_empty() { only.to_owned() } else { side.clone() };
        let mut bound = BTreeSet::new();
        for _ in &self.equal {
            for (left, right) in self.equal.iter().map(|(left, right)| (name(left), name(right))) {
                for (one, other) in [(&left, &right), (&right, &left)] {
                    if bound.contains(other) || !(other.is_empty() || is_here(other)) {
                        bound.insert(one.clone());
                    }
                }
            }
        }
        let read = self.tables.iter().filter(|(_, alias)| !bound.contains(alias)).map(|(table, _)| table);
        let inserted = self.inserts.iter().filter(|(_, named)| !named).map(|(table, _)| table);
        read.chain(inserted).filter(|table| tenants.contains(*table)).cloned().collect()
    }
}

/// Names with their tables (`g.id`), placeholders and signs; texts and white space are left out.
fn tokens(sql: &str) -> Vec<String> {
    let (mut tokens, mut rest) = (Vec::new(), sql);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            _ if first.is_alphabetic() || matches!(first, '_' | '$') => rest[1..]
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')))
                .map_or(rest.len(), |end| end + 1),
            _ => first.len_utf8(),
        };
        if first != '\'' && !first.is_whitespace() {
            tokens.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    tokens
}
