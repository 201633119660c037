//! Dependencies between the packages of the workspace point one way only. This table is the law.

use super::repo::{Kind, Repo};

/// A package and the packages it may use.
type Arrows = &'static [(&'static str, &'static [&'static str])];

/// What each package may be built from.
const ALLOWED: Arrows = &[
    ("model", &[]),
    ("sched", &["model"]),
    ("netalloc", &["model", "sched"]),
    ("binapi", &[]),
    ("vpp-client", &["binapi"]),
    ("vpp-stats", &[]),
    ("vpp", &["model", "sched", "netalloc", "vpp-client", "vpp-stats", "binapi"]),
    ("linux", &["model", "sched", "netalloc"]),
    ("sim", &["binapi"]),
    ("northbound", &["model", "sched"]),
    ("agent", &["model", "sched", "netalloc", "vpp", "vpp-client", "linux", "northbound", "sim"]),
    ("agentctl", &["model"]),
    ("testkit", &["model", "sched", "binapi", "sim"]),
    ("binapi-gen", &[]),
    ("xtask", &["binapi-gen"]),
];

/// What the tests of a package may use besides.
const ALLOWED_IN_TESTS: Arrows = &[
    ("sim", &["vpp-client"]),
    ("vpp-client", &["sim"]),
    ("vpp-stats", &["binapi", "sim", "testkit"]),
    ("vpp", &["sim", "testkit"]),
    ("linux", &["testkit"]),
    ("agent", &["agentctl", "binapi", "testkit"]),
];

pub fn check(repo: &Repo) -> Vec<String> {
    let mut complaints = Vec::new();
    for (package, _) in repo.members() {
        let name = package.name.as_str();
        let Some(allowed) = row(ALLOWED, name) else {
            complaints
                .push(format!("package {name} is not in the table of xtask/src/tidy/arrows.rs; add its row"));
            continue;
        };
        for (dependency, kind) in &package.dependencies {
            if !repo.members().any(|(member, _)| member.name == *dependency) {
                continue;
            }
            let dependency = dependency.as_str();
            let in_tests = row(ALLOWED_IN_TESTS, name).unwrap_or_default();
            match kind {
                _ if allowed.contains(&dependency) => {}
                Kind::Dev if in_tests.contains(&dependency) => {}
                Kind::Dev => complaints.push(format!("the tests of {name} may not use {dependency}")),
                Kind::Normal | Kind::Build => complaints.push(format!(
                    "{name} may not depend on {dependency}: arrows go one way, see xtask/src/tidy/arrows.rs"
                )),
            }
        }
    }
    complaints
}

/// What the table says about a package.
fn row(table: Arrows, name: &str) -> Option<&'static [&'static str]> {
    table.iter().find(|(package, _)| *package == name).map(|(_, uses)| *uses)
}

#[cfg(test)]
mod tests {
    use super::super::repo::Package;
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Kind)]) -> Package {
        Package {
            name: name.to_string(),
            folder: Some(format!("crates/{name}")),
            dependencies: dependencies.iter().map(|(name, kind)| (name.to_string(), *kind)).collect(),
            ..Package::default()
        }
    }

    #[test]
    fn an_arrow_against_the_direction_is_a_complaint() {
        let packages = vec![
            package("model", &[("sched", Kind::Normal), ("serde", Kind::Normal)]),
            package("sched", &[("model", Kind::Normal)]),
            package("vpp", &[("sim", Kind::Dev), ("sim", Kind::Normal), ("agent", Kind::Dev)]),
            package("sim", &[]),
            package("agent", &[]),
            package("extra", &[]),
        ];
        let complaints = check(&Repo { packages, ..Repo::default() });
        assert_eq!(complaints.len(), 4, "{complaints:?}");
        assert!(complaints[0].starts_with("model may not depend on sched"), "{complaints:?}");
        assert!(complaints[1].starts_with("vpp may not depend on sim"), "{complaints:?}");
        assert_eq!(complaints[2], "the tests of vpp may not use agent");
        assert!(complaints[3].starts_with("package extra is not in the table"), "{complaints:?}");
    }

    #[test]
    fn the_table_itself_has_no_cycle() {
        // A package may only use packages that are settled already.
        let mut settled: Vec<&str> = Vec::new();
        while settled.len() < ALLOWED.len() {
            let next = ALLOWED.iter().find(|(name, uses)| {
                !settled.contains(name) && uses.iter().all(|used| settled.contains(used))
            });
            settled.push(next.expect("a cycle, or an unknown name").0);
        }
    }
}
