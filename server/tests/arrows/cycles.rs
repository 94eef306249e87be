//! Finds import cycles among the modules of a crate, in its source text.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::sources;

/// The path of a module. It is empty for the crate root.
type Module = Vec<String>;

/// The modules of a crate, their imports by name, and every path that starts with `crate`, `super` or
/// `self`.
#[derive(Default)]
pub struct Crate {
    modules: BTreeSet<Module>,
    imports: BTreeMap<(Module, String), Module>,
    paths: Vec<(Module, Module)>,
}

impl Crate {
    /// Reads every file below a crate's `src`.
    pub fn read(src: &Path) -> Self {
        let files = sources(src).into_iter().map(|file| {
            let place = file.strip_prefix(src).unwrap().with_extension("");
            let mut module: Module = place.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
            if module == ["lib"] || module == ["main"] {
                module.clear();
            }
            (module, fs::read_to_string(file).unwrap())
        });
        Self::of(files)
    }

    /// The same from the texts of modules.
    pub fn of(files: impl IntoIterator<Item = (Module, String)>) -> Self {
        let files: Vec<_> = files.into_iter().collect();
        let modules = files.iter().map(|(module, _)| module.clone()).collect();
        let mut read = Self { modules, ..Self::default() };
        for (module, text) in files {
            let tokens = text.parse::<TokenStream>().unwrap().into_iter().collect::<Vec<_>>();
            read.walk(&module, &tokens);
        }
        read
    }

    pub fn len(&self) -> usize {
        self.modules.len()
    }

    /// The shortest import cycle among sibling modules, with the imports that form it. A module
    /// and its submodules count as one.
    pub fn cycle(&self) -> Option<String> {
        let mut beside: BTreeMap<Module, BTreeMap<(String, String), String>> = BTreeMap::new();
        for (from, path) in &self.paths {
            let to = self.resolve(path, 8);
            let same = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
            if let (Some(one), Some(other)) = (from.get(same), to.get(same)) {
                let why = format!("{} names {}", from.join("::"), path.join("::"));
                let edges = beside.entry(from[..same].to_vec()).or_default();
                edges.entry((one.clone(), other.clone())).or_insert(why);
            }
        }
        let cycles = beside.values().filter_map(shortest_cycle);
        cycles.min_by_key(Vec::len).map(|ties| ties.join("; "))
    }

    fn walk(&mut self, module: &Module, tokens: &[TokenTree]) {
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(word) if word == "mod" => {
                    if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(body))) =
                        (tokens.get(at + 1), tokens.get(at + 2))
                    {
                        let inner = [&module[..], &[name.to_string()]].concat();
                        self.modules.insert(inner.clone());
                        self.walk(&inner, &body.stream().into_iter().collect::<Vec<_>>());
                        at += 2;
                    }
                }
                TokenTree::Ident(word) if word == "use" => {
                    let end = at + tokens[at..].iter().position(is_punct(';')).unwrap_or(tokens.len() - at);
                    let mut found = Vec::new();
                    self.collect_use_tree(module, &tokens[at + 1..end], None, &mut found);
                    for (name, path) in found {
                        self.imports.insert((module.clone(), name), path.clone());
                        self.paths.push((module.clone(), path));
                    }
                    at = end;
                }
                TokenTree::Ident(word)
                    if ["crate", "super", "self"].iter().any(|start| word == start)
                        && tokens.get(at + 1).is_some_and(is_punct(':')) =>
                {
                    let end = at + tokens[at..].iter().take_while(|token| is_path_token(token)).count();
                    let mut found = Vec::new();
                    self.collect_use_tree(module, &tokens[at..end], None, &mut found);
                    self.paths.extend(found.into_iter().map(|(_, path)| (module.clone(), path)));
                    at = end.max(at + 1) - 1;
                }
                TokenTree::Group(group) => self.walk(module, &group.stream().into_iter().collect::<Vec<_>>()),
                _ => {}
            }
            at += 1;
        }
    }

    /// Collects the names and paths of a `use` tree. `base` is the path before it, or None at the start.
    fn collect_use_tree(
        &self,
        module: &Module,
        tokens: &[TokenTree],
        base: Option<Module>,
        found: &mut Vec<(String, Module)>,
    ) {
        let mut base = base;
        let mut renamed = None;
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Ident(word) if word == "as" => {
                    renamed = tokens.get(at + 1).map(ToString::to_string);
                    break;
                }
                TokenTree::Ident(word) => {
                    let word = word.to_string();
                    base = match (word.as_str(), base) {
                        ("crate", None) => Some(Vec::new()),
                        ("self", None) => Some(module.clone()),
                        ("self", Some(base)) => Some(base),
                        ("super", base) => Some(parent(base.as_ref().unwrap_or(module))),
                        // A submodule can be named without `self`. Any other name belongs to another crate.
                        (_, None) if self.modules.contains(&[&module[..], std::slice::from_ref(&word)].concat()) => {
                            Some([&module[..], &[word]].concat())
                        }
                        (_, None) => return,
                        (_, Some(base)) => Some([base, vec![word]].concat()),
                    };
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    let parts: Vec<_> = group.stream().into_iter().collect();
                    for part in parts.split(is_punct(',')) {
                        self.collect_use_tree(module, part, base.clone(), found);
                    }
                    return;
                }
                _ => {}
            }
        }
        if let Some(path) = base {
            let name = renamed.or_else(|| path.last().cloned()).unwrap_or_default();
            found.push((name, path));
        }
    }

    /// The module that a path leads to, through re-exports.
    fn resolve(&self, path: &Module, steps: usize) -> Module {
        let mut module = Module::new();
        for (at, name) in path.iter().enumerate() {
            let inner = [&module[..], std::slice::from_ref(name)].concat();
            if self.modules.contains(&inner) {
                module = inner;
                continue;
            }
            return match self.imports.get(&(module.clone(), name.clone())) {
                Some(brought) if steps > 0 && *brought != inner => {
                    self.resolve(&[&brought[..], &path[at + 1..]].concat(), steps - 1)
                }
                _ => module,
            };
        }
        module
    }
}

fn parent(module: &Module) -> Module {
    module[..module.len().saturating_sub(1)].to_vec()
}

fn is_punct(sign: char) -> impl Fn(&TokenTree) -> bool {
    move |token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn is_path_token(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Ident(_)) || is_punct(':')(token)
}

/// The imports on the shortest path from a module back to itself.
fn shortest_cycle(edges: &BTreeMap<(String, String), String>) -> Option<Vec<String>> {
    let starts: BTreeSet<_> = edges.keys().map(|(from, _)| from).collect();
    let back = starts.into_iter().filter_map(|start| {
        let mut ways = VecDeque::from([vec![start]]);
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop_front() {
            for (from, to) in edges.keys().filter(|(from, _)| Some(&from) == way.last()) {
                if to == start {
                    let next = way.iter().skip(1).copied().chain([start]);
                    let ties = way.iter().zip(next).map(|(from, to)| &edges[&((*from).clone(), to.clone())]);
                    return Some(ties.cloned().collect::<Vec<_>>());
                }
                if seen.insert(to) {
                    let mut longer = way.clone();
                    debug_assert_eq!(Some(&from), longer.last());
                    longer.push(to);
                    ways.push_back(longer);
                }
            }
        }
        None
    });
    back.min_by_key(Vec::len)
}
