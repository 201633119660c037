//! How users name a network namespace.

use crate::prelude::*;
use model::proto::ligato::linux::namespace::NetNamespace;
use model::proto::ligato::linux::namespace::net_namespace::ReferenceType;
use std::path::{Path, PathBuf};

/// What a namespace is called.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// By a name, as `ip netns` does; it is made if it is not there.
    Name(String),
    /// That of a process.
    Pid(u32),
    /// That which a file stands for.
    Path(String),
    /// That of the container with this label.
    Microservice(String),
}

impl Reference {
    /// What the section says; `None` is the agent's own.
    pub fn of(section: Option<&NetNamespace>) -> Result<Option<Reference>, Invalid> {
        let Some(section) = section else { return Ok(None) };
        let text = section.reference.as_str();
        let given = || ensure(!text.is_empty(), "namespace.reference", "must be given");
        Ok(Some(match section.r#type() {
            ReferenceType::Undefined => {
                return Err(Invalid::new("namespace.type", "must be given: NSID, PID, FD or MICROSERVICE"));
            }
            ReferenceType::Nsid => {
                given()?;
                let good = !text.contains('/') && !matches!(text, "." | "..") && text.len() <= 255;
                ensure(good, "namespace.reference", "is not a name that a file can have")?;
                Reference::Name(text.to_owned())
            }
            ReferenceType::Pid => {
                let pid = text.parse().ok().filter(|&pid: &u32| pid > 0);
                Reference::Pid(pid.ok_or_else(|| {
                    Invalid::new("namespace.reference", format!("{text:?} is not the number of a process"))
                })?)
            }
            ReferenceType::Fd if text.is_empty() => return Ok(None),
            ReferenceType::Fd => {
                ensure(text.starts_with('/'), "namespace.reference", "must be a path that begins with /")?;
                Reference::Path(text.to_owned())
            }
            ReferenceType::Microservice => {
                given()?;
                Reference::Microservice(text.to_owned())
            }
        }))
    }
    /// The section that says this.
    pub fn section(&self) -> NetNamespace {
        let (kind, reference) = match self {
            Reference::Name(name) => (ReferenceType::Nsid, name.clone()),
            Reference::Pid(pid) => (ReferenceType::Pid, pid.to_string()),
            Reference::Path(path) => (ReferenceType::Fd, path.clone()),
            Reference::Microservice(label) => (ReferenceType::Microservice, label.clone()),
        };
        NetNamespace { r#type: kind.into(), reference }
    }
    /// The end of its key.
    pub fn name(&self) -> String {
        match self {
            Reference::Name(name) => format!("nsid/{name}"),
            Reference::Pid(pid) => format!("pid/{pid}"),
            Reference::Path(path) => format!("fd{path}"),
            Reference::Microservice(label) => format!("microservice/{label}"),
        }
    }
    /// The reference whose key ends so.
    pub fn named(name: &str) -> Option<Reference> {
        let (kind, rest) = name.split_once('/')?;
        match kind {
            "nsid" => Some(Reference::Name(rest.to_owned())),
            "pid" => rest.parse().ok().map(Reference::Pid),
            "fd" => Some(Reference::Path(format!("/{rest}"))),
            "microservice" => Some(Reference::Microservice(rest.to_owned())),
            _ => None,
        }
    }
    /// The file that stands for it. `names` is the directory of those that have names, `process` the one that runs in the
    /// container with a label.
    pub fn file(&self, names: &Path, process: impl Fn(&str) -> Option<u32>) -> Option<PathBuf> {
        let of_process = |pid: u32| PathBuf::from(format!("/proc/{pid}/ns/net"));
        match self {
            Reference::Name(name) => Some(names.join(name)),
            Reference::Pid(pid) => Some(of_process(*pid)),
            Reference::Path(path) => Some(PathBuf::from(path)),
            Reference::Microservice(label) => process(label).map(of_process),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(kind: ReferenceType, reference: &str) -> Result<Option<Reference>, String> {
        let section = NetNamespace { r#type: kind.into(), reference: reference.into() };
        Reference::of(Some(&section)).map_err(|invalid| invalid.to_string())
    }

    #[test]
    fn what_is_wrong_names_the_field() {
        for (kind, reference, wrong) in [
            (ReferenceType::Undefined, "x", "namespace.type: must be given"),
            (ReferenceType::Nsid, "", "namespace.reference: must be given"),
            (ReferenceType::Nsid, "a/b", "namespace.reference: is not a name"),
            (ReferenceType::Nsid, "..", "namespace.reference: is not a name"),
            (ReferenceType::Pid, "0", "namespace.reference: \"0\" is not the number of a process"),
            (ReferenceType::Pid, "-1", "namespace.reference: \"-1\" is not"),
            (ReferenceType::Fd, "a", "namespace.reference: must be a path"),
            (ReferenceType::Microservice, "", "namespace.reference: must be given"),
        ] {
            let error = of(kind, reference).unwrap_err();
            assert!(error.starts_with(wrong), "{error:?} is not {wrong:?}");
        }
        assert_eq!(of(ReferenceType::Fd, ""), Ok(None));
        assert_eq!(Reference::of(None), Ok(None));
    }

    #[test]
    fn references_are_found_again_by_their_keys() {
        for (kind, text, name) in [
            (ReferenceType::Nsid, "red", "nsid/red"),
            (ReferenceType::Pid, "4711", "pid/4711"),
            (ReferenceType::Fd, "/run/a/b", "fd/run/a/b"),
            (ReferenceType::Microservice, "a/b", "microservice/a/b"),
        ] {
            let reference = of(kind, text).unwrap().unwrap();
            assert_eq!(reference.name(), name);
            assert_eq!(Reference::named(name), Some(reference.clone()));
            assert_eq!(Reference::of(Some(&reference.section())), Ok(Some(reference)));
        }
        assert_eq!(Reference::named("pid/x"), None);
        assert_eq!(Reference::named(""), None);
    }
}
