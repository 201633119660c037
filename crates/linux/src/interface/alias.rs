//! The alias of a link: where Linux keeps the logical name of an interface of ours, so that a restarted agent finds it
//! again. It has the form of the reference: a mark with the agent's name, the logical name, and of a pair the name of the
//! other end. Pure.

use super::kind::Kind;

/// What the reference leaves on a loopback that it gave up.
const UNCONFIGURED: &str = "unconfigured";

/// The longest alias that Linux keeps.
pub(super) const LONGEST: usize = 255;

/// The alias of an interface of ours; that of the end of a TAP has a slash and the name that VPP gave it after that.
pub(super) fn of(mark: &str, name: &str, kind: &Kind) -> String {
    match kind {
        Kind::Veth { peer } => format!("{mark}{name}/{peer}"),
        Kind::Tap { vpp } => format!("{mark}{name}/{vpp}"),
        Kind::Loopback | Kind::Dummy | Kind::Vrf { .. } | Kind::Existing => format!("{mark}{name}"),
    }
}

/// Is it this alias? That of the end of a TAP ends with the name that VPP gave it.
pub(super) fn is_of(found: &str, alias: &str, kind: &Kind) -> bool {
    match kind {
        Kind::Tap { .. } => found.rsplit_once('/').is_some_and(|(found, _)| found == alias),
        _ => found == alias,
    }
}

/// Is nobody's, as far as the alias tells.
pub(super) fn is_free(mark: &str, alias: &str) -> bool {
    matches!(alias.strip_prefix(mark).unwrap_or(alias), "" | UNCONFIGURED)
}

/// The logical name in an alias, and that of the other end if there is one (`other`). A name with a slash in it can only be read
/// by who knows it.
pub(super) fn read<'a>(mark: &str, alias: &'a str, other: bool) -> Option<(&'a str, Option<&'a str>)> {
    let rest = alias.strip_prefix(mark).filter(|rest| !rest.is_empty() && *rest != UNCONFIGURED)?;
    match other {
        true => rest.split_once('/').map(|(name, peer)| (name, Some(peer))),
        false => Some((rest, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MARK: &str = "/vnf-agent/vpp1/";

    #[test]
    fn aliases_are_those_of_the_reference() {
        let veth = Kind::Veth { peer: "b".into() };
        assert_eq!(of(MARK, "a", &veth), "/vnf-agent/vpp1/a/b");
        assert_eq!(of(MARK, "a", &Kind::Dummy), "/vnf-agent/vpp1/a");
        assert_eq!(read(MARK, "/vnf-agent/vpp1/a/b", true), Some(("a", Some("b"))));
        assert_eq!(read(MARK, "/vnf-agent/vpp1/a", false), Some(("a", None)));
        let tap = Kind::Tap { vpp: "t".into() };
        assert_eq!(of(MARK, "a", &tap), "/vnf-agent/vpp1/a/t");
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        for alias in ["", "uplink", "/vnf-agent/vpp2/a", "/vnf-agent/vpp1/", "/vnf-agent/vpp1/unconfigured"] {
            assert_eq!(read(MARK, alias, false), None, "{alias}");
        }
        assert_eq!(read(MARK, "/vnf-agent/vpp1/a", true), None);
        for (alias, free) in [
            ("", true),
            ("unconfigured", true),
            ("/vnf-agent/vpp1/unconfigured", true),
            ("uplink", false),
            ("/vnf-agent/vpp1/a", false),
        ] {
            assert_eq!(is_free(MARK, alias), free, "{alias}");
        }
    }

    proptest! {
        #[test]
        fn names_without_slashes_are_read_back(name in "[^/]{1,20}", peer in ".{1,20}") {
            let alias = of(MARK, &name, &Kind::Veth { peer: peer.clone() });
            let read = read(MARK, &alias, true);
            prop_assert_eq!(read, Some((&*name, Some(&*peer))));
        }
    }
}
