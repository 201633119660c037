//! `docs/generated/models.md`: every model with what this agent does about it, taken from the registry, the tables of VPP's
//! releases and `docs/features.md`. `cargo xtask gen` writes it; otherwise this test says whether it is current.
#![allow(clippy::unwrap_used)] // a test that panics has failed, as it should

use binapi::release::{RELEASES, table};
use linux::Linux;
use model::{MODELS, ModelSpec};
use sched::{DescriptorInfo, Registry};
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use vpp::Vpp;

const HEAD: &str = "\
# Models

Every model of the API, and what this agent does about it. Written by `cargo xtask gen`; do not edit it by hand.

- *descriptor*: who handles the values, and behind it who handles their parts.
- *needs*: VPP's messages, or of Linux the capabilities, without which values are `UNIMPLEMENTED`; those of parts and of types of
  interface included.
- *releases*: of VPP, with all plugins loaded. \"partly\" means that some part or type is missing there.
- *story*, *example*: what happens, step by step, and something to copy.

| model | keys | message | state | descriptor | needs | releases | story | example |
|---|---|---|---|---|---|---|---|---|
";

const TYPES: &str = "
## Variants

Sorts of values that need something of their own, such as the types of an interface. Where it is missing, there are the others.

| descriptor | variant | needs | releases |
|---|---|---|---|
";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Names and CRCs of all messages of each release.
fn offers() -> Vec<HashSet<&'static str>> {
    RELEASES.iter().map(|release| table(release).unwrap().iter().map(|(id, _)| *id).collect()).collect()
}

/// The descriptor of a model, and those of its parts.
fn handlers<'d>(spec: &ModelSpec, all: &'d [DescriptorInfo]) -> Vec<&'d DescriptorInfo> {
    let mut found: Vec<&DescriptorInfo> = all.iter().filter(|one| one.prefix == spec.prefix).collect();
    let mut at = 0;
    while let Some(whole) = found.get(at).map(|one| one.name) {
        found.extend(all.iter().filter(|one| one.derived && one.part_of == Some(whole)));
        at += 1;
    }
    found
}

/// Releases that have all of the calls, as ranges.
fn ranges(offers: &[HashSet<&str>], has: impl Fn(&HashSet<&str>) -> bool) -> Vec<String> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for at in (0..offers.len()).filter(|&at| has(&offers[at])) {
        match out.last_mut() {
            Some((_, end)) if *end + 1 == at => *end = at,
            _ => out.push((at, at)),
        }
    }
    let name = |(from, to): &(usize, usize)| match from == to {
        true => RELEASES[*from].to_owned(),
        false => format!("{}-{}", RELEASES[*from], RELEASES[*to]),
    };
    out.iter().map(name).collect()
}

fn releases(offers: &[HashSet<&str>], base: &[&str], all: &BTreeSet<&str>) -> String {
    let whole = |have: &HashSet<&str>| all.iter().all(|call| have.contains(call));
    let partly = |have: &HashSet<&str>| base.iter().all(|call| have.contains(call)) && !whole(have);
    let (whole, partly) = (ranges(offers, whole), ranges(offers, partly));
    let mut out = whole.join(", ");
    if !partly.is_empty() {
        let comma = if out.is_empty() { "" } else { "; " };
        let _ = write!(out, "{comma}partly {}", partly.join(", "));
    }
    if out.is_empty() { "none".to_owned() } else { out }
}

fn code<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn bare<'a>(calls: impl IntoIterator<Item = &'a &'static str>) -> BTreeSet<&'static str> {
    calls.into_iter().map(|call| call.rsplit_once('_').map_or(*call, |(name, _)| name)).collect()
}

