//! Whose rows a statement means: for each table it names, whether it names the business too.

use std::collections::BTreeSet;

/// What may follow a table and is not another name for it.
const AFTER: [&str; 14] = [
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

/// One query: a statement, or a part of it in parentheses.
#[derive(Default)]
struct Query {
    /// The tables, each with the name it goes by here.
    tables: Vec<(String, String)>,
    /// Where a business is named: what stands on either side of the equals sign.
    equal: Vec<(String, String)>,
    /// The table it inserts into, and whether among its columns is the business.
    inserts: Option<(String, bool)>,
}

/// The tables with rows of businesses that a statement reads or writes without saying of which.
pub fn unbound(sql: &str, tenants: &BTreeSet<String>) -> Vec<String> {
    let (tokens, mut unbound) = (tokens(sql), Vec::new());
    // One for each parenthesis that is open, with the query that begins in it, if one does.
    let mut open = vec![Some(Query::default())];
    for (at, token) in tokens.iter().enumerate() {
        let word = |at: usize| tokens.get(at).map_or("", String::as_str);
        match token.as_str() {
            "(" => open.push((word(at + 1) == "SELECT").then(Query::default)),
            ")" if open.len() > 1 => {
                if let Some(Some(query)) = open.pop() {
                    unbound.extend(query.unbound(tenants));
                }
            }
            _ => {
                let Some(query) = open.iter_mut().rev().flatten().next() else { continue };
                if token == "UNION" || (token == "SELECT" && query.inserts.is_some()) {
                    unbound.extend(std::mem::take(query).unbound(tenants));
                }
                query.hear(&tokens, at);
            }
        }
    }
    unbound.extend(open.iter().flatten().flat_map(|query| query.unbound(tenants)));
    unbound
}

/// What stands on either side, if on one of them stands a business: the table's name, without its column.
fn sides(left: &str, right: &str) -> Option<(String, String)> {
    let names = |side: &str| side == "business_id" || side.ends_with(".business_id");
    let of = |side: &str| {
        let column = ["business_id", "id"].iter().find_map(|column| side.strip_suffix(column));
        column.unwrap_or(side).trim_end_matches('.').to_owned()
    };
    (names(left) || names(right)).then(|| (of(left), of(right)))
}

impl Query {
    fn hear(&mut self, tokens: &[String], at: usize) {
        let word = |at: usize| tokens.get(at).map_or("", String::as_str);
        let next = word(at + 1);
        match tokens[at].as_str() {
            "INTO" => {
                let mut columns = tokens[at..].iter().take_while(|token| *token != ")");
                self.inserts = Some((next.to_owned(), columns.any(|column| column == "business_id")));
            }
            "FROM" | "JOIN" | "UPDATE" if !matches!(next, "(" | "SET") => {
                let alias = if word(at + 2) == "AS" { word(at + 3) } else { word(at + 2) };
                let is_alias = alias.starts_with(char::is_alphabetic) && !AFTER.contains(&alias);
                self.tables.push((next.to_owned(), if is_alias { alias } else { next }.to_owned()));
            }
            "=" if at > 0 => self.equal.extend(sides(word(at - 1), next)),
            _ => {}
        }
    }

    /// Bound is a table whose business is said to be one that comes from outside, or that of a table which is bound.
    fn unbound(&self, tenants: &BTreeSet<String>) -> Vec<String> {
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