/// Calls as people know them: VPP's without the number that tells its forms apart.
fn named(one: &DescriptorInfo, calls: &BTreeSet<&'static str>) -> BTreeSet<&'static str> {
    if one.southbound == "VPP" { bare(calls) } else { calls.clone() }
}

/// What only VPP has.
fn of_vpp(one: &DescriptorInfo, text: impl FnOnce() -> String) -> String {
    if one.southbound == "VPP" { text() } else { String::new() }
}

/// Links of one column of the rows of `docs/features.md` that belong to a model, as seen from `docs/generated`.
fn links(features: &str, model: &str, column: usize) -> String {
    let of_model = |cells: &Vec<&str>| cells.get(1).is_some_and(|cell| cell.contains(&format!("`{model}`")));
    let rows = features.lines().map(|line| line.split(" | ").collect::<Vec<_>>());
    let mut seen = BTreeSet::new();
    let cells = rows.filter(of_model).filter_map(|cells| cells.get(column).map(|cell| cell.to_string()));
    let cells: Vec<String> = cells.filter(|cell| seen.insert(cell.clone())).collect();
    cells.join(", ").replace("](../", "](../../")
}

fn generated(all: &[DescriptorInfo], features: &str) -> String {
    let offers = offers();
    let mut out = HEAD.to_owned();
    for spec in MODELS {
        let name = spec.name();
        let handlers = handlers(spec, all);
        let keys = format!("{}{}", spec.prefix, spec.key_pattern).replace('|', "\\|");
        let _ = write!(out, "| `{name}` | `{keys}` | `{}` | ", spec.proto_name);
        let Some(base) = handlers.first() else {
            let state =
                if spec.class == "config" { "`UNIMPLEMENTED`" } else { "read: `/metrics/govppmux.stats`" };
            let _ = writeln!(out, "{state} | | | | | |");
            continue;
        };
        let variants =
            |one: &&DescriptorInfo| one.variants.iter().flat_map(|variant| variant.uses.iter().copied());
        let calls = handlers.iter().flat_map(|one| one.uses.iter().copied().chain(variants(one)));
        let calls: BTreeSet<&'static str> = calls.collect();
        let _ = writeln!(
            out,
            "done | {} | {} | {} | {} | {} |",
            code(handlers.iter().map(|one| one.name)),
            code(named(base, &calls)),
            of_vpp(base, || releases(&offers, base.uses, &calls)),
            links(features, &name, 3),
            links(features, &name, 4),
        );
    }
    out += TYPES;
    for one in all {
        for variant in one.variants {
            let calls: BTreeSet<&'static str> = variant.uses.iter().copied().collect();
            let releases = of_vpp(one, || releases(&offers, variant.uses, &calls));
            let calls = code(named(one, &calls));
            let _ = writeln!(out, "| `{}` | {} | {calls} | {releases} |", one.name, variant.name);
        }
    }
    out
}

#[tokio::test]
async fn the_table_of_models_is_current() {
    let mut registry = Registry::default();
    netalloc::register(&mut registry).unwrap();
    linux::registry::register(&mut registry, &Linux::start(linux::Config::new("vpp1")).unwrap()).unwrap();
    let nowhere = Vpp::connect(vpp_client::Config::new("/no/such/socket"));
    vpp::registry::register(&mut registry, &nowhere, &vpp::registry::Settings::default()).unwrap();
    let features = std::fs::read_to_string(root().join("docs/features.md")).unwrap();
    let text = generated(&registry.descriptors(), &features);
    let path = root().join("docs/generated/models.md");
    if std::env::var_os("BLESS").is_some_and(|value| !value.is_empty()) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        return;
    }
    let current = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(current == text, "docs/generated/models.md is not current; run `cargo xtask gen`");
}

#[test]
fn releases_are_told_as_ranges() {
    let have = |list: &[&'static str]| list.iter().copied().collect::<HashSet<&str>>();
    let mut offers = vec![have(&["a", "b"]); RELEASES.len()];
    let all = BTreeSet::from(["a", "b"]);
    assert_eq!(releases(&offers, &["a"], &all), "23.06-26.06");
    offers[0] = have(&["a"]);
    offers[2] = have(&[]);
    assert_eq!(releases(&offers, &["a"], &all), "24.06, 25.06-26.06; partly 23.06");
    assert_eq!(releases(&offers, &["c"], &BTreeSet::from(["c"])), "none");
}
